"""One drill at a time, and what it must leave nothing of, also where it is killed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from webapp.accounts import settings
from webapp.contacts.rules import Address, AddressKind
from webapp.contacts.sinks import sink
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict

SETTING = "drill"
# Longer than a step may wait for a worker: a drill that has not been heard of since was killed.
HELD = timedelta(seconds=60)


@dataclass
class Lease:
    """A drill that runs: its sink, and the hex digests of the webhooks that it has posted."""

    token: str
    address: Address
    webhooks: list[str] = field(default_factory=list)

    def message_id(self, number: int) -> str:
        """Give the provider's id of the drill's nth message, from 1 on."""
        return f"wamid.drill.{self.token}.{number}"

    def message_ids(self) -> list[str]:
        """Give the ids of all messages that were said."""
        return [self.message_id(number + 1) for number in range(len(self.webhooks))]


def take() -> Lease:
    """Begin a drill in the open transaction. Raises Conflict where one runs.

    What a killed one left must be cleared before (`left_behind`).
    """
    settings.lock(SETTING)
    now = database_now(db.session())
    if _read(now, running=True) is not None:
        raise Conflict("A drill is running; wait until it has ended.")
    lease = Lease(secrets.token_hex(8), sink(now.date()))
    _write(lease, now)
    return lease


def beat(lease: Lease) -> None:
    """Keep a drill's lease, and what it has posted, in the open transaction.

    Raises Conflict where it was lost to another drill.
    """
    if not holds(lease):
        raise Conflict("Another drill took over, since this one was not heard of for a minute.")
    _write(lease, database_now(db.session()))


def holds(lease: Lease) -> bool:
    """Tell whether a lease is still the drill's that runs; that stays so in the transaction."""
    settings.lock(SETTING)
    return bool(settings.read(SETTING).get("token") == lease.token)


def left_behind() -> Lease | None:
    """Give the lease of a drill that was killed, if there is one."""
    return _read(database_now(db.session()), running=False)


def end() -> None:
    """End whatever drill the setting names, in the open transaction."""
    settings.write(SETTING, {})


def _read(now: datetime, *, running: bool) -> Lease | None:
    kept: dict[str, Any] = settings.read(SETTING)
    if not kept or (datetime.fromisoformat(kept["until"]) > now) is not running:
        return None
    return Lease(kept["token"], Address(AddressKind.PHONE, kept["address"]), kept["webhooks"])


def _write(lease: Lease, now: datetime) -> None:
    settings.write(
        SETTING,
        {
            "token": lease.token,
            "until": (now + HELD).isoformat(),
            "address": lease.address.value,
            "webhooks": lease.webhooks,
        },
    )
