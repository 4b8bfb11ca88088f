"""Heed's doors from outside: the page's toggle, the API, WhatsApp's webhook; when each answered."""

from __future__ import annotations

import enum
import http.client
import io
import json
import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode
from uuid import uuid4

from tests.fault.arrival import receive, stamp
from tests.fault.callbacks import envelope, signed
from tests.visitor import HTMX, TOKEN
from webapp.core import clock

TIMEOUT = 40.0
PAUSE = 0.2  # seconds between two tries
EVIDENCE = {"how": "web form", "where": "checkout", "wording": "Send me offers"}
RECORD = {"how": "In person", "where": "The shop", "wording": "Yes, send me offers.", "when": ""}


class Door(enum.StrEnum):
    """Through what a wish comes."""

    TOGGLE = "toggle"
    API = "api"
    WEBHOOK = "webhook"


@dataclass(frozen=True)
class Person:
    """A contact with a number."""

    id: int
    number: str
    key: bytes


@dataclass(frozen=True)
class Reply:
    """An answer; `sent` is before its request, `answered` when its first byte came."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    sent: float
    answered: float

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class Unanswered(Exception):
    """A request got no whole answer."""


class _Bytes(io.BytesIO):
    """An answer as http.client reads it."""

    def makefile(self, *_args: object) -> io.BytesIO:
        return self


def ask(
    port: int, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Reply:
    """Send one request on a connection of its own. Raises Unanswered."""
    lines = {"Host": f"127.0.0.1:{port}", "Connection": "close", "Content-Length": str(len(body))}
    told = "".join(f"{name}: {value}\r\n" for name, value in {**lines, **(headers or {})}.items())
    said, answered = b"", 0.0
    sent = clock.elapsed()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as sock:
            stamp(sock)
            sock.sendall(f"{method} {path} HTTP/1.1\r\n{told}\r\n".encode() + body)
            while True:
                data, at = receive(sock)
                if not data:
                    break
                answered = answered or at
                said += data
        response = http.client.HTTPResponse(cast(socket.socket, _Bytes(said)), method=method)
        response.begin()
        return Reply(response.status, response.headers, response.read(), sent, answered)
    except (OSError, http.client.HTTPException) as error:
        raise Unanswered(f"{method} {path}: {error}") from None


@dataclass(frozen=True)
class Said:
    """A wish that was acknowledged: when its first request was sent, when the answer came."""

    sent: float
    acknowledged: float
    tries: int


class Doors:
    """Somebody who says people's wishes through all doors, again and again until acknowledged.

    `refused` counts what was said instead of an acknowledgement; `closed` ends all trying.
    """

    def __init__(self, port: int, token: str, secret: str, number_id: str) -> None:
        self.port = port
        self.api = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.secret = secret
        self.number_id = number_id
        self.cookie = ""
        self.form = ""
        self.closed = False
        self.refused: Counter[str] = Counter()

    def sign_in(self, email: str, password: str) -> None:
        """Sign in at the page, once for all toggles."""
        first = self._page("GET", "/login")
        self._keep(first)
        done = self._page("POST", "/login", {"email": email, "password": password})
        assert done.status == 303, done.body[-500:]
        self._keep(done)
        self._keep(self._page("GET", "/account/password"))

    def opt_out(self, person: Person, door: Door, *, patience: float) -> Said:
        """Opt somebody out; gives when it was acknowledged. Raises AssertionError after `patience`."""
        match door:
            case Door.TOGGLE:
                path = f"/contacts/{person.id}/consents/whatsapp/opt-out"
                return self._insist(
                    lambda: self._page("POST", path, {"state": "opted_out"}, htmx=True), patience
                )
            case Door.API:
                return self._insist(lambda: self._consent(person, "opted_out"), patience)
            case Door.WEBHOOK:
                return self._hear(person, "STOP", patience)

    def opt_in(self, person: Person, door: Door, *, patience: float) -> Said:
        """Opt somebody in again, and see that they are."""
        match door:
            case Door.TOGGLE:
                path = f"/contacts/{person.id}/consents/whatsapp/opt-in"
                said = self._insist(lambda: self._page("POST", path, RECORD, htmx=True), patience)
            case Door.API:
                said = self._insist(
                    lambda: self._consent(person, "opted_in", evidence=EVIDENCE), patience
                )
            case Door.WEBHOOK:
                said = self._hear(person, "START", patience)
        return said

    def send(self, person: Person, text: str, at: str | None) -> Reply:
        """Write a message by API, now or later."""
        body = {"channel": "whatsapp", "contact_id": person.id, "text": text}
        later = {"send_at": at} if at else {}
        sent = json.dumps({**body, **later}).encode()
        return ask(self.port, "POST", "/api/v1/messages", self.api, sent)

    def _consent(self, person: Person, state: str, **more: Any) -> Reply:
        wish = {"channel": "whatsapp", "address": person.number, "state": state, **more}
        return ask(self.port, "PUT", "/api/v1/consents", self.api, json.dumps(wish).encode())

    def _hear(self, person: Person, text: str, patience: float) -> Said:
        """Bring what a person wrote, the very same body at each try, as Meta does."""
        number = person.number.removeprefix("+")
        message: dict[str, Any] = {"from": number, "id": f"wamid.in.{uuid4().hex}", "type": "text"}
        message |= {"timestamp": str(int(time.time())), "text": {"body": text}}
        who = [{"profile": {"name": "Ann"}, "wa_id": number}]
        body = envelope(self.number_id, contacts=who, messages=[message])
        headers = signed(self.secret, body)
        return self._insist(
            lambda: ask(self.port, "POST", "/webhooks/whatsapp", headers, body), patience
        )

    def _insist(self, work: Callable[[], Reply], patience: float) -> Said:
        begun, tries, said = clock.elapsed(), 0, ""
        while clock.elapsed() < begun + patience and not self.closed:
            tries += 1
            try:
                reply = work()
            except Unanswered as error:
                said = str(error)
            else:
                if reply.status in (200, 204, 303):
                    return Said(begun, reply.answered, tries)
                said = f"{reply.status} {reply.body[-300:]!r}"
                assert reply.status >= 500, f"a wish was refused: {said}"
            self.refused[said[:80]] += 1
            time.sleep(PAUSE)
        raise AssertionError(f"not acknowledged after {tries} tries: {said}")

    def _page(
        self, method: str, path: str, form: Mapping[str, str] | None = None, *, htmx: bool = False
    ) -> Reply:
        headers = {"Cookie": self.cookie, **(HTMX if htmx else {})}
        body = b""
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({"csrf_token": self.form, **form}).encode()
        return ask(self.port, method, path, headers, body)

    def _keep(self, reply: Reply) -> None:
        """Keep the cookie of a session and the token of its forms."""
        if found := re.search(r"heed=[^;]+", reply.headers.get("Set-Cookie", "")):
            self.cookie = found[0]
        if token := TOKEN.search(reply.body.decode(errors="replace")):
            self.form = token[1]
