"""Taking in a journal: what a restored database does not know of any more.

Opt-outs are taken in always, erasures are done again. Opt-ins are taken in only with what shows
them, and only from a whole journal: what was cut off may have taken them back. It is by the one
writer, so what it finds newer here stands; a second time it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.consent.by_key import change_by_key, nameless
from webapp.consent.rules import SELF_EVIDENT
from webapp.consent.service import change_many, settle
from webapp.consent.wishes import Change, Wish
from webapp.contacts.rules import AddressKind, Channel, Source, State, provider_address
from webapp.core.db import db, transaction
from webapp.core.errors import Invalid
from webapp.ledger.findings import Findings
from webapp.ledger.journal_lines import Act, End, ErasureLine, EventLine, Head, read_journal
from webapp.ledger.known import has_opt_in, is_known
from webapp.privacy.erasure import erase_again
from webapp.privacy.models import Erasure

SHOWN_FOR_IN = SELF_EVIDENT | {Source.PROVIDER}


@dataclass
class TakenIn:
    """What taking in a journal came to: counts, and what was left out, each named.

    `whole` is False where the journal was cut off: what came after is not in it.
    """

    known: int = 0
    opt_outs: int = 0
    opt_ins: int = 0
    erasures: int = 0
    undone: int = 0
    whole: bool = False
    left_out: Findings = field(default_factory=Findings)


def take_in(read: Iterable[Iterable[str]], actor: Actor) -> TakenIn:
    """Take in what this database lacks; `read` gives the journal's lines, twice. Commits as it goes.

    The first time it is looked through for its end and for what was undone, so that nothing is
    taken in that its own author took back within the minute; where an earlier journal brought the
    opt-in already, it ends. Raises Invalid for what is no journal, before anything is taken in.
    """
    first, second = read
    undone, whole = _look_through(first)
    result, made_at = TakenIn(whole=whole), None
    acts: dict[bytes, Act] = {}
    for line in read_journal(second):
        if isinstance(line, Head):
            made_at = line.made_at
        elif isinstance(line, ErasureLine):
            result.erasures += transaction(lambda line=line: _erase(line, actor))  # type: ignore[misc]
        elif isinstance(line, EventLine):
            if line.hash in undone:
                acts[line.hash] = line.act
            if line.undoes and has_opt_in(line, line.undoes, line.undone or acts.get(line.undoes)):
                _take_event(_as_opt_out(line), actor, made_at, result)
            elif line.hash in undone or line.undoes:
                result.undone += 1
            else:
                _take_event(line, actor, made_at, result)
    transaction(lambda: _note(actor, made_at, result))
    return result


def _look_through(lines: Iterable[str]) -> tuple[set[bytes], bool]:
    """Give the hashes of what was undone, and whether the journal is whole."""
    undone, whole = set(), False
    for line in read_journal(lines):
        whole = isinstance(line, End)  # the last counts: two journals may have been joined
        if isinstance(line, EventLine) and line.undoes:
            undone.add(line.undoes)
    return undone, whole


def _take_event(line: EventLine, actor: Actor, made_at: datetime | None, result: TakenIn) -> None:
    if is_known(line):
        result.known += 1
    elif line.asked is State.UNKNOWN:
        result.undone += 1
    elif because := _why_left_out(line, result.whole):
        result.left_out.add(
            f"An opt-in on {line.channel}, key {line.key.hex()}, of {line.occurred_at:%Y-%m-%d}:"
            f" {because}."
        )
    else:
        try:
            changes = transaction(lambda: _change(line, actor, made_at))
        except Invalid as error:  # one line must not keep the opt-outs after it out
            result.left_out.add(
                f"The event of {line.occurred_at:%Y-%m-%d} on {line.channel}, key"
                f" {line.key.hex()}: {error.message}"
            )
            return
        settle(changes)
        if line.asked is State.OPTED_OUT:
            result.opt_outs += 1
        else:
            result.opt_ins += 1


def _why_left_out(line: EventLine, whole: bool) -> str:
    """Say why an event is not taken in; nothing where it is: only opt-ins are ever left out."""
    if line.asked is not State.OPTED_IN:
        return ""
    if not whole:
        return "the journal was cut off, and what is missing may have taken it back"
    shown = line.evidence or line.source in SHOWN_FOR_IN
    return "" if shown else "its evidence was erased with the person"


def _as_opt_out(line: EventLine) -> EventLine:
    """Give the opt-out by which an opt-in ends here that its own author took back.

    Nobody may undo for them, so it is stricter than what stood: also where nothing had been known.
    """
    return replace(line, asked=State.OPTED_OUT, source=Source.MANUAL, undoes=None)


def _change(line: EventLine, actor: Actor, made_at: datetime | None) -> list[Change]:
    kind = AddressKind.EMAIL if line.channel is Channel.EMAIL else AddressKind.PHONE
    wish = Wish(
        line.channel,
        provider_address(line.address) if line.address else nameless(kind),
        line.asked,
        line.source,
        actor,
        line.occurred_at,
        evidence=line.evidence,
        evidence_at=line.effective_at if line.asked is State.OPTED_IN else None,
        said=line.said,
        reason=f"Taken in from the journal of {made_at:%Y-%m-%d}" if made_at else "",
    )
    return change_many([wish]) if line.address else change_by_key([wish], kind, line.key)


def _erase(line: ErasureLine, actor: Actor) -> bool:
    """Do an erasure again, unless all of it has been done here since; tells whether it was."""
    wanted = {key.hex() for key in line.keys}
    done = select(Erasure.keys).where(Erasure.at >= line.at)
    for keys in db.session.scalars(done):
        wanted -= set(keys)
    if not wanted:
        return False
    erase_again(line.keys, actor)
    return True


def _note(actor: Actor, made_at: datetime | None, result: TakenIn) -> None:
    record(
        actor,
        "journal.taken_in",
        made_at=made_at.isoformat() if made_at else None,
        opt_outs=result.opt_outs,
        opt_ins=result.opt_ins,
        erasures=result.erasures,
        left_out=result.left_out.count,
    )
