"""Reading templates."""

from __future__ import annotations

from sqlalchemy import select

from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.message_templates.models import Template

USABLE = "APPROVED"


def templates_for(channel: Channel) -> list[Template]:
    """Give the templates that can be sent on a channel, by name and language."""
    found = db.session.scalars(
        select(Template)
        .where(Template.channel == channel, Template.provider_status == USABLE)
        .order_by(Template.name, Template.language)
    )
    return list(found)


def opt_out_button_texts(channel: Channel) -> tuple[str, ...]:
    """Give the texts of the buttons that templates offer as a way out."""
    buttons = db.session.scalars(select(Template.buttons).where(Template.channel == channel))
    return tuple(
        str(button["text"]) for some in buttons for button in some if button.get("opt_out")
    )
