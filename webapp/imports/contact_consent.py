"""What a list of contacts says of consent, recorded by consent.service: an opt-in with evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.consent import several
from webapp.consent.outcomes import Outcome
from webapp.consent.rows import Place
from webapp.consent.service import change_many
from webapp.consent.toggles import Record
from webapp.consent.wishes import Change, Wish
from webapp.contacts import owners
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Channel, Source, State, provider_address
from webapp.core.db import db, run
from webapp.imports.contact_rows import ContactRow
from webapp.imports.rules import OptOut
from webapp.imports.standing import judge

Saved = Sequence[tuple[int, ContactRow]]  # contacts by id, each with its row
WORDS = {
    Outcome.CHANGED: "in",
    Outcome.ALREADY: "already",
    Outcome.STANDS: "older",
    Outcome.NO_ADDRESS: "no_address",
    Outcome.GONE: "no_address",
}


@dataclass(frozen=True)
class FromList(Record):
    """A record of consent that stands in a row of a list, which is called `file`."""

    file: str = ""
    row: int = 0

    def evidence(self) -> dict[str, str]:
        """Give it as the ledger keeps it."""
        return {**super().evidence(), "list": self.file, "row": str(self.row)}


@dataclass
class Recorded:
    """What came of the consent of some rows. `settle(changes, also=stood)` after the commit.

    `opted_in` are contacts, by id, and channels that an opt-in changed.
    """

    counts: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    stood: set[Place] = field(default_factory=set)
    opted_in: set[tuple[int, Channel]] = field(default_factory=set)


def record_consent(saved: Saved, file: str, actor: Actor) -> Recorded:
    """Record what rows say of consent, in the open transaction; the no's of a row come last."""
    said = Recorded()
    for contact_id, row in saved:
        channels = row.asked(State.OPTED_IN)
        if channels and row.evidence:
            how, when, where, wording = row.evidence
            record = FromList(how, where, wording, when, file, row.row)
            acts = several.opt_in([contact_id], channels, record, actor, Source.IMPORT)
            said.counts.update(f"{act.channel}.{WORDS[act.outcome]}" for act in acts.acts)
            changed = acts.with_outcome(Outcome.CHANGED)
            said.opted_in.update((act.contact_id, act.channel) for act in changed)
            said.changes += acts.changes
    outs = [(contact_id, row) for contact_id, row in saved if row.asked(State.OPTED_OUT)]
    if outs:
        _opt_out(outs, file, actor, said)
    return said


def _opt_out(saved: Saved, file: str, actor: Actor, said: Recorded) -> None:
    """Opt out as a list of opt-outs does: who is out already stays as they are."""
    people = _owners([contact_id for contact_id, _ in saved])
    asked: list[tuple[OptOut, bytes]] = []
    for contact_id, row in saved:
        owner = people.get(contact_id)
        for channel in row.asked(State.OPTED_OUT):
            keys = owner.keys(channel) if owner else []
            if owner is None or not keys:
                said.counts[f"{channel}.no_address"] += 1
                continue
            # One is enough: an opt-out goes along to the person's other address.
            address = provider_address(owner.address_of(keys[0]))
            asked.append((OptOut(row.row, address, (channel,)), keys[0]))
    judged = judge([one for one, _ in asked], [key for _, key in asked], actor)
    wishes = []
    for (one, _), (each,) in zip(asked, judged, strict=True):
        said.counts[f"{each.place[0]}.{each.outcome}"] += 1
        said.stood.add(each.place)
        if each.records:
            wishes.append(_wish(one, each.place[0], file, actor))
    said.changes += change_many(wishes)


def _wish(one: OptOut, channel: Channel, file: str, actor: Actor) -> Wish:
    evidence = {"list": file, "row": str(one.row)}
    return Wish(channel, one.address, State.OPTED_OUT, Source.IMPORT, actor, evidence=evidence)


def _owners(ids: Sequence[int]) -> dict[int, Owner]:
    db.session.flush()  # what follows goes past the ORM
    found = run(select(*owners.COLUMNS).where(owners.TABLE.c.id.in_(ids)))
    return {row[0]: Owner(*row) for row in found}
