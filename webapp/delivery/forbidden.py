"""Ending what may never leave before its time comes, where no cancellation could see it.

A message inserted while an opt-out ran, or a retry: its epoch is behind, so no claim takes it.
Here it is told so. To look at every waiting message each minute would cost seconds of a million;
so the keys are looked at whose consent changed lately, and of all messages a part each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, bindparam, func, select

from webapp.consent import queries as consent
from webapp.consent.rules import Rule
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.dialect import word
from webapp.core.reading import reading
from webapp.delivery.claims import REASONS
from webapp.events.service import publish
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.queries import waiting_on_any
from webapp.outbox.rules import Status

# A retry comes back within a provider's time-out, an insert within its transaction.
LATELY = timedelta(minutes=3)
MOST_CHANGES = 20_000
KEYS_AT_ONCE = 500
BLOCK = 4096  # ids that are looked at together
PARTS = 60  # of the blocks one part a minute: all of them in an hour
MOST = 2000
WAITS = Message.status == word(Status.SCHEDULED)
NEVER = consent.may_never_leave()
_BOUNDS = select(func.min(Message.id), func.max(Message.id)).where(WAITS)
_BLOCK = select(Message.id).where(
    WAITS, Message.id >= bindparam("start"), Message.id < bindparam("end"), NEVER
)


def end_forbidden(part: int | None = None) -> int:
    """End waiting messages that may never leave; gives how many.

    Looks at the keys whose consent changed in the last three minutes, and at one of the `PARTS`
    of all that waits: the `part` given, by default another each minute.
    """
    if part is None:
        part = int(clock.now().timestamp()) // 60 % PARTS
    with reading() as connection:
        found = [*_lately(connection), *_among(connection, part)]
    return transaction(lambda: _end(found[:MOST])) if found else 0


def _lately(connection: Connection) -> Iterator[int]:
    """Give what is forbidden on the keys whose consent changed lately."""
    changed = connection.execute(consent.changed_since(db.session(), LATELY).limit(MOST_CHANGES))
    keys: dict[Channel, set[bytes]] = {}
    for channel, key in changed:
        keys.setdefault(channel, set()).add(key)
    for channel, some in keys.items():
        ordered = sorted(some)
        for start in range(0, len(ordered), KEYS_AT_ONCE):
            here = waiting_on_any(channel, ordered[start : start + KEYS_AT_ONCE])
            yield from connection.scalars(select(Message.id).where(here, NEVER))


def _among(connection: Connection, part: int) -> Iterator[int]:
    """Give what is forbidden in every block of ids that belongs to this part."""
    lowest, highest = (number or 0 for number in connection.execute(_BOUNDS).one())
    first = lowest // BLOCK
    for block in range(first + (part - first) % PARTS, highest // BLOCK + 1, PARTS):
        yield from connection.scalars(_BLOCK, {"start": block * BLOCK, "end": (block + 1) * BLOCK})


def _end(found: list[int]) -> int:
    """End them, those of one rule and event together, if they still wait and are forbidden."""
    groups: dict[tuple[Rule, int | None], list[int]] = {}
    for message_id, rule, event_id in consent.verdicts(Message.id.in_(found)):
        if rule in REASONS:
            groups.setdefault((rule, event_id), []).append(message_id)
    ended = []
    for (rule, event_id), ids in groups.items():
        still = Message.id.in_(ids) & NEVER
        ended += outbox.end_waiting(
            still, Status.CANCELLED, REASONS[rule], rule=rule, event_id=event_id
        )
    if ended:
        publish("messages.moved", message_ids=ended)
    return len(ended)
