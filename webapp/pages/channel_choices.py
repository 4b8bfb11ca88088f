"""A contact's channels as the Unsubscribe and Resubscribe dialogs offer them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from webapp.consent.card import Line, Row, card_of
from webapp.consent.foreseen import NOTHING, Foreseen, foresee
from webapp.consent.rules import SELF_EVIDENT
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.core.errors import Invalid
from webapp.core.reading import reading

NOBODY_THERE = {Channel.EMAIL: "No email address"}


@dataclass(frozen=True)
class Choice:
    """A channel of a dialog: how it stands, what an opt-out would do, and why not, if so."""

    row: Row
    chosen: bool
    why_not: str
    foreseen: Foreseen = NOTHING

    @property
    def by_customer(self) -> bool:
        """True where the person opted out themselves."""
        return self.row.state is State.OPTED_OUT and self.row.source in SELF_EVIDENT

    @property
    def by_provider(self) -> bool:
        """True where the provider reported the opt-out."""
        return self.row.state is State.OPTED_OUT and self.row.source is Source.PROVIDER

    @property
    def said(self) -> str:
        """What the person wrote with the opt-out that stands; empty where they wrote nothing."""
        line = self._line()
        return line.detail.said if line and line.detail and self.by_customer else ""

    def _line(self) -> Line | None:
        return next((line for line in self.row.lines if line.event.id == self.row.event_id), None)


def to_opt_out_of(contact: Contact, chosen: Collection[Channel]) -> list[Choice]:
    """Give the four channels with what opting out of each would do; `chosen` where they can be."""
    with reading() as connection:
        effects = foresee(connection, [Contact.id == contact.id])
    found = []
    for row in card_of(contact):
        why_not = "Opted out already" if row.state is State.OPTED_OUT else _no_address(row)
        picked = row.channel in chosen and not why_not
        found.append(Choice(row, picked, why_not, effects[row.channel]))
    return found


def to_opt_in_to(
    contact: Contact, chosen: Collection[Channel], *, only: bool = False
) -> list[Choice]:
    """Give the four channels with what stands on each; `chosen` where they can be.

    With `only` the one channel that can be chosen is, where there is but one.
    """
    card = card_of(contact)
    free = [row.channel for row in card if not _not_in(row)]
    picked = free if only and len(free) == 1 else [one for one in free if one in chosen]
    return [Choice(row, row.channel in picked, _not_in(row)) for row in card]


def nothing_to_opt_in_to(rows: Iterable[Row]) -> str:
    """Say why there is no channel of a card to opt in to; empty where there is one."""
    return _all_are(State.OPTED_IN, rows)


def nothing_to_opt_out_of(rows: Iterable[Row]) -> str:
    """Say why there is no channel of a card to opt out of; empty where there is one."""
    return _all_are(State.OPTED_OUT, rows)


def _all_are(state: State, rows: Iterable[Row]) -> str:
    reached = [row for row in rows if row.address]
    if any(row.state is not state for row in reached):
        return ""
    return f"{state.label} on every channel already." if reached else "There is no address."


def read_channels(words: Iterable[str]) -> list[Channel]:
    """Read the channels that were ticked, in their order. Raises Invalid for an unknown word."""
    asked = set(words)
    if not asked <= set(Channel):
        raise Invalid("There is no such channel.", field="on")
    return [channel for channel in Channel if channel in asked]


def _not_in(row: Row) -> str:
    return "Opted in already" if row.state is State.OPTED_IN else _no_address(row)


def _no_address(row: Row) -> str:
    return "" if row.address else NOBODY_THERE.get(row.channel, "No phone number")
