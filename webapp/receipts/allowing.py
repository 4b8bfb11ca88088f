"""Allowing messages again by link: for the address that it was sent to, and for no other.

Whoever holds the link can do it, so it reaches no further than the address that it came to. Each
is an opt-in of its own with its evidence (source `link`); none is recorded that would lift nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app

from webapp.accounts.rules import CUSTOMER
from webapp.consent import queries
from webapp.consent.by_key import change_by_key, nameless
from webapp.consent.locks import lock_keys
from webapp.consent.models import ConsentEvent
from webapp.consent.rows import Place, read_row
from webapp.consent.rules import goes_along
from webapp.consent.wishes import Change, Wish
from webapp.contacts.rules import Channel, Source, State
from webapp.core.config import Config
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict
from webapp.receipts.acts import Act, act_of
from webapp.receipts.languages.en import ENGLISH
from webapp.receipts.people import Person, person_of
from webapp.receipts.rules import Out, Why, may_take_back, stands_elsewhere, too_soon
from webapp.receipts.tokens import Token


class Stays(Conflict):
    """A link cannot allow this; `why` has its sentence in each language of the pages."""

    def __init__(self, why: Why) -> None:
        super().__init__(ENGLISH.whys[why])
        self.why = why


def may_allow(person: Person, channel: Channel) -> Why | None:
    """Tell why a link cannot allow a channel; None where it can. Reads what stands now."""
    keys = person.own_keys(channel)
    if not keys:
        return Why.OTHER_ADDRESS
    whys = [_why_not(channel, key) for key in keys]
    # What is allowed already is no hindrance to the rest.
    return next(
        (why for why in whys if why not in (None, Why.DONE)), whys[0] if all(whys) else None
    )


def _why_not(channel: Channel, key: bytes) -> Why | None:
    row = read_row(channel, key)
    if row.state is State.OPTED_IN:
        return Why.DONE
    if stands_elsewhere(channel, queries.entries(channel, key), by_twilio=_by_twilio()):
        return Why.PROVIDER
    out = row.state is State.OPTED_OUT
    if out and too_soon(row.source, row.since, database_now(db.session())):
        return Why.TOO_SOON
    return None


def allow(token: Token, channel: Channel, evidence: dict[str, Any]) -> list[Change]:
    """Opt the link's own address in on a channel, in the open transaction.

    Raises Stays where the link cannot.
    """
    person = person_of(token)
    keys = person.own_keys(channel)
    lock_keys(keys)
    why = may_allow(person, channel)
    if why is not None:
        raise Stays(why)
    new = [key for key in keys if read_row(channel, key).state is not State.OPTED_IN]
    return _opt_in(person, [(channel, key) for key in new], evidence)


def why_it_stays(person: Person, event: ConsentEvent) -> Why | None:
    """Tell why a link cannot take back an event's opt-out; None where it can."""
    row = read_row(event.channel, event.key)
    stands = row.event_id == event.id and event.from_state is not State.OPTED_OUT
    out = Out(
        event.channel,
        event.source,
        own=event.key in person.own_keys(event.channel),
        at_head=row.head_seq == event.seq,
        stands=stands,
        lifted=row.state is not State.OPTED_OUT,
        since=event.effective_at,
    )
    return may_take_back(out, database_now(db.session()), by_twilio=_by_twilio())


def take_back(token: Token, evidence: dict[str, Any], *, but_first: bool = False) -> list[Change]:
    """Take back what a receipt's event stopped, as far as the link reaches, in the open transaction.

    With `but_first` only what went along with it, which keeps the stop to where it was said. What
    cannot be taken back stays. Raises Stays where nothing can be.
    """
    person = person_of(token)
    lock_keys(key for channel in token.own_channels for key in person.own_keys(channel))
    act = act_of(person) if token.event_id else None
    wanted = _outs(act, but_first=but_first) if act else []
    whys = {event.id: why_it_stays(person, event) for event in wanted}
    places = [(event.channel, event.key) for event in wanted if whys[event.id] is None]
    if act is None or not places:
        raise Stays(next((why for why in whys.values() if why), Why.NEWER))
    return _opt_in(person, places, evidence, f"Takes back event {act.first.id}")


def _outs(act: Act, *, but_first: bool) -> list[ConsentEvent]:
    events = [e for e in act.along if e.channel is not act.first.channel]
    return [e for e in (events if but_first else act.events) if e.asked is State.OPTED_OUT]


def _opt_in(
    person: Person, places: Sequence[Place], evidence: dict[str, Any], reason: str = ""
) -> list[Change]:
    """Opt the link's own address in, as one act: its receipt is that of the first."""
    along = goes_along(places[0][0], person.address)
    changes: list[Change] = []
    for channel, key in places:
        kind = person.kind_of(key)
        wish = Wish(
            channel,
            nameless(kind),
            State.OPTED_IN,
            Source.LINK,
            CUSTOMER,
            evidence=evidence,
            reason=along if changes else reason,
        )
        changes += change_by_key([wish], kind, key)
    if any(change.superseded for change in changes):
        raise Stays(Why.TOO_SOON)
    return changes


def _by_twilio() -> bool:
    config: Config = current_app.extensions["heed"]
    return bool(config.twilio_account_sid)
