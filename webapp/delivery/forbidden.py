"""Ending what may never leave before its time comes, where no cancellation could see it.

A message inserted while an opt-out ran, or a retry: its epoch is behind, so no claim takes it.
Here it is told so. To look at every waiting message each minute would cost seconds of a million;
so the keys are looked at whose consent changed lately, and of all messages a part each time.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, and_, func, select

from webapp.consent import queries as consent
from webapp.consent.rules import Rule
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.dialect import word
from webapp.core.reading import reading
from webapp.delivery.claims import REASONS
from webapp.events.service import publish
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.queries import waiting_on
from webapp.outbox.rules import Status

# A retry comes back within a provider's time-out, an insert within its transaction.
LATELY = timedelta(minutes=3)
PARTS = 60  # looked at one a minute: all of them in an hour
MOST = 2000
WAITS = Message.status == word(Status.SCHEDULED)


def end_forbidden(part: int | None = None) -> int:
    """End waiting messages that may never leave; gives how many.

    Looks at the keys whose consent changed in the last three minutes, and at one of the `PARTS`
    of all waiting messages: the `part` given, by default another each minute.
    """
    if part is None:
        part = int(clock.now().timestamp()) // 60 % PARTS
    with reading() as connection:
        found = list(connection.scalars(_lately()))
        lowest, highest = connection.execute(_BOUNDS).one()
        if lowest is not None:
            found += connection.scalars(_part(lowest, highest + 1, part))
    return transaction(lambda: _end(found)) if found else 0


_BOUNDS = select(func.min(Message.id), func.max(Message.id)).where(WAITS)


def _lately() -> Select[tuple[int]]:
    """Select what is forbidden on the keys whose consent changed lately."""
    changed = consent.changed_since(db.session(), LATELY).subquery()
    here = waiting_on(changed.c.channel, changed.c.key)
    return select(Message.id).join(changed, here).where(consent.may_never_leave()).limit(MOST)


def _part(lowest: int, beyond: int, part: int) -> Select[tuple[int]]:
    """Select what is forbidden among one part of the ids of waiting messages."""
    start, end = (lowest + (beyond - lowest) * nth // PARTS for nth in (part, part + 1))
    here = and_(WAITS, Message.id >= start, Message.id < end)
    return select(Message.id).where(here, consent.may_never_leave()).limit(MOST)


def _end(found: list[int]) -> int:
    """End them, those of one rule and event together, if they still wait and are forbidden."""
    groups: dict[tuple[Rule, int | None], list[int]] = {}
    for message_id, rule, event_id in consent.verdicts(Message.id.in_(found)):
        if rule in REASONS:
            groups.setdefault((rule, event_id), []).append(message_id)
    ended = []
    for (rule, event_id), ids in groups.items():
        still = Message.id.in_(ids) & consent.may_never_leave()
        ended += outbox.end_waiting(
            still, Status.CANCELLED, REASONS[rule], rule=rule, event_id=event_id
        )
    if ended:
        publish("messages.moved", message_ids=ended)
    return len(ended)
