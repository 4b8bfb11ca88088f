"""Requests through a WSGI app without sockets: what is timed is the server's part alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from tests.visitor import HTMX, Visitor
from webapp.demo import SIGN_INS

COOKIE = "heed"


@dataclass(frozen=True)
class Answer:
    """What a server said: status, headers, the whole body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True)
class Browser:
    """Somebody in front of an app: nobody, or signed in by a cookie, with the token of its forms."""

    app: Flask
    cookie: str = ""
    token: str = ""

    def ready(
        self,
        path: str,
        *,
        htmx: bool = False,
        form: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Callable[[], Answer]:
        """Build a request; gives what sends it. A form is posted with its token, a body as JSON."""
        data: Any = body if form is None else {"csrf_token": self.token, **form}
        sent = Headers({**(HTMX if htmx else {}), **(headers or {})})
        builder = EnvironBuilder(
            path,
            method="GET" if data is None else "POST",
            data=data,
            content_type="application/json" if body is not None else None,
            headers=sent,
        )
        environ = builder.get_environ()
        environ["REMOTE_ADDR"] = "127.0.0.1"
        if self.cookie:
            environ["HTTP_COOKIE"] = f"{COOKIE}={self.cookie}"
        return partial(_send, self.app, environ)

    def get(self, path: str, *, htmx: bool = False) -> Answer:
        """Fetch a page that must be there."""
        answer = self.ready(path, htmx=htmx)()
        expect(answer)
        return answer


def nobody(app: Flask) -> Browser:
    """Give somebody without a sign-in."""
    return Browser(app)


@cache
def signed_in(app: Flask) -> Browser:
    """Give the demo's marketer, who signed in by the form, once."""
    _, email, password = next(entry for entry in SIGN_INS if entry[0] == "marketer")
    visitor = Visitor(app)
    answer = visitor.sign_in(email, password)
    assert answer.status_code == 303, f"{email} cannot sign in: {answer.status}"
    cookie = visitor.client.get_cookie(COOKIE)
    assert cookie is not None
    return Browser(app, cookie.value, visitor.token)


def expect(answer: Answer, status: int = 200) -> None:
    """Raise AssertionError for another status."""
    assert answer.status == status, f"{answer.status}: {answer.text[-2000:]}"


def _send(app: Flask, environ: dict[str, Any]) -> Answer:
    """Call the app as a server does, and read all that it answers."""
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        started[:] = [status, headers]
        return lambda _data: None

    chunks = app(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    return Answer(int(started[0].split()[0]), dict(started[1]), body)
