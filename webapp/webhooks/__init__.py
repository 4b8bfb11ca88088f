"""Thin doors for providers: verify, store, process, answer."""

from __future__ import annotations

from flask import Blueprint, Flask

from webapp.webhooks import whatsapp


def register(app: Flask) -> list[Blueprint]:
    """Add the providers' blueprints; they prove themselves by signature, not by a CSRF token."""
    app.register_blueprint(whatsapp.blueprint)
    return [whatsapp.blueprint]
