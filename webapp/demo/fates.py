"""What became of a message that was sent in the past."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from random import Random
from typing import Any

from webapp.demo.draws import Draw
from webapp.outbox.rules import Reason, Status

Row = dict[str, Any]

# In 100 messages that nothing forbade.
ENDS = Draw(
    (
        (54, Status.READ),
        (28, Status.DELIVERED),
        (8, Status.SENT),
        (7, Status.FAILED),
        (3, Status.UNCONFIRMED),
    )
)
FAILURES = (
    (Reason.PROVIDER_REFUSED, "131026", "Message undeliverable", 1),
    (Reason.PROVIDER_REFUSED, "131026", "Message undeliverable", 1),
    (Reason.PROVIDER_REFUSED, "130472", "User's number is part of an experiment", 1),
    (Reason.GAVE_UP, "131016", "Service unavailable", 8),
)
LOSSES = ((Reason.NO_ANSWER, "Nothing came back within 10 seconds"), (Reason.WORKER_LOST, ""))

WAITING: Row = {
    "status": Status.SCHEDULED,
    "reason": None,
    "rule": None,
    "event_id": None,
    "detail": "",
    "code": None,
    "attempts": 0,
    "claim_token": None,
    "claimed_at": None,
    "provider_message_id": None,
    "sent_at": None,
    "delivered_at": None,
    "read_at": None,
    "ended_at": None,
}


def wamid(rng: Random) -> str:
    """Give a message id as WhatsApp writes them."""
    return "wamid." + base64.b64encode(rng.randbytes(30)).decode()


def sent(rng: Random, at: datetime, now: datetime) -> Row:
    """Give the columns of a message that was claimed at `at`, with how it ended by `now`."""
    status = ENDS.one(rng)
    claimed = {"claim_token": rng.randbytes(8).hex(), "claimed_at": at, "attempts": 1}
    row = {**WAITING, **claimed, "status": status}
    answered = at + timedelta(milliseconds=rng.randrange(180, 900))
    if status is Status.FAILED:
        reason, code, detail, attempts = rng.choice(FAILURES)
        told = {"reason": reason, "code": code, "detail": detail, "attempts": attempts}
        return {**row, **told, "ended_at": answered}
    if status is Status.UNCONFIRMED:
        reason, detail = rng.choice(LOSSES)
        lost = at + timedelta(seconds=10 if detail else 90)
        return {**row, "reason": reason, "detail": detail, "ended_at": lost}
    return {**row, "provider_message_id": wamid(rng), **_arrived(rng, status, answered, now)}


def _arrived(rng: Random, status: Status, sent_at: datetime, now: datetime) -> Row:
    """Give the status that was reached by now, with the time of each that came before it."""
    delivered_at = sent_at + timedelta(seconds=rng.randrange(1, 40))
    read_at = delivered_at + timedelta(seconds=rng.randrange(20, 5 * 3600))
    reached: Row = {"status": Status.SENT, "sent_at": sent_at, "ended_at": sent_at}
    if status is not Status.SENT and delivered_at < now:
        reached |= {"status": Status.DELIVERED, "delivered_at": delivered_at}
        reached["ended_at"] = delivered_at
    if status is Status.READ and read_at < now:
        reached |= {"status": Status.READ, "read_at": read_at, "ended_at": read_at}
    return reached
