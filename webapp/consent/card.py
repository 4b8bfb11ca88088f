"""What the Communication Preferences of a contact show: four rows, each with its history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from webapp.accounts.queries import Who, names_of
from webapp.consent import queries
from webapp.consent.models import (
    ConsentEvent,
    ConsentEventDetail,
    ConsentPolicy,
    ConsentState,
    Review,
)
from webapp.consent.review_list import open_reviews
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State, stricter
from webapp.core.db import db


@dataclass(frozen=True)
class Line:
    """One event of the history: `who` did it; `detail` is None once it was erased."""

    event: ConsentEvent
    detail: ConsentEventDetail | None
    who: str

    @property
    def stood_against(self) -> bool:
        """True where something newer stood, so that the event changed nothing."""
        return self.event.undoes_id is None and self.event.to_state is not self.event.asked

    @property
    def evidence(self) -> dict[str, str]:
        """What was written down with it; empty parts left out."""
        found = self.detail.evidence if self.detail else {}
        return {name: str(value) for name, value in found.items() if str(value).strip()}


@dataclass(frozen=True)
class Row:
    """One channel of the card. `on` says whether the person may be sent marketing there."""

    channel: Channel
    address: str | None
    state: State
    on: bool
    since: datetime | None = None
    source: Source | None = None
    who: str = ""
    event_id: int | None = None
    reviews: list[Review] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def card_of(contact: Contact) -> list[Row]:
    """Give the four rows of a contact, in channel order, read from the states themselves."""
    keys = {channel: contact.keys(channel) for channel in Channel}
    every = [key for some in keys.values() for key in some]
    states = queries.states_of([(channel, key) for channel in Channel for key in keys[channel]])
    policies = {row.channel: row for row in db.session.scalars(select(ConsentPolicy))}
    history = queries.history(None, every)
    names = names_of((event.actor_kind, event.actor_id) for event, _ in history)
    reviews = open_reviews(contact.id, every)
    return [
        _row(
            contact,
            channel,
            states.get(channel, []),
            policies[channel].needs_opt_in,
            [review for review in reviews if review.channel is channel],
            _lines(channel, keys[channel], history, names),
        )
        for channel in Channel
    ]


def _row(
    contact: Contact,
    channel: Channel,
    states: list[ConsentState],
    needs_opt_in: bool,
    reviews: list[Review],
    lines: list[Line],
) -> Row:
    counted = stricter([state.state for state in states])
    stored = next((state for state in states if state.state is counted), None)
    on = counted is State.OPTED_IN or (counted is State.UNKNOWN and not needs_opt_in)
    held = any(state.held for state in states)
    if stored is None:
        return Row(channel, contact.address(channel), counted, on, lines=lines)
    return Row(
        channel,
        contact.address(channel),
        counted,
        on,
        stored.since,
        stored.source,
        next((line.who for line in lines if line.event.id == stored.event_id), ""),
        stored.event_id,
        reviews if held else [],
        lines,
    )


def _lines(
    channel: Channel,
    keys: list[bytes],
    history: list[tuple[ConsentEvent, ConsentEventDetail | None]],
    names: dict[Who, str],
) -> list[Line]:
    return [
        Line(event, detail, names[(event.actor_kind, event.actor_id)])
        for event, detail in history
        if event.channel is channel and event.key in keys
    ]
