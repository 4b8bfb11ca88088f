"""Thin doors for integrators: one module a resource under /api/v1."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from apiflask import APIBlueprint, APIFlask
from flask import Blueprint, Flask

from webapp.accounts.access import open_to_all
from webapp.api import problems, spec
from webapp.api.bodies import check_input
from webapp.api.tokens import authenticate

MODULES = (
    "contacts",
    "consents",
    "consents_bulk",
    "consent_events",
    "opt_outs",
    "check",
    "evidence",
    "messages",
    "reviews",
    "docs",
)


def register(app: Flask) -> list[Blueprint]:
    """Add the API to the app; gives its blueprints, which prove callers by token, not by form."""
    parent = APIBlueprint("api", __name__, url_prefix=spec.PATH)
    parent.before_request(authenticate)
    parent.before_request(check_input)
    parts = [import_module(f"webapp.api.{name}").blueprint for name in MODULES]
    for part in parts:
        parent.register_blueprint(part)
    app.register_blueprint(parent)
    open_to_all(app.view_functions["openapi.spec"])
    problems.register(app)
    spec.describe(cast(APIFlask, app))
    return parts
