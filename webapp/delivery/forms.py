"""Writing one message by hand: what the form offers, and reading it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel
from webapp.conversations.queries import window_closes_at
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.zones import local_moment
from webapp.delivery.channels import can_send
from webapp.message_templates.models import Template
from webapp.message_templates.queries import templates_for
from webapp.message_templates.rules import variable_names

PAST = timedelta(minutes=1)


@dataclass(frozen=True)
class MessageForm:
    """A message being written to a contact. `template` is None for free text.

    `window_until` is until when WhatsApp takes free text; None where it does not now.
    """

    channel: Channel
    can_send: bool
    templates: list[Template]
    template: Template | None
    variables: dict[str, str]
    text: str
    later: bool
    send_at: str
    window_until: datetime | None
    errors: dict[str, str] = field(default_factory=dict)


def message_form(
    contact: Contact,
    channel: Channel,
    values: Mapping[str, str],
    errors: dict[str, str] | None = None,
) -> MessageForm:
    """Give the form as `values` (of a query or a form) have it so far.

    Where nothing is chosen: free text while the window is open, else the first template.
    """
    templates = templates_for(channel)
    until = window_closes_at(channel, contact.keys(channel))
    chosen = _chosen(templates, values["template"]) if "template" in values else None
    if "template" not in values and until is None and templates:
        chosen = templates[0]
    names = variable_names(chosen.body) if chosen else []
    return MessageForm(
        channel,
        can_send(channel, current_app.extensions["heed"]),
        templates,
        chosen,
        {name: values.get(f"variable_{name}", "") for name in names},
        values.get("text", ""),
        values.get("when") == "later",
        values.get("send_at", ""),
        until,
        errors or {},
    )


def read_send_at(values: Mapping[str, str], zone: ZoneInfo) -> datetime | None:
    """Read when to send: None is now. Raises Invalid for no time, or one that has passed."""
    if values.get("when") != "later":
        return None
    try:
        moment = local_moment(values.get("send_at", ""), zone)
    except ValueError:
        moment = None
    if moment is None:
        raise Invalid("Give the date and the time at which to send it.", field="send_at")
    if moment < clock.now() - PAST:
        raise Invalid("That time has passed.", field="send_at")
    return moment


def _chosen(templates: list[Template], number: str) -> Template | None:
    return next((one for one in templates if str(one.id) == number), None)
