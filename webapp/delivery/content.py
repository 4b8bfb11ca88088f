"""What is to be said: a text or a filled template, checked before it is a message; its category."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import current_app

from webapp.contacts.rules import Channel
from webapp.core.config import Config
from webapp.core.errors import Invalid
from webapp.delivery.channels import LONGEST, can_send
from webapp.message_templates.models import Template
from webapp.message_templates.rules import SUBJECT, render
from webapp.outbox.rules import Category

STRICTNESS = {Category.MARKETING: 2, Category.UTILITY: 1, Category.AUTHENTICATION: 0}


@dataclass(frozen=True)
class Content:
    """What a message says, from which template if from one, and its category."""

    text: str
    template: Template | None
    variables: dict[str, str]
    category: Category


def read_content(
    channel: Channel,
    text: str | None,
    template: Template | None,
    variables: dict[str, str],
    category: Category | None,
) -> Content:
    """Check what is to be said, and how strict its category is.

    A text or a template, never both. `category` may only be stricter than the template's own, and
    a text is marketing. Raises Invalid, also where the channel is not set up.
    """
    config: Config = current_app.extensions["heed"]
    if not can_send(channel, config):
        raise Invalid(f"Sending on {channel.label} is not set up.", field="channel")
    text = _clean(text or "")
    if bool(text) == bool(template):
        raise Invalid("A message has a text or a template.", field="text")
    variables = {name: _clean(value) for name, value in variables.items()}
    found = _filled(channel, template, variables) if template else _plain(text, variables)
    if len(found.text) > LONGEST[channel]:
        raise Invalid(f"A text has {LONGEST[channel]:,} characters at most.", field="text")
    return replace(found, category=_at_least(found.category, category))


def _filled(channel: Channel, template: Template, variables: dict[str, str]) -> Content:
    if template.channel is not channel:
        raise Invalid(f"That template is not for {channel.label}.", field="template")
    return Content(render(template.body, variables), template, variables, template.category)


def _plain(text: str, variables: dict[str, str]) -> Content:
    """Give a text by itself, which has a subject at most."""
    kept = {SUBJECT: variables[SUBJECT]} if variables.get(SUBJECT) else {}
    return Content(text, None, kept, Category.MARKETING)


def _at_least(own: Category, asked: Category | None) -> Category:
    if asked is not None and STRICTNESS[asked] < STRICTNESS[own]:
        raise Invalid(f"This is {own}; a caller may only make it stricter.", field="category")
    return asked or own


def _clean(text: str) -> str:
    """Take away what no database and no provider takes, and the blanks around it."""
    return text.replace("\x00", "").strip()
