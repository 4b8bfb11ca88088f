"""How an error is answered: JSON under /api/, a page or a fragment elsewhere."""

from __future__ import annotations

import structlog
from flask import Flask, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from webapp.accounts.access import SignInNeeded, principal
from webapp.api.problems import problem
from webapp.core import web
from webapp.core.db import db
from webapp.core.errors import HeedError

log = structlog.get_logger(__name__)

# Without a session these are where one begins: there a stale form is only reloaded.
SIGN_IN = ("accounts.sign_in", "accounts.enter")


def init_app(app: Flask) -> None:
    """Answer every error as the caller reads it: JSON under /api/, a page or fragment elsewhere."""

    @app.errorhandler(SignInNeeded)
    def _sign_in_needed(_error: SignInNeeded) -> ResponseReturnValue:
        if _is_api():
            return problem(401, "unauthenticated", "Send Authorization: Bearer with an API token.")
        target = url_for(
            "accounts.sign_in", next=request.full_path if request.method == "GET" else None
        )
        if request.htmx:  # type: ignore[attr-defined]
            # A redirect would put the sign-in page inside the fragment.
            return make_response("", 401, {"HX-Redirect": url_for("accounts.sign_in")})
        return web.see_other(target)

    @app.errorhandler(HeedError)
    def _ours(error: HeedError) -> ResponseReturnValue:
        db.session.rollback()
        if _is_api():
            return problem(error.status, error.kind, error.message, field=error.field)
        return _error_page(error.status, error.message)

    @app.errorhandler(CSRFError)
    def _stale_form(_error: CSRFError) -> ResponseReturnValue:
        if principal() is None and request.endpoint not in SIGN_IN:
            return _sign_in_needed(SignInNeeded())
        return _error_page(400, "This page was open for long. Reload it and try again.")

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if _is_api():
            response = make_response(
                problem(
                    status,
                    (error.name or "error").lower().replace(" ", "-"),
                    error.description or "",
                )
            )
        else:
            response = make_response(_error_page(status, error.description or ""))
        response.headers.extend(
            [(name, value) for name, value in error.get_headers() if name.lower() == "allow"]
        )
        return response

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> ResponseReturnValue:
        db.session.rollback()
        log.exception("request.failed", path=request.path)
        if app.testing or app.debug:
            raise error
        if _is_api():
            return problem(500, "internal", "Something went wrong here; it was logged.")
        return _error_page(500, "Something went wrong here; it was logged.")


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _error_page(status: int, message: str) -> ResponseReturnValue:
    template = "errors/fragment.html" if web.wants_fragment() else "errors/page.html"
    return render_template(template, status=status, message=message), status
