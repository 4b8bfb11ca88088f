"""The lines that all of it leaves on contacts' timelines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from webapp.accounts.rules import CUSTOMER, Actor
from webapp.contacts.rules import Channel
from webapp.demo.ledger import Ledger, Row
from webapp.demo.stories import Cast, Life
from webapp.outbox.rules import Reason


def lines(life: Life, cast: Cast) -> Iterator[Row]:
    """Give what a life leaves besides messages, each row without its id."""
    person = life.person
    yield _line(person.id, "created", person.created_at, cast.shop)
    for ledger in life.ledgers.values():
        yield from _consent(person.id, ledger)
    for held in life.held:
        said = {"channel": Channel.WHATSAPP, "said": held.said.text, "review_id": held.id}
        yield _line(person.id, "held", held.said.at, CUSTOMER, **said)
        if held.decision == "dismissed" and held.decided_at is not None:
            at = held.decided_at
            yield _line(person.id, "hold_dismissed", at, cast.marketer, channel=Channel.WHATSAPP)


def message_lines(rows: Iterable[Row], cast: Cast) -> Iterator[Row]:
    """Give what messages leave: who cancelled one."""
    for row in rows:
        if row["reason"] is Reason.BY_PERSON:
            at, who = row["ended_at"], cast.marketer
            yield _line(row["contact_id"], "message_cancelled", at, who, message_id=row["id"])


def _consent(contact_id: int, ledger: Ledger) -> Iterator[Row]:
    for step in ledger.steps:
        yield _line(
            contact_id,
            "consent",
            step.at,
            step.wish.actor,
            channel=ledger.channel,
            before=step.before,
            after=step.after,
            asked=step.wish.asked,
            source=step.wish.source,
            event_id=step.id,
            cancelled=step.cancelled,
        )


def _line(contact_id: int, kind: str, at: datetime, actor: Actor, **data: Any) -> Row:
    return {
        "contact_id": contact_id,
        "kind": kind,
        "at": at,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "data": data,
    }
