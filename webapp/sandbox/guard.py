"""Who may talk to the sandbox: browsers on this machine, and no other site through them."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(host: str) -> bool:
    """Say whether a host name or address means this machine alone."""
    host = host.strip("[]")
    return host in LOOPBACK or host.startswith("127.")


def protect(app: Flask, *, public: bool) -> None:
    """Add the checks to an app. `public`: it is meant to be reached under any name."""

    @app.before_request
    def check() -> None:
        """Refuse what a foreign site may make a browser send: there is no sign-in to ask for."""
        own = urlsplit(f"//{request.host}")
        if not public and not is_loopback(own.hostname or ""):
            abort(403, "This sandbox answers to this machine's own names only.")
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != request.host:
            abort(403, "This request comes from another site.")

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"  # else a form sends Origin: null
        if request.endpoint not in ("static", "vendor"):
            response.headers["Cache-Control"] = "no-store"
        return response
