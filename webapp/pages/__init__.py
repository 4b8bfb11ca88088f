"""Thin doors for people: one module a page, each handler loads, parses, calls once, renders."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

MODULES = (
    "accounts",
    "attribute_settings",
    "audience",
    "audit_log",
    "bulk",
    "changes",
    "consent_dialogs",
    "consents",
    "contact_duplicates",
    "contact_forms",
    "contact_imports",
    "contact_list",
    "contacts",
    "dispatcher",
    "evidence",
    "exclusions",
    "exports",
    "filter_tags",
    "health",
    "imports",
    "inbox",
    "inbox_acts",
    "inbox_consent",
    "inbox_reply",
    "keywords",
    "links",
    "messages",
    "notes",
    "opportunities",
    "opportunity_forms",
    "overview",
    "planned_exports",
    "policies",
    "privacy",
    "reviews",
    "segment_builder",
    "segments",
    "tag_settings",
    "tasks",
    "users",
)


def register(app: Flask) -> None:
    """Add every page's blueprint to the app."""
    for name in MODULES:
        app.register_blueprint(import_module(f"webapp.pages.{name}").blueprint)
