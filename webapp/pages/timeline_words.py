"""What the lines of a contact's timeline say, by what happened."""

from __future__ import annotations

from collections.abc import Callable

from webapp.contacts.rules import Channel, Source, State
from webapp.conversations.queries import Written
from webapp.delivery.sentences import headline
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin
from webapp.pages.presentation import source_word
from webapp.pages.timeline_acts import Data

REPORTED = "reported"  # of what is held, that a person reported it


def glyph(kind: str, data: Data) -> str:
    """Give the icon of an activity."""
    if kind == "consent":
        return {State.OPTED_IN: "check", State.OPTED_OUT: "stop"}.get(data["after"], "dash")
    return GLYPHS.get(kind, "dash")


def say(kind: str, data: Data) -> str:
    """Say what an activity was."""
    words = SENTENCES.get(kind)
    return words(data) if words else kind.replace("_", " ").capitalize()


def say_written(written: Written) -> str:
    """Say that the customer wrote, and what it was where it was no text."""
    if written.text:
        return f"Wrote on {written.channel.label}"
    return f"Sent on {written.channel.label}: {written.kind.replace('_', ' ')}"


def say_message(message: Message) -> str:
    """Say on which channel a message went, why it exists, and what became of it."""
    what = KINDS_OF_MESSAGE.get(message.origin, "message")
    return f"{message.channel.label} {what} {headline(message).rstrip('.').lower()}"


KINDS_OF_MESSAGE = {
    Origin.API: "message by API",
    Origin.AUTOMATION: "message of an automation",
    Origin.CAMPAIGN: "message of a campaign",
    Origin.CONFIRMATION: "confirmation",
}


def _channel(data: Data) -> str:
    return Channel(data["channel"]).label


def _by(source: Source) -> str:
    """Say how it came in, amid a sentence."""
    return source_word(source) if source is Source.API else source_word(source).lower()


def _consent(data: Data) -> str:
    before, after, asked = State(data["before"]), State(data["after"]), State(data["asked"])
    source = Source(data["source"])
    cancelled = data.get("cancelled") or 0
    if source is Source.CORRECTION:
        said = f"{_channel(data)}: undone, {after.label} again"
    elif after is not asked:
        said = f"{_channel(data)}: {asked.label} recorded, but {after.label} stands"
    elif before is after:
        said = f"{_channel(data)}: {after.label} again ({_by(source)})"
    else:
        said = f"{_channel(data)}: {after.label} ({_by(source)})"
    said += f", for {' and '.join(both)}" if (both := data.get("both")) else ""
    return said + (f"; {cancelled} waiting cancelled" if cancelled else "")


def _held(data: Data) -> str:
    return f"{_channel(data)}: on hold, since “{data.get('said', '')}” reads like a stop"


def _edited(data: Data) -> str:
    return "Edited: " + ", ".join(data.get("parts", []))


def _opportunity(data: Data) -> str:
    name, before, after = data.get("name", ""), data.get("before"), data.get("after")
    if before and after:
        return f"Opportunity “{name}”: {before} → {after}"
    return f"Opportunity “{name}” {'opened' if after else 'deleted'}"


SENTENCES: dict[str, Callable[[Data], str]] = {
    "consent": _consent,
    "held": _held,
    REPORTED: lambda data: f"{_channel(data)}: opt-out reported, on hold",
    "hold_dismissed": lambda data: f"{_channel(data)}: hold dismissed",
    "created": lambda _: "Contact created",
    "note": lambda _: "Note",
    "opportunity": _opportunity,
    "merged": lambda data: f"Merged with contact {data['other_id']}",
    "edited": _edited,
    "whatsapp_id_learnt": lambda _: "WhatsApp id learnt",
    "address_moved": lambda d: f"Number changed from {d.get('before')} to {d.get('after')}",
}
GLYPHS = {
    "held": "hold",
    REPORTED: "hold",
    "hold_dismissed": "hold",
    "created": "plus",
    "note": "pencil",
    "opportunity": "deal",
    "merged": "plus",
    "edited": "pencil",
    "whatsapp_id_learnt": "phone",
    "address_moved": "phone",
}
