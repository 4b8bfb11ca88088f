"""What every door of the web needs: page or fragment, ids, headers, redirects."""

from __future__ import annotations

import hashlib
import os
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from webapp.core.config import ROOT

STATIC = ROOT / "static"
# Eighteen digits: no number of a table comes near, and a database's 64 bits hold them all.
LARGEST_ID = 10**18 - 1
# A browser drops control characters and reads a backslash as a slash (WHATWG URL, 4.4): what seems
# to be a path of this site could be another site's address.
NOT_OF_A_PATH = re.compile(r"[\x00-\x1f\x7f\\]")
_ID = re.compile(r"[1-9][0-9]{0,17}")

# No inline script or style anywhere; Tabler's icons in CSS are data: images.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def read_id(text: str) -> int | None:
    """Read an id, 1 to `LARGEST_ID`, as a form or an address sends it; None for anything else."""
    return int(text) if _ID.fullmatch(text) else None


class IdConverter(BaseConverter):
    """The `<id:...>` of a route; what is no id is not found, before a database is asked."""

    regex = _ID.pattern

    def to_python(self, value: str) -> int:
        """Read the id."""
        return int(value)


def page_or_fragment(page: str, fragment: str, **context: Any) -> Response:
    """Render the fragment for htmx and the whole page otherwise; the page includes the fragment."""
    response = make_response(render_template(fragment if wants_fragment() else page, **context))
    response.vary.add("HX-Request")
    response.cache_control.no_store = True
    return response


def wants_fragment() -> bool:
    """Tell whether htmx asks for a part, not for a page to replace the whole."""
    return bool(request.htmx) and request.headers.get("HX-Request-Type") != "full"  # type: ignore[attr-defined]


def see_other(target: str) -> ResponseReturnValue:
    """Redirect after a POST."""
    return redirect(target, code=303)


def local_path(target: str | None, fallback: str) -> str:
    """Give a `next` address only if it stays on this site (no open redirect)."""
    target = target or ""
    ours = target.startswith("/") and not target.startswith("//")
    return target if ours and not NOT_OF_A_PATH.search(target) else fallback


@cache
def _content_hash(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def address_of(endpoint: str, **values: Any) -> str:
    """Give an address on this site, as `url_for` does; one without values is built once.

    A page names some thirty, which is a tenth of its time.
    """
    if values or endpoint.startswith("."):
        return url_for(endpoint, **values)
    return _address_of(endpoint, request.script_root)


@lru_cache(maxsize=1000)
def _address_of(endpoint: str, _root: str) -> str:
    return url_for(endpoint)


def static_url(name: str) -> str:
    """Give the address of a static file with its content's hash, so it may be kept for ever."""
    return _static_url(name, request.script_root, os.stat(f"{STATIC}/{name}").st_mtime_ns)


@lru_cache(maxsize=1000)
def _static_url(name: str, _root: str, changed: int) -> str:
    """Build it once for where the app is mounted: a page names a dozen files."""
    return url_for("static", filename=name, v=_content_hash(STATIC / name, changed))


def init_app(app: Flask) -> None:
    """Set the headers of every answer, how templates name addresses, and how routes name ids."""
    app.url_map.converters["id"] = IdConverter
    app.jinja_env.globals.update(static_url=static_url, url_for=address_of)

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Referrer-Policy", "same-origin")
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if request.endpoint == "static" and "v" in request.args:
            response.cache_control.max_age = 31_536_000
            response.cache_control.immutable = True
        elif request.endpoint != "static":
            response.cache_control.no_store = True
        return response
