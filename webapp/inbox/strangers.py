"""What somebody who is no contact wants: recorded for the one address that is known of them."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.accounts.rules import Actor
from webapp.consent.by_key import change_by_key
from webapp.consent.outcomes import Act, Acts, Outcome
from webapp.consent.repeats import is_repeat
from webapp.consent.rows import read_row
from webapp.consent.toggles import Record
from webapp.consent.wishes import Change, Wish
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.inbox.talks import Talk


def opt_out(talk: Talk, channels: Sequence[Channel], actor: Actor) -> Acts:
    """Opt the address out of channels, in the open transaction; `talk` is locked.

    A repeat writes no second event. Where a contact left the address without another in its place
    it reaches theirs too, as a STOP from there does.
    """
    now = database_now(db.session())
    rows = [read_row(channel, talk.row.key) for channel in channels]
    wishes = [
        Wish(row.channel, talk.address, State.OPTED_OUT, Source.MANUAL, actor)
        for row in rows
        if not is_repeat(row, actor, now)
    ]
    return _acts(talk, channels, State.OPTED_OUT, wishes)


def opt_in(talk: Talk, channels: Sequence[Channel], record: Record, actor: Actor) -> Acts:
    """Opt the address in to channels with the record of consent, in the open transaction.

    `talk` is locked. Raises Invalid for a record from the future.
    """
    rows = [read_row(channel, talk.row.key) for channel in channels]
    wishes = [
        Wish(
            row.channel,
            talk.address,
            State.OPTED_IN,
            Source.MANUAL,
            actor,
            evidence=record.evidence(),
            evidence_at=record.when,
        )
        for row in rows
        if row.state is not State.OPTED_IN
    ]
    return _acts(talk, channels, State.OPTED_IN, wishes)


def _acts(talk: Talk, channels: Sequence[Channel], asked: State, wishes: Sequence[Wish]) -> Acts:
    """Record the wishes, at most one a channel, and say what each channel came to."""
    key = talk.row.key
    changes = change_by_key(wishes, talk.address.kind, key) if wishes else []
    made = dict(zip((wish.channel for wish in wishes), changes, strict=True))
    acts = []
    for channel in channels:
        own = [made[channel]] if channel in made else []
        acts.append(Act(0, channel, _outcome(own, asked), None, [(channel, key)], own))
    return Acts(asked, acts)


def _outcome(made: Sequence[Change], asked: State) -> Outcome:
    if any(change.state is not asked for change in made):
        return Outcome.STANDS
    everything = [each for change in made for each in (change, *change.along)]
    return Outcome.CHANGED if any(each.changed for each in everything) else Outcome.ALREADY
