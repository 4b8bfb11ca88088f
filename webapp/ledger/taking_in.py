"""Taking in a journal: what a restored database does not know of any more.

Opt-outs are taken in always, opt-ins only with what shows them, erasures are done again. It is
by the one writer, so what it finds newer here stands; a second time it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.consent.by_key import change_by_key, nameless
from webapp.consent.models import ConsentEvent
from webapp.consent.rules import SELF_EVIDENT
from webapp.consent.service import change_many, settle
from webapp.consent.wishes import Change, Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import AddressKind, Channel, Source, State, provider_address
from webapp.core.db import db, transaction
from webapp.core.errors import Invalid
from webapp.ledger.findings import Findings
from webapp.ledger.journal_lines import End, ErasureLine, EventLine, Head, Line, read_journal
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

    The first time it is looked through for what was undone, so that nothing is taken in that its
    own author took back within the minute. Raises Invalid for what is no journal, by then having
    taken in nothing of it that comes after that line.
    """
    first, second = read
    undone = {line.undoes for line in _events(read_journal(first)) if line.undoes}
    result, made_at = TakenIn(), None
    for line in read_journal(second):
        if isinstance(line, Head):
            made_at = line.made_at
        elif isinstance(line, End):
            result.whole = True
        elif isinstance(line, ErasureLine):
            result.erasures += transaction(lambda line=line: _erase(line, actor))  # type: ignore[misc]
        elif line.undoes and _has_what_it_undoes(line):
            _take_event(_as_opt_out(line), actor, made_at, result)
        elif line.hash in undone or line.undoes:
            result.undone += 1
        else:
            _take_event(line, actor, made_at, result)
    transaction(lambda: _note(actor, made_at, result))
    return result


def _events(lines: Iterable[Line]) -> Iterator[EventLine]:
    return (line for line in lines if isinstance(line, EventLine))


def _take_event(line: EventLine, actor: Actor, made_at: datetime | None, result: TakenIn) -> None:
    if _is_known(line):
        result.known += 1
    elif line.asked is State.UNKNOWN:
        result.undone += 1
    elif line.asked is State.OPTED_IN and not (line.evidence or line.source in SHOWN_FOR_IN):
        result.left_out.add(
            f"An opt-in on {line.channel}, key {line.key.hex()}, of {line.occurred_at:%Y-%m-%d}:"
            " its evidence was erased with the person."
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


def _has_what_it_undoes(line: EventLine) -> bool:
    """Tell whether the opt-in that a correction took back is in this database."""
    event = select(ConsentEvent.id).where(
        ConsentEvent.key == line.key,
        ConsentEvent.channel == line.channel,
        ConsentEvent.hash == line.undoes,
        ConsentEvent.asked == State.OPTED_IN,
    )
    found = db.session.scalar(event) is not None
    db.session.rollback()
    return found


def _as_opt_out(line: EventLine) -> EventLine:
    """Give the opt-out by which an opt-in ends here that its own author took back.

    Nobody may undo for them, so it is stricter than what stood: also where nothing had been known.
    """
    return replace(line, asked=State.OPTED_OUT, source=Source.MANUAL, undoes=None)


def _is_known(line: EventLine) -> bool:
    """Tell whether the event is here, or one that says the same: it was taken in before.

    By what no erasure takes away, so that an erased person's events are taken in once as well.
    """
    keys = {line.key, *([key_of(provider_address(line.address))] if line.address else [])}
    event = ConsentEvent
    query = select(event.hash, event.asked, event.source, event.occurred_at).where(
        event.key.in_(keys), event.channel == line.channel
    )
    found = db.session.execute(query).all()
    db.session.rollback()
    same = (line.asked, line.source, line.occurred_at)
    return any(row.hash == line.hash or tuple(row[1:]) == same for row in found)


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
