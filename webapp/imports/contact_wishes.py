"""Whose consent a row of a list speaks of, and what it comes to: one rule for dry run and import.

A row speaks for its own addresses. Its no reaches each of them, and those of its contact too, as
an opt-out always does. Its yes, whose evidence is about the row's addresses, counts only for those
that its contact then has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from webapp.accounts.rules import Actor
from webapp.consent.queries import entries
from webapp.consent.rows import Place, StateRow
from webapp.consent.rules import Entry, advance, fold
from webapp.consent.saving_many import states_by_key
from webapp.contacts.owners import Owner
from webapp.contacts.rules import (
    Address,
    AddressKind,
    Channel,
    Source,
    State,
    channels_of,
    provider_address,
)
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.imports.contact_matching import Keyed
from webapp.imports.contact_saying import Evidence
from webapp.imports.rules import OptOut
from webapp.imports.standing import NOT_YET, Outcome, judge


class Speaker(NamedTuple):
    """A row, and its contact with the addresses that they have once it is taken.

    `owner` is None for a new contact before they are there, and where the row is refused.
    `before` are the contact as they are now, in a dry run.
    """

    one: Keyed
    owner: Owner | None = None
    before: Owner | None = None


class Yes(NamedTuple):
    """An opt-in that a row asks for an address, with its evidence."""

    row: int
    place: Place
    address: Address
    evidence: Evidence
    owner: Owner | None


class No(NamedTuple):
    """An opt-out that a row asks for an address."""

    opt_out: OptOut
    place: Place


@dataclass
class Verdict:
    """What the consent in rows comes to: counts by channel and word, and what is to be recorded.

    `lifts` are the channels and keys that come in; `stood` those that are opted out already.
    """

    counts: Counter[str] = field(default_factory=Counter)
    yes: list[Yes] = field(default_factory=list)
    no: list[No] = field(default_factory=list)
    lifts: set[Place] = field(default_factory=set)
    stood: set[Place] = field(default_factory=set)


def judge_yes(speakers: Sequence[Speaker], actor: Actor) -> Verdict:
    """Say what the yes of rows comes to, as things stand; in the open transaction."""
    said, asked = Verdict(), dict[Place, datetime]()
    wanted = [(speaker, c) for speaker in speakers for c in speaker.one.row.asked(State.OPTED_IN)]
    if not wanted:
        return said
    keys = {key for speaker, channel in wanted for key in _known_keys(speaker, channel)}
    states, now = states_by_key(keys), database_now(db.session())
    for speaker, channel in wanted:
        found = list(_yes(speaker, channel))
        words = []
        for yes in found:
            before = asked.get(yes.place)
            row = states.get(yes.place[1], {}).get(channel)
            if (row and row.state is State.OPTED_IN) or (before and yes.evidence[1] <= before):
                words.append("already")
                continue
            asked[yes.place] = yes.evidence[1]
            said.yes.append(yes)
            lifts = row is None or _lifts(row, yes.evidence, actor, now)
            lifts = lifts and not _carried(speaker, channel, yes.place[1], states)
            words.append("in" if lifts else "older")
            if lifts:
                said.lifts.add(yes.place)
        word = next((w for w in ("older", "in", "already") if w in words), "not_theirs")
        if not found and not any(channel in channels_of(a.kind) for a, _ in speaker.one.named):
            word = "no_address"
        said.counts[f"{channel}.{word}"] += 1
    return said


def judge_no(speakers: Sequence[Speaker], actor: Actor) -> Verdict:
    """Say what the no of rows comes to, as things stand; in the open transaction.

    As a list of opt-outs does: who is out already stays as they are.
    """
    said, asked = Verdict(), set[tuple[Place, datetime | None]]()
    wanted = [(speaker, c) for speaker in speakers for c in speaker.one.row.asked(State.OPTED_OUT)]
    reached = [list(_no(speaker, channel)) for speaker, channel in wanted]
    every = [no for found in reached for no in found]
    if every:
        judged = judge([no.opt_out for no in every], [no.place[1] for no in every], actor)
        found_by_no = iter(each for (each,) in judged)
    for (_, channel), found in zip(wanted, reached, strict=True):
        words = set()
        for no in found:
            each = next(found_by_no)
            once = (no.place, no.opt_out.occurred_at)
            words.add(Outcome.ALREADY if once in asked else each.outcome)
            if each.outcome is Outcome.ALREADY:
                said.stood.add(no.place)
            if each.records and once not in asked:
                said.no.append(no)
            asked.add(once)
        order = (Outcome.OUT, Outcome.STANDS, Outcome.ALREADY)
        said.counts[f"{channel}.{next((w for w in order if w in words), 'no_address')}"] += 1
    return said


def _yes(speaker: Speaker, channel: Channel) -> Iterator[Yes]:
    """Give the addresses of a row for which its yes counts."""
    one, owner, evidence = speaker.one, speaker.owner, speaker.one.row.evidence
    kinds = {address.kind for address, key in one.named if key in one.further}
    if evidence is None or (channel is Channel.WHATSAPP and AddressKind.PHONE in kinds):
        return  # a list with a WhatsApp number of its own speaks of that one
    for address, key in one.named:
        theirs = key in one.keys if owner is None else key in owner.keys(channel)
        if theirs and channel in channels_of(address.kind):
            yield Yes(one.row.row, (channel, key), address, evidence, owner)


def _no(speaker: Speaker, channel: Channel) -> Iterator[No]:
    """Give every address that a row's no reaches: the row's own first, then the contact's."""
    one, owner = speaker.one, speaker.owner
    found = {key: address for address, key in one.named if channel in channels_of(address.kind)}
    for key in owner.keys(channel) if owner else ():
        found.setdefault(key, provider_address(owner.address_of(key) if owner else ""))
    moment = one.row.out_at.get(channel)
    for key, address in found.items():
        yield No(OptOut(one.row.row, address, (channel,), moment), (channel, key))


def _known_keys(speaker: Speaker, channel: Channel) -> set[bytes]:
    before = speaker.before.keys(channel) if speaker.before else []
    return {yes.place[1] for yes in _yes(speaker, channel)}.union(before)


def _carried(
    speaker: Speaker, channel: Channel, key: bytes, states: dict[bytes, dict[Channel, StateRow]]
) -> bool:
    """Tell whether an opt-out of today will go along to an address that is new to its contact."""
    before = speaker.before.keys(channel) if speaker.before else []
    rows = (states.get(other, {}).get(channel) for other in before)
    return key not in before and any(row and row.state is State.OPTED_OUT for row in rows)


def _lifts(row: StateRow, evidence: Evidence, actor: Actor, now: datetime) -> bool:
    """Tell whether an opt-in with this evidence would be the state, by the ledger's own fold."""
    entry = Entry(NOT_YET, State.OPTED_IN, Source.IMPORT, evidence[1], now, True, actor)
    after = advance(row.standing, entry)
    if after is None:
        after = fold([*entries(row.channel, row.key), entry])
    return after.state is State.OPTED_IN
