"""Opting contacts out or in by hand on several channels at once: one transaction, each judged.

The dialogs over one contact's channels and the bulk actions over many contacts both end here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.consent.locks import lock_keys
from webapp.consent.models import ConsentState
from webapp.consent.outcomes import Act, Acts, Outcome
from webapp.consent.repeats import is_repeat
from webapp.consent.rows import Place
from webapp.consent.rules import goes_along
from webapp.consent.service import change_many
from webapp.consent.toggles import Record
from webapp.consent.wishes import Change, Wish
from webapp.contacts.owners import COLUMNS, Owner
from webapp.contacts.rules import Channel, Source, State, provider_address
from webapp.core.db import db, run
from webapp.core.dialect import database_now


def opt_out(
    contact_ids: Iterable[int], channels: Sequence[Channel], actor: Actor, reason: str = ""
) -> Acts:
    """Opt contacts out of channels, in the open transaction, with a note why.

    A repeat writes no second event. Who has no address on
    a channel, or is not there any more, is told so in the outcome.
    """
    now = database_now(db.session())

    def wishes(owner: Owner, channel: Channel, standing: Standings) -> list[Wish]:
        if all(is_repeat(each, actor, now) for each in standing.values()):
            return []
        # One is enough: an opt-out goes along to the person's other address.
        first = next(iter(standing))
        return [_wish(owner, channel, first, State.OPTED_OUT, actor, reason=reason)]

    return _act(contact_ids, channels, State.OPTED_OUT, wishes)


def opt_in(
    contact_ids: Iterable[int],
    channels: Sequence[Channel],
    record: Record,
    actor: Actor,
) -> Acts:
    """Opt contacts in to channels with one record of consent, in the open transaction.

    All addresses of a person on a channel come in, since the stricter of them counts. An opt-out
    that the record does not lift stands, and is the outcome. Raises Invalid for a record from
    the future.
    """

    def wishes(owner: Owner, channel: Channel, standing: Standings) -> list[Wish]:
        missing = [key for key, each in standing.items() if each.state is not State.OPTED_IN]
        if not missing:
            return []
        along = goes_along(channel, owner.address_of(missing[0]))
        return [
            _wish(
                owner,
                channel,
                key,
                State.OPTED_IN,
                actor,
                record,
                reason=along if key is not missing[0] else "",
            )
            for key in missing
        ]

    return _act(contact_ids, channels, State.OPTED_IN, wishes)


class _Stands(NamedTuple):
    """What stands for a channel and key, and when its newest event took effect."""

    state: State = State.UNKNOWN
    since: datetime | None = None
    source: Source | None = None
    event_id: int | None = None
    head_at: datetime | None = None


Standings = Mapping[bytes, _Stands]
Wishing = Callable[[Owner, Channel, Standings], list[Wish]]


def _act(
    contact_ids: Iterable[int], channels: Sequence[Channel], asked: State, wishing: Wishing
) -> Acts:
    """Ask each contact's wishes on each channel at once, and say what each came to."""
    ids = list(dict.fromkeys(contact_ids))
    owners, standing = _locked(ids, channels)

    def wishes_of(owner: Owner | None, channel: Channel) -> list[Wish]:
        known = {key: standing[channel, key] for key in owner.keys(channel)} if owner else {}
        return wishing(owner, channel, known) if owner and known else []

    wanted = [
        (contact_id, channel, wishes_of(owners.get(contact_id), channel))
        for contact_id in ids
        for channel in channels
    ]
    met = [owners[contact_id] for contact_id, _, wishes in wanted for _ in wishes]
    every = [wish for _, _, wishes in wanted for wish in wishes]
    changes = iter(change_many(every, met=met) if every else [])
    acts = []
    for contact_id, channel, wishes in wanted:
        owner, made = owners.get(contact_id), [next(changes) for _ in wishes]
        places = [(channel, key) for key in owner.keys(channel)] if owner else []
        outcome = _outcome(owner, places, made, asked)
        acts.append(Act(contact_id, channel, outcome, owner, places, made))
    return Acts(asked, acts)


def _outcome(owner: Owner | None, places: list[Place], made: list[Change], asked: State) -> Outcome:
    if owner is None:
        return Outcome.GONE
    if not places:
        return Outcome.NO_ADDRESS
    everything = [each for change in made for each in (change, *change.along)]
    if asked is State.OPTED_IN and any(change.state is not asked for change in made):
        return Outcome.STANDS
    return Outcome.CHANGED if any(c.changed for c in everything) else Outcome.ALREADY


def _locked(
    ids: Sequence[int], channels: Sequence[Channel]
) -> tuple[dict[int, Owner], dict[Place, _Stands]]:
    """Give the contacts that are there, and what stands for their keys, all of it locked.

    Whoever edits an address holds the locks of the old and the new one, so the addresses are
    read again under the lock until they are those that are locked.
    """
    db.session.flush()  # what follows goes past the ORM
    locked: set[Place] = set()
    while True:
        owners = _owners(ids)
        places = {
            (channel, key)
            for owner in owners.values()
            for channel in channels
            for key in owner.keys(channel)
        }
        if places <= locked:
            return owners, _standing(places)
        lock_keys(key for _, key in places)
        locked |= places


def _owners(ids: Sequence[int]) -> dict[int, Owner]:
    query = select(*COLUMNS).where(COLUMNS[0].in_(ids))
    return {row[0]: Owner(*row) for row in run(query)}


def _standing(places: set[Place]) -> dict[Place, _Stands]:
    """Read what stands for channels and keys past the ORM: of now, not what was read before."""
    found = dict.fromkeys(places, _Stands())
    own = ConsentState
    columns = (own.state, own.since, own.source, own.event_id, own.head_at)
    query = select(own.channel, own.key, *columns).where(own.key.in_({key for _, key in places}))
    found.update({(channel, key): _Stands(*stands) for channel, key, *stands in run(query)})
    return found


def _wish(
    owner: Owner,
    channel: Channel,
    key: bytes,
    asked: State,
    actor: Actor,
    record: Record | None = None,
    *,
    reason: str = "",
) -> Wish:
    return Wish(
        channel,
        provider_address(owner.address_of(key)),
        asked,
        Source.MANUAL,
        actor,
        evidence=record.evidence() if record else {},
        evidence_at=record.when if record else None,
        reason=reason,
    )
