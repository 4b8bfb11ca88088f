"""What a list of contacts says of consent, recorded by consent.service: an opt-in with evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.consent.by_key import change_by_key, nameless
from webapp.consent.rows import Place
from webapp.consent.service import change_many
from webapp.consent.toggles import Record
from webapp.consent.wishes import Change, Wish
from webapp.contacts import owners
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Source, State
from webapp.core.db import db, run
from webapp.imports.contact_matching import Keyed
from webapp.imports.contact_wishes import No, Speaker, Yes, judge_no, judge_yes

Saved = Sequence[tuple[int | None, Keyed]]  # contacts by id, None of a refused row; each its row


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

    `opted_in` are the channels and keys that an opt-in changed.
    """

    counts: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    stood: set[Place] = field(default_factory=set)
    opted_in: set[Place] = field(default_factory=set)


def record_consent(saved: Saved, erased: Collection[bytes], file: str, actor: Actor) -> Recorded:
    """Record what rows say of consent, in the open transaction; the no's come last.

    A no about one of the `erased` is recorded for the key alone: their address stays forgotten.
    """
    said = Recorded()
    if not saved:
        return said
    people = _owners([contact_id for contact_id, _ in saved if contact_id is not None])
    speakers = [Speaker(one, people.get(contact_id or 0)) for contact_id, one in saved]
    yes = judge_yes(speakers, actor)
    if yes.yes:
        wishes = [_opt_in(each, file, actor) for each in yes.yes]
        said.changes += change_many(wishes, met=[each.owner for each in yes.yes])
        came_in = (c for c in said.changes if c.changed and c.state is State.OPTED_IN)
        said.opted_in.update((change.channel, change.key) for change in came_in)
    no = judge_no(speakers, actor)
    said.counts, said.stood = yes.counts + no.counts, no.stood
    named = [each for each in no.no if each.place[1] not in erased]
    if named:
        said.changes += change_many([_opt_out(each, file, actor) for each in named])
    for each in no.no:
        key = each.place[1]
        if key in erased:
            wish = _opt_out(each, file, actor, forgotten=True)
            said.changes += change_by_key([wish], each.opt_out.address.kind, key)
    return said


def _opt_in(yes: Yes, file: str, actor: Actor) -> Wish:
    how, when, where, wording = yes.evidence
    record = FromList(how, where, wording, when, file, yes.row)
    return Wish(
        yes.place[0],
        yes.address,
        State.OPTED_IN,
        Source.IMPORT,
        actor,
        evidence=record.evidence(),
        evidence_at=when,
    )


def _opt_out(no: No, file: str, actor: Actor, *, forgotten: bool = False) -> Wish:
    one = no.opt_out
    return Wish(
        no.place[0],
        nameless(one.address.kind) if forgotten else one.address,
        State.OPTED_OUT,
        Source.IMPORT,
        actor,
        one.occurred_at,
        {"list": file, "row": str(one.row)},
    )


def _owners(ids: Sequence[int]) -> dict[int, Owner]:
    db.session.flush()  # what follows goes past the ORM
    found = run(select(*owners.COLUMNS).where(owners.TABLE.c.id.in_(ids)))
    return {row[0]: Owner(*row) for row in found}
