"""A contact's timeline in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from webapp.accounts.queries import names_of
from webapp.contacts.activities import timeline
from webapp.contacts.rules import Channel, Source, State
from webapp.pages.presentation import source_word
from webapp.pages.timeline_acts import Data, acts_of


@dataclass(frozen=True)
class Moment:
    """One line: what happened, when, by whom, with an icon; `event_id` of a consent event."""

    text: str
    at: datetime
    who: str
    glyph: str
    event_id: int | None = None


def moments_of(contact_id: int, limit: int = 50) -> list[Moment]:
    """Give a contact's newest activities in words, newest first.

    What one act did to their number and to their WhatsApp id is one line, which names both.
    """
    found = timeline(contact_id, limit)
    names = names_of((activity.actor_kind, activity.actor_id) for activity in found)
    return [
        Moment(
            _say(act.first.kind, act.data),
            act.first.at,
            names[(act.first.actor_kind, act.first.actor_id)],
            _glyph(act.first.kind, act.data),
            act.data.get("event_id"),
        )
        for act in acts_of(found)
    ]


def _glyph(kind: str, data: Data) -> str:
    if kind == "consent":
        return {State.OPTED_IN: "check", State.OPTED_OUT: "stop"}.get(data["after"], "dash")
    return GLYPHS.get(kind, "dash")


def _say(kind: str, data: Data) -> str:
    words = SENTENCES.get(kind)
    return words(data) if words else kind.replace("_", " ").capitalize()


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


def _message(data: Data) -> str:
    what = f"{_channel(data)} message"
    if data.get("status") == "skipped":
        return f"{what} skipped"
    return f"{what} scheduled" if data.get("origin") == "scheduled" else f"{what} written"


def _edited(data: Data) -> str:
    return "Edited: " + ", ".join(data.get("parts", []))


SENTENCES: dict[str, Callable[[Data], str]] = {
    "consent": _consent,
    "held": _held,
    "hold_dismissed": lambda data: f"{_channel(data)}: hold dismissed",
    "message": _message,
    "message_cancelled": lambda _: "Waiting message cancelled",
    "created": lambda _: "Contact created",
    "merged": lambda data: f"Merged with contact {data['other_id']}",
    "edited": _edited,
    "whatsapp_id_learnt": lambda _: "WhatsApp id learnt",
    "address_moved": lambda d: f"Number changed from {d.get('before')} to {d.get('after')}",
}
GLYPHS = {
    "held": "hold",
    "hold_dismissed": "hold",
    "message": "send",
    "message_cancelled": "close",
    "created": "plus",
    "merged": "plus",
    "edited": "pencil",
    "whatsapp_id_learnt": "phone",
    "address_moved": "phone",
}
