"""A contact's timeline: their consent, what they wrote, what was sent to them, notes and edits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.accounts.queries import Who, names_of
from webapp.accounts.rules import ActorKind
from webapp.contacts.activities import timeline
from webapp.contacts.models import Activity
from webapp.contacts.notes import KIND as NOTE
from webapp.conversations.queries import Written, written_by
from webapp.outbox.dispatch import newest_to
from webapp.outbox.models import Message
from webapp.pages.message_people import cancellers_of
from webapp.pages.timeline_acts import Act, acts_of
from webapp.pages.timeline_words import REPORTED, glyph, say, say_message, say_written

FEW, MOST = 50, 1000  # lines that are shown at first, and at all
PEOPLE = (ActorKind.USER, ActorKind.TOKEN)
LONGEST = 8  # digits of a number that somebody means
# Messages have lines of their own, which say who cancelled; older databases noted them here too.
OF_MESSAGES = ("message", "message_cancelled")


@dataclass(frozen=True)
class Moment:
    """One line: what happened, when, by whom, with an icon, and the words that were said.

    `event_id` is that of a consent event, `note_id` that of a note; `doer` did it.
    """

    text: str
    at: datetime
    who: str
    glyph: str
    quote: str = ""
    event_id: int | None = None
    note_id: int | None = None
    doer: tuple[ActorKind, int | None] | None = None


@dataclass(frozen=True)
class Timeline:
    """The newest lines, newest first; `more` is how many to ask for next, 0 where these are all."""

    moments: list[Moment]
    more: int = 0


def read_many(values: Mapping[str, str]) -> int:
    """Read how many lines somebody wants to see: FEW to MOST."""
    text = values.get("moments", "")
    known = text.isascii() and text.isdigit() and len(text) < LONGEST
    return min(max(int(text), FEW), MOST) if known else FEW


def timeline_of(contact_id: int, many: int = FEW) -> Timeline:
    """Give the newest lines of a contact, `many` at most.

    What one act did to their number and to their WhatsApp id is one line, which names both.
    """
    activities = timeline(contact_id, many + 1, without=OF_MESSAGES)
    messages = newest_to(contact_id, many + 1)
    found = [
        *_activities(activities),
        *(_written(each) for each in written_by(contact_id, many + 1)),
        *_messages(messages),
    ]
    found.sort(key=lambda moment: moment.at, reverse=True)
    more = min(many + FEW, MOST) if len(found) > many and many < MOST else 0
    return Timeline(found[:many], more)


def _activities(found: Sequence[Activity]) -> Iterable[Moment]:
    names = names_of((activity.actor_kind, activity.actor_id) for activity in found)
    for act in acts_of(found):
        doer = (act.first.actor_kind, act.first.actor_id)
        yield _activity(act, doer, names[doer])


def _activity(act: Act, doer: tuple[ActorKind, int | None], who: str) -> Moment:
    kind, data = act.first.kind, act.data
    if kind == "held" and doer[0] in PEOPLE:
        kind = REPORTED  # nobody's reply was read: somebody here was told
    return Moment(
        say(kind, data),
        act.first.at,
        who,
        glyph(kind, data),
        quote=data.get({NOTE: "text", REPORTED: "said"}.get(kind, ""), ""),
        event_id=data.get("event_id"),
        note_id=act.first.id if kind == NOTE else None,
        doer=doer,
    )


def _written(written: Written) -> Moment:
    return Moment(say_written(written), written.at, "", "chat", quote=written.text)


def _messages(found: Sequence[Message]) -> Iterable[Moment]:
    cancelled = cancellers_of(found)
    wrote: dict[int, Who] = {each.id: (each.actor_kind, each.actor_id) for each in found}
    names = names_of([*wrote.values(), *cancelled.values()])
    for message in found:
        by_hand = cancelled.get(message.id)
        at = message.ended_at if by_hand and message.ended_at else message.created_at
        who, sign = names[by_hand or wrote[message.id]], "close" if by_hand else "send"
        yield Moment(say_message(message), at, who, sign, quote=message.body)
