"""Messages of the past, each with an end that the consent of its time allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from webapp.accounts.rules import SYSTEM
from webapp.consent.rules import Rule
from webapp.contacts.rules import Channel, State
from webapp.demo.ledger import Row, Step
from webapp.demo.pen import Pen
from webapp.demo.templates import APPOINTMENT_REMINDER, LOGIN_CODE, ORDER_UPDATE
from webapp.keywords.replies import SOON
from webapp.keywords.rules import Verdict
from webapp.outbox.rules import Category, Origin, Reason, Status

SERVICE = (ORDER_UPDATE, ORDER_UPDATE, APPOINTMENT_REMINDER, LOGIN_CODE)
YEAR = timedelta(days=365)


def confirmations(pen: Pen) -> Iterator[Row]:
    """Give the short answers to keywords and buttons that changed something, and to HELP."""
    words = pen.cast.keywords
    for said in pen.life.chat:
        if said.step is not None and said.step.before is not said.step.after:
            out = said.step.after is State.OPTED_OUT
            text = words.confirmation if out else words.opt_in_reply
            text = pen.with_receipt(text, said.step.id)
            why: Row = {"confirms_event_id": said.step.id}
        elif said.found.verdict is Verdict.HELP:
            text, why = words.help_reply, {"answers_inbound_id": said.id}
        else:
            continue
        at = said.at + timedelta(seconds=2)
        row = pen.row(Origin.CONFIRMATION, Category.UTILITY, text, SYSTEM, at, at)
        yield {**pen.sent(row, at), **why, "epoch": 0, "expires_at": at + SOON}


def answers(pen: Pen) -> Iterator[Row]:
    """Give what colleagues wrote back to people who were not opted out."""
    for answer in pen.life.answers:
        if not pen.was_out(answer.at):
            row = pen.text(Origin.MANUAL, answer.text, answer.at, answer.at)
            yield pen.sent(row, answer.at)


def stopped(pen: Pen) -> Iterator[Row]:
    """Give messages that waited when their person opted out; counts them on the event."""
    ledger = pen.life.ledgers.get(Channel.WHATSAPP)
    for step in ledger.steps if ledger else ():
        minutes = pen.rng.randrange(20, 2000)
        if step.after is not State.OPTED_OUT or step.before is State.OPTED_OUT:
            continue
        created = step.at - timedelta(minutes=minutes)
        there = created > pen.person.created_at and not pen.was_out(created)
        if there and pen.rng.random() < pen.person.pace.cut_off:
            yield _stopped_by(pen, step, created)


def _stopped_by(pen: Pen, step: Step, created: datetime) -> Row:
    step.cancelled += 1
    send_at = step.at + timedelta(minutes=pen.rng.randrange(10, 3000))
    row = pen.template(pen.offer(), Origin.SCHEDULED, created, send_at)
    told = {"reason": Reason.OPTED_OUT, "rule": Rule.OPTED_OUT, "event_id": step.id}
    return {**row, **told, "status": Status.CANCELLED, "ended_at": step.at}


def sendings(pen: Pen) -> Iterator[Row]:
    """Give offers and service messages of the last year."""
    for _ in range(pen.rng.choice(pen.person.pace.sendings)):
        span = min(pen.cast.now - pen.person.created_at, YEAR) - timedelta(hours=4)
        at = pen.cast.now - timedelta(hours=1) - span * pen.rng.random()
        if pen.rng.random() < 0.45:
            row = pen.template(pen.rng.choice(SERVICE), Origin.API, at, at)
            yield pen.sent(row, at)
        else:
            yield from _offer(pen, at)


def _offer(pen: Pen, at: datetime) -> Iterator[Row]:
    created = max(at - timedelta(hours=pen.rng.randrange(1, 60)), pen.person.created_at)
    row = pen.template(pen.offer(), Origin.SCHEDULED, created, at)
    standing = pen.life.standing_at(created)
    if standing is not None and standing.after is State.OPTED_OUT:
        told = {"reason": Reason.OPTED_OUT, "rule": Rule.OPTED_OUT}
        by = {"event_id": standing.out_event_id, "ended_at": created}
        yield {**row, **told, **by, "status": Status.SKIPPED}
    elif standing is not pen.life.standing_at(at):
        return  # consent changed in between: `stopped` tells of such
    elif pen.rng.random() < 0.05:
        ended = {"reason": Reason.BY_PERSON, "ended_at": created + (at - created) / 2}
        yield {**row, **ended, "status": Status.CANCELLED}
    else:
        yield pen.sent(row, at)
