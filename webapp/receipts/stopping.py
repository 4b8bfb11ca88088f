"""Stopping by link: always possible, for ever, whoever the address belongs to by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.accounts.rules import CUSTOMER
from webapp.consent.by_key import change_by_key, nameless
from webapp.consent.locks import lock_keys
from webapp.consent.repeats import is_repeat
from webapp.consent.rows import Place, read_row
from webapp.consent.rules import goes_along
from webapp.consent.service import change_many
from webapp.consent.wishes import Change, Wish
from webapp.contacts.rules import Channel, Source, State, provider_address
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.receipts.acts import newest_event
from webapp.receipts.people import Person, person_of
from webapp.receipts.tokens import Purpose, Token


@dataclass(frozen=True)
class Stopped:
    """What a stop came to. After the commit, `settle(changes, also=places)`.

    `receipt` is the token of the event that tells of it: also where somebody stopped just before.
    """

    receipt: Token
    places: list[Place]
    changes: list[Change] = field(default_factory=list)


def stop(token: Token, channels: Sequence[Channel], evidence: dict[str, Any]) -> Stopped:
    """Opt the person behind a link out of channels, in the open transaction.

    `evidence` says how, where and with which wording; it is kept with the first event. A repeated
    request within the minute writes no second event. Channels on which the person is not reached are left out.
    """
    person = person_of(token)
    places = [place for channel in channels for place in person.places(channel)]
    lock_keys(key for _, key in places)
    now = database_now(db.session())
    rows = [read_row(*place) for place in places]
    changes: list[Change] = []
    if not all(is_repeat(row, CUSTOMER, now) for row in rows):
        changes = _opt_out(person, [c for c in channels if person.places(c)], evidence)
    return Stopped(_receipt(token, places), places, changes)


def _opt_out(person: Person, channels: Sequence[Channel], evidence: dict[str, Any]) -> list[Change]:
    first, *others = channels
    said = _address(person, first)
    along = goes_along(first, said)
    wishes = [
        _wish(person, first, evidence=evidence),
        *(_wish(person, channel, reason=along) for channel in others),
    ]
    if person.owner is None:
        return change_by_key(wishes, person.token.kind, person.token.key)
    return change_many(wishes, met=[person.owner] * len(wishes))


def _wish(person: Person, channel: Channel, **more: Any) -> Wish:
    address = _address(person, channel)
    known = provider_address(address) if address else nameless(person.token.kind)
    return Wish(channel, known, State.OPTED_OUT, Source.LINK, CUSTOMER, **more)


def _address(person: Person, channel: Channel) -> str:
    """Give the address that a stop on a channel names: the link's own where it serves that."""
    (_, key), *_ = person.places(channel)
    return person.owner.address_of(key) if person.owner else person.address


def _receipt(token: Token, places: Sequence[Place]) -> Token:
    """Give the receipt of what stands now on the first place of the link's own address."""
    own = [channel for channel, key in places if key == token.key]
    channel = own[0] if own else token.channel
    event = newest_event(channel, token.key)
    if event is None:
        return token
    return Token(Purpose.RECEIPT, channel, token.kind, token.key, event.id)
