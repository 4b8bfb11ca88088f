"""Putting the sandbox together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, Response, send_from_directory
from flask.json.provider import DefaultJSONProvider

from webapp.core.config import ROOT, Config
from webapp.sandbox import control, graph, mail_pages, pages, twilio
from webapp.sandbox.guard import protect
from webapp.sandbox.state import Sandbox

VENDOR = ROOT / "static" / "vendor"
LARGEST_REQUEST = 1024 * 1024


class _Json(DefaultJSONProvider):
    """Writes times as Heed's API does, RFC 3339; Flask's way cuts them to seconds."""

    @staticmethod
    def default(value: Any) -> Any:
        """Write what JSON has no form for."""
        if isinstance(value, datetime):
            return value.isoformat()
        return DefaultJSONProvider.default(value)


def create_sandbox(config: Config) -> Flask:
    """Build the sandbox's app.

    Effects: makes `sandbox.sqlite` in the data folder. Webhooks are delivered once
    `app.extensions["sandbox"].deliveries.start()` was called, which `serve` does.
    """
    app = Flask(__name__)
    app.json = _Json(app)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.extensions["sandbox"] = Sandbox.from_config(config)
    protect(app, public=config.sandbox_public)
    app.register_blueprint(control.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(mail_pages.blueprint)
    app.register_blueprint(twilio.blueprint)
    app.register_blueprint(graph.blueprint)
    app.add_url_rule("/healthz", "healthz", _healthy)
    app.add_url_rule("/vendor/<path:name>", "vendor", _vendor)
    app.context_processor(_has_htmx)
    return app


def _healthy() -> tuple[dict[str, str], int]:
    return {"status": "ok"}, 200


def _vendor(name: str) -> Response:
    """Serve Heed's own copy of htmx."""
    return send_from_directory(VENDOR, name)


def _has_htmx() -> dict[str, Any]:
    return {"htmx": (VENDOR / "htmx.min.js").is_file()}
