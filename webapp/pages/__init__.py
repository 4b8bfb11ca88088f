"""Thin doors for people: one module a page, each handler loads, parses, calls once, renders."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

MODULES = (
    "accounts",
    "audience",
    "bulk",
    "changes",
    "consent_dialogs",
    "consents",
    "contact_forms",
    "contacts",
    "dispatcher",
    "evidence",
    "exclusions",
    "exports",
    "filter_tags",
    "health",
    "imports",
    "keywords",
    "links",
    "messages",
    "notes",
    "overview",
    "planned_exports",
    "policies",
    "privacy",
    "reviews",
    "segments",
    "tasks",
)


def register(app: Flask) -> None:
    """Add every page's blueprint to the app."""
    for name in MODULES:
        app.register_blueprint(import_module(f"webapp.pages.{name}").blueprint)
