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
from webapp.core.config import Config
from webapp.core.errors import Invalid
from webapp.core.web import read_id
from webapp.core.zones import local_moment, reader_zone
from webapp.delivery.channels import LONGEST, can_send, why_off
from webapp.message_templates.models import Template
from webapp.message_templates.queries import templates_for
from webapp.message_templates.rules import SUBJECT, variable_names
from webapp.outbox.rules import Category

PAST = timedelta(minutes=1)
# The channels that a person can write on, in the order in which one is chosen for them.
WRITTEN = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
LONGEST_SUBJECT = 200
CLOSED = (
    "They have not written in the last 24 hours, so WhatsApp refuses free text. Choose a template."
)


@dataclass(frozen=True)
class MessageForm:
    """A message being written to a contact. `template` is None for free text.

    `window_until` is until when WhatsApp takes free text; None where it does not now, and on
    other channels, which know no such window. `off` says why nothing can be sent on the channel.
    """

    channel: Channel
    off: str
    templates: list[Template]
    template: Template | None
    variables: dict[str, str]
    text: str
    later: bool
    send_at: str
    window_until: datetime | None
    subject: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels to choose from."""
        return WRITTEN

    @property
    def longest(self) -> int:
        """How many characters a text may have."""
        return LONGEST[self.channel]

    @property
    def windowed(self) -> bool:
        """True where free text goes only within a window after the customer's last message."""
        return self.channel is Channel.WHATSAPP

    @property
    def category(self) -> Category:
        """What the message is for: free text is marketing."""
        return self.template.category if self.template else Category.MARKETING

    @property
    def closed(self) -> str:
        """Why what stands in the form cannot be sent now; empty where it can.

        WhatsApp takes free text only for 24 hours after the customer's last message. What is
        scheduled is asked at its own time: by then they may have written.
        """
        free = self.template is None and self.windowed and self.window_until is None
        return CLOSED if free else ""

    @property
    def zone(self) -> str:
        """The name of the zone in which `send_at` is read."""
        return reader_zone().key

    @property
    def said(self) -> dict[str, str]:
        """The variables that go with the message: those of the template, and an email's subject."""
        return {**self.variables, **({SUBJECT: self.subject} if self.subject else {})}


def channel_for(contact: Contact, values: Mapping[str, str]) -> Channel:
    """Give the channel that `values` choose, else the first that sends and reaches the contact."""
    if values.get("channel") in WRITTEN:
        return Channel(values["channel"])
    config: Config = current_app.extensions["heed"]
    reached = [channel for channel in WRITTEN if contact.address(channel)]
    return next((one for one in reached if can_send(one, config)), (*reached, WRITTEN[0])[0])


def message_form(
    contact: Contact,
    channel: Channel,
    values: Mapping[str, str],
    errors: dict[str, str] | None = None,
) -> MessageForm:
    """Give the form as `values` (of a query or a form) have it so far.

    Where nothing is chosen: free text where it can go now, else the first template.
    """
    templates = templates_for(channel)
    windowed = channel is Channel.WHATSAPP
    until = window_closes_at(channel, contact.keys(channel)) if windowed else None
    chosen = _chosen(templates, values["template"]) if "template" in values else None
    if "template" not in values and windowed and until is None and templates:
        chosen = templates[0]
    names = variable_names(chosen.body) if chosen else []
    return MessageForm(
        channel,
        why_off(channel, current_app.extensions["heed"]),
        templates,
        chosen,
        {name: values.get(f"variable_{name}", "") for name in names},
        values.get("text", ""),
        values.get("when") == "later",
        values.get("send_at", ""),
        until,
        _subject(values) if channel is Channel.EMAIL else "",
        errors or {},
    )


def refuse_closed(form: MessageForm) -> None:
    """Raise Invalid at the text where free text cannot be sent now, since it would only fail."""
    if form.closed:
        raise Invalid(form.closed, field="text")


def read_override(values: Mapping[str, str]) -> int | None:
    """Read which warning somebody saw: an opt-out's event, or 0 where there is no record.

    None for anything else: then the warning is asked.
    """
    text = values.get("override", "")
    return 0 if text == "0" else read_id(text)


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


def _subject(values: Mapping[str, str]) -> str:
    """Give the subject on one line: a line break in a header would begin another (RFC 5322)."""
    return " ".join(values.get(SUBJECT, "").split())[:LONGEST_SUBJECT]


def _chosen(templates: list[Template], number: str) -> Template | None:
    return next((one for one in templates if str(one.id) == number), None)
