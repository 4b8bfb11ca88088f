"""create_app: the only place where the parts are put together."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask
from flask import Flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import failures, models
from webapp.accounts import access
from webapp.api import register as register_api
from webapp.core import logs, queue, web
from webapp.core.config import ROOT, Config, load_config
from webapp.core.db import db
from webapp.core.dialect import written_json
from webapp.core.escaping import LeanEnvironment
from webapp.core.limits import limiter
from webapp.core.sessions import Sessions
from webapp.core.valkey import embedded_valkey_url
from webapp.pages import links, presentation
from webapp.pages import register as register_pages
from webapp.webhooks import register as register_webhooks

csrf = CSRFProtect()


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
    app.jinja_environment = LeanEnvironment
    app.session_interface = Sessions()
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
    failures.init_app(app)
    presentation.init_app(app)
    register_pages(app)
    csrf_exempt = [*register_api(app), *register_webhooks(app), links.blueprint]
    for blueprint in csrf_exempt:
        csrf.exempt(blueprint)
    return app


def _settings(config: Config) -> dict[str, Any]:
    secure = config.public_url.startswith("https://")
    engine: dict[str, Any] = {"json_serializer": written_json}
    if config.database_url.startswith("postgresql"):
        engine |= {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True}
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine,
        "SESSION_COOKIE_NAME": "heed",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "PERMANENT_SESSION_LIFETIME": 30 * 24 * 3600,
        "SESSION_REFRESH_EACH_REQUEST": False,  # once a day, see accounts.access
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
    manager.user_loader(access.signed_in)
