"""Changing templates by what the provider says of them."""

from __future__ import annotations

from sqlalchemy import update

from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.message_templates.models import Template
from webapp.outbox.rules import Category


def provider_changed(channel: Channel, name: str, language: str, event: str, category: str) -> None:
    """Note a template's new status or category in the open transaction."""
    values: dict[str, object] = {}
    if event in ("APPROVED", "REJECTED", "PAUSED", "DISABLED", "PENDING"):
        values["provider_status"] = event
    if category.lower() in list(Category):
        values["category"] = Category(category.lower())
    if not values:
        return
    chosen = update(Template).where(Template.channel == channel, Template.name == name)
    if language:
        chosen = chosen.where(Template.language == language)
    db.session.execute(chosen.values(values))
