"""After the opt-outs: waiting until every message has ended, and reading what there is to check."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta

from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import DBAPIError

from tests import whole_ledger
from tests.fault.findings import Begun, Row, Seen
from tests.fault.machine import Machine
from tests.fault.pressure import Pressure
from tests.fault.sizes import Size
from tests.servers import wait_until
from webapp.consent.models import ConsentState
from webapp.contacts.rules import Channel, State
from webapp.core import clock
from webapp.core.db import table_of
from webapp.outbox.models import Message
from webapp.outbox.rules import Status, job_id

MESSAGES = table_of(Message)
AGED = timedelta(minutes=2)  # longer than a claim counts as one that may still end
QUIET = timedelta(seconds=5)  # longer than any request of the provider's takes
OPEN = (Status.SCHEDULED, Status.SENDING)


def sending(engine: Engine) -> int:
    """Count the messages that are being sent."""
    return count_messages(engine).get(Status.SENDING, 0)


def settle_down(
    running: Machine, engine: Engine, size: Size, patience: float, say: Callable[[str], None]
) -> dict[str, object]:
    """Wait until every message has ended and every callback is taken; then let the provider
    report what is unconfirmed and was seen. Gives how many that were before."""
    told = [0.0]

    def ended() -> bool:
        if size.ages_claims:
            _age_claims(engine)
        count = count_messages(engine)
        left = sum(count.get(status, 0) for status in OPEN)
        if clock.elapsed() > told[0] + 20:
            told[0] = clock.elapsed()
            say(f"{left:,} messages have not ended yet")
        return left == 0

    wait_until(ended, "the end of every message", patience)
    wait_until(lambda: running.ask_provider()["waiting"] == 0, "the callbacks", patience)
    unsure = _unconfirmed(engine)
    running.ask_provider(unsure)
    wait_until(lambda: running.ask_provider()["waiting"] == 0, "the last callbacks", patience)
    return {
        "unconfirmed before the provider's last callbacks": len(unsure),
        "unconfirmed at the end": len(_unconfirmed(engine)),
        "posts of callbacks": running.ask_provider()["posted"],
    }


def count_messages(engine: Engine) -> dict[Status, int]:
    """Count the messages of each status; where the database is away, one may be being sent."""
    query = select(MESSAGES.c.status, func.count()).group_by(MESSAGES.c.status)
    try:
        with engine.connect().execution_options(reads_only=True) as connection:
            return {row[0]: row[1] for row in connection.execute(query)}
    except DBAPIError:
        return {Status.SENDING: 1}


def _unconfirmed(engine: Engine) -> list[int]:
    query = select(MESSAGES.c.id).where(MESSAGES.c.status == Status.UNCONFIRMED)
    with engine.connect().execution_options(reads_only=True) as connection:
        return list(connection.scalars(query))


def _age_claims(engine: Engine) -> None:
    """Let the claims of killed workers look as if 90 seconds had passed."""
    now = clock.now()
    lost = (MESSAGES.c.status == Status.SENDING) & (MESSAGES.c.claimed_at < now - QUIET)
    found = (
        select(func.count()).select_from(MESSAGES).where(lost, MESSAGES.c.claimed_at > now - AGED)
    )
    with engine.connect().execution_options(reads_only=True) as connection:
        if not connection.scalar(found):
            return
    with engine.begin() as connection:
        connection.execute(update(MESSAGES).where(lost).values(claimed_at=now - AGED))


def look(running: Machine, engine: Engine, pressure: Pressure, allowed: int) -> Seen:
    """Read everything that the checks are about."""
    begun, rows = read_begun(running), read_rows(engine)
    return Seen(begun, pressure.spells, rows, pressure.admitted, allowed)


def read_rows(engine: Engine) -> dict[int, Row]:
    """Read all messages, by id."""
    columns = (MESSAGES.c[name] for name in ("id", "address", "status", "origin", "epoch"))
    with engine.connect().execution_options(reads_only=True) as connection:
        return {row[0]: Row(*row) for row in connection.execute(select(*columns))}


def read_begun(running: Machine) -> list[Begun]:
    """Read what the provider has written down so far."""
    with running.log.open() as log:
        return [_begun(line) for line in log]


def _begun(line: str) -> Begun:
    told = json.loads(line)
    number = int(told["correlation"].partition("-")[0])
    return Begun(told["at"], f"+{told['to']}", number, told["fate"])


def problems(running: Machine, engine: Engine, pressure: Pressure) -> list[str]:
    """Say what is wrong with the ledger, the last states, and the jobs of cancelled messages."""
    with engine.connect().execution_options(reads_only=True) as connection:
        found = [f"LEDGER: {problem}" for problem in whole_ledger.problems(connection)]
    return [*found, *_verify(running), *_states(engine, pressure), *_jobs(running, engine)]


def _verify(running: Machine) -> list[str]:
    """Ask Heed itself, as an operator does."""
    command = [sys.executable, "-m", "webapp.cli", "ledger", "verify"]
    told = subprocess.run(
        command, env=running.heed.environment, capture_output=True, text=True, check=False
    )
    if told.returncode == 0:
        return []
    return [f"LEDGER: {line}" for line in (told.stdout + told.stderr).splitlines()]


def _states(engine: Engine, pressure: Pressure) -> Iterable[str]:
    """What each person said last stands."""
    people = {person.key: person.number for person in pressure.crowd.people}
    query = select(ConsentState.key, ConsentState.state).where(
        ConsentState.channel == Channel.WHATSAPP
    )
    with engine.connect().execution_options(reads_only=True) as connection:
        states = {people[bytes(key)]: state for key, state in connection.execute(query)}
    for number, opted_in in pressure.latest.items():
        wanted = State.OPTED_IN if opted_in else State.OPTED_OUT
        if states.get(number) is not wanted:
            yield f"STATE: {number} said {wanted} last and is {states.get(number)}"


def _jobs(running: Machine, engine: Engine) -> list[str]:
    """Nothing in Redis belongs to a cancelled message any more."""
    query = select(MESSAGES.c.id).where(MESSAGES.c.status == Status.CANCELLED)
    with engine.connect().execution_options(reads_only=True) as connection:
        cancelled = {job_id(number) for number in connection.scalars(query)}

    def left() -> set[str]:
        with running.redis() as redis:
            known = {str(key).removeprefix("rq:job:") for key in redis.scan_iter("rq:job:*")}
            for zset in redis.scan_iter("rq:scheduled:*"):
                known |= set(map(str, redis.zrange(zset, 0, -1)))
        return known & cancelled

    try:
        wait_until(lambda: not left(), "the jobs of cancelled messages to go", 60)
    except AssertionError:
        return [f"JOB: {job} of a cancelled message is still in Redis" for job in sorted(left())]
    return []


def by_status(rows: Iterable[Row]) -> dict[str, int]:
    """Count messages."""
    return dict(sorted(Counter(str(row.status) for row in rows).items()))
