"""create_app: the only place where the parts are put together."""

from __future__ import annotations

from typing import Any

import structlog
from apiflask import APIFlask
from flask import Flask, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from htmx_flask import Htmx
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import models
from webapp.accounts import service as accounts
from webapp.accounts.access import SignInNeeded, principal
from webapp.api import register as register_api
from webapp.api.problems import problem
from webapp.core import logs, queue, web
from webapp.core.config import ROOT, Config, load_config
from webapp.core.db import db
from webapp.core.errors import HeedError
from webapp.core.limits import limiter
from webapp.core.valkey import embedded_valkey_url
from webapp.pages import presentation
from webapp.pages import register as register_pages
from webapp.webhooks import register as register_webhooks

log = structlog.get_logger(__name__)
csrf = CSRFProtect()

# Without a session these are where one begins: there a stale form is only reloaded.
SIGN_IN = ("accounts.sign_in", "accounts.enter")


def create_app(config: Config | None = None) -> Flask:
    """Build the app for this configuration (by default the environment's).

    Effects: none on the database; connections open on first use.
    """
    config = config or load_config()
    logs.configure()
    app = APIFlask(
        "webapp",
        title="Heed",
        version="1",
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.extensions["heed"] = config
    app.extensions["heed_models"] = models
    app.config.update(_settings(config))
    if config.trusted_proxies:
        n = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, n, n, n, n)  # type: ignore[method-assign]
    db.init_app(app)
    queue.init_app(app, config.redis_url or embedded_valkey_url(config))
    Htmx(app)
    csrf.init_app(app)
    limiter.init_app(app)
    web.init_app(app)
    _sign_in(app)
    _errors(app)
    presentation.init_app(app)
    register_pages(app)
    csrf_exempt = [*register_api(app), *register_webhooks(app)]
    for blueprint in csrf_exempt:
        csrf.exempt(blueprint)
    return app


def _settings(config: Config) -> dict[str, Any]:
    secure = config.public_url.startswith("https://")
    engine: dict[str, Any] = {}
    if config.database_url.startswith("postgresql"):
        engine = {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True}
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine,
        "SESSION_COOKIE_NAME": "heed",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "PERMANENT_SESSION_LIFETIME": 30 * 24 * 3600,
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "OPENAPI_VERSION": "3.1.0",
        "RATELIMIT_STORAGE_URI": _limits_storage(config.redis_url or embedded_valkey_url(config)),
    }


def _limits_storage(redis_url: str) -> str:
    """Spell a Redis address as the limits library does."""
    return redis_url.replace("unix://", "redis+unix://", 1)


def _sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(accounts.session_user)


def _errors(app: Flask) -> None:
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
