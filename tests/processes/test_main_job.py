"""The main job with all real processes: an exact stop, punctual sending, and nothing lost."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.outside import Customer, Outside, outside
from tests.relay import Relay, relay
from tests.servers import wait_until
from webapp.outbox.rules import Status
from webapp.outbox.service import BEGIN_WITHIN

pytestmark = [
    pytest.mark.slow,
    # One group: the tests of this file share one running Heed.
    pytest.mark.xdist_group("main job by its processes"),
    pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which processes there are"),
]

LEFT = {Status.SENT, Status.DELIVERED, Status.READ}


@pytest.fixture(scope="module")
def line() -> Iterator[Relay]:
    """The line to the provider."""
    with relay() as running:
        yield running


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, line: Relay) -> Iterator[Outside]:
    """All of Heed with a small demo, which reaches its provider by `line`."""
    data = tmp_path_factory.mktemp("heed")
    with outside(data, HEED_WHATSAPP_API_URL=f"{line.url}/v23.0") as world:
        connect(line, world)
        yield world


def connect(line: Relay, world: Outside) -> None:
    line.port = int(world.heed.sandbox_url.rpartition(":")[2])


def from_now(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def customers(world: Outside, name: str, count: int) -> list[Customer]:
    return [world.customer(f"{name} {number}", wrote=True) for number in range(count)]


def jobs_of(world: Outside, message_id: int) -> list[str]:
    """Give everything in Redis that belongs to a message's job: its keys, its places in lists."""
    job, found = f"send-{message_id}", []
    with world.redis() as redis:
        for key in map(str, redis.scan_iter()):
            kind = redis.type(key)
            members: Any = ()
            if kind in ("list", "zset"):
                members = (redis.lrange if kind == "list" else redis.zrange)(key, 0, -1)
            if key.endswith(f":{job}") or any(str(one).split(":")[0] == job for one in members):
                found.append(key)
    return found


@contextmanager
def slow_provider(world: Outside, milliseconds: int) -> Iterator[None]:
    world.sandbox.post("/behaviour", {"latency_ms": milliseconds})
    try:
        yield
    finally:
        world.sandbox.post("/behaviour", {})


def statuses(world: Outside, ids: list[int]) -> list[str]:
    return [world.message(number)["status"] for number in ids]


def test_a_stop_cancels_what_was_scheduled_and_nothing_but_its_answer_arrives(world: Outside):
    asked, other = customers(world, "Stopping", 2)
    due = from_now(5)
    stopped = world.send(asked, "The spring sale begins.", due)
    control = world.send(other, "The spring sale begins.", due + timedelta(seconds=1))
    wait_until(lambda: bool(jobs_of(world, stopped)), "the job of the message")

    world.say(asked, "STOP")
    said = time.time() // 1
    # Heed has answered the webhook: from here on nothing may leave.
    assert world.state(asked) == "opted_out"
    ended = world.message(stopped)
    event = world.api.get("/consent-events", address=asked.phone)["items"][0]
    assert (ended["status"], ended["reason"]) == ("cancelled", "opted_out")
    assert (ended["event_id"], event["source"], event["said"]) == (event["id"], "keyword", "STOP")
    wait_until(lambda: not jobs_of(world, stopped), "the job of the message to go")

    # WhatsApp tells whole seconds, and within one of them a stop counts as the last word.
    wait_until(lambda: time.time() // 1 > said, "the next second")
    world.say(asked, "START")
    assert world.state(asked) == "opted_in"
    assert world.wait_for_end(control)["status"] in LEFT
    wait_until(lambda: len(world.phone_shows(asked)) == 2, "the answers to STOP and START")
    assert world.message(stopped)["status"] == "cancelled"
    assert not jobs_of(world, stopped)
    confirmation, opted_in = world.phone_shows(asked)
    assert "opted out" in confirmation
    assert "opted in" in opted_in


def test_messages_leave_at_their_time_and_never_before(world: Outside):
    customer = world.customer("Punctual", wrote=True)
    first = from_now(3)
    due = {f"Message {number}": first + timedelta(seconds=0.71 * number) for number in range(10)}
    ids = [world.send(customer, text, moment) for text, moment in due.items()]
    for number in ids:
        assert world.wait_for_end(number)["status"] in LEFT
    late = [
        (datetime.fromisoformat(one["at"]) - due[one["text"]]).total_seconds()
        for one in world.arrived(customer)
    ]
    print("seconds late:", " ".join(f"{seconds:.2f}" for seconds in late))
    assert len(late) == len(due)
    # Two seconds is the promise on an idle machine; no test depends on how busy this one is.
    assert all(0 <= seconds < 10 for seconds in late)


def test_killed_processes_lose_no_message_and_repeat_none(world: Outside):
    people = customers(world, "Killed", 8)
    with slow_provider(world, 1500):
        due = from_now(5)
        later = [world.send(one, "Later", due) for one in people[4:]]
        now = [world.send(one, "Now") for one in people[:4]]
        wait_until(lambda: Status.SENDING in statuses(world, now), "a message to be sending")
        # The workers, the scheduler, and the Redis that holds all jobs.
        killed = world.processes("jobs.") | world.processes("valkey")
        assert len(killed) == 5  # two workers, the one for long tasks, the scheduler, Valkey
        for process in killed:
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: not killed & world.processes(), "their end")
        with world.rows() as rows:
            # A worker counts as lost after 90 seconds; let them have passed.
            rows.execute(
                "UPDATE messages SET claimed_at = datetime(claimed_at, '-2 minutes')"
                " WHERE status = 'sending'"
            )
        ends = [world.wait_for_end(number)["status"] for number in [*now, *later]]
    assert set(ends[:4]) <= LEFT | {Status.UNCONFIRMED}
    assert set(ends[4:]) <= LEFT
    assert [world.phone_shows(one) for one in people[4:]] == [["Later"]] * 4
    assert all(world.phone_shows(one) in (["Now"], []) for one in people[:4])


def test_a_wiped_redis_loses_no_message_and_stops_no_worker(world: Outside):
    people = customers(world, "Wiped", 5)
    workers = world.processes("jobs.worker")
    due = from_now(4)
    ids = [world.send(one, "Still there", due) for one in people]
    wait_until(lambda: all(jobs_of(world, number) for number in ids), "the jobs")
    with world.redis() as redis:
        redis.flushall()
    assert not any(jobs_of(world, number) for number in ids)
    assert {world.wait_for_end(number)["status"] for number in ids} <= LEFT
    assert [world.phone_shows(one) for one in people] == [["Still there"]] * 5
    assert world.processes("jobs.worker") == workers


def test_a_stopped_worker_with_a_claim_holds_up_no_opt_out(world: Outside, line: Relay):
    customer = world.customer("Frozen", wrote=True)
    workers = world.processes("jobs.worker")
    try:
        with line.held():
            message = world.send(customer, "Too late")
            wait_until(lambda: is_sending(world, message), "the claim")
            for worker in workers:
                os.kill(worker, signal.SIGSTOP)
            asked = time.monotonic()
            answer = world.consent(customer, "opted_out")
            took = time.monotonic() - asked
            print(f"the opt-out took {took * 1000:.0f} ms beside a stopped worker with a claim")
            assert answer["state"] == "opted_out"
            assert world.message(message)["status"] == Status.SENDING
            wait_until(lambda: time.monotonic() > asked + BEGIN_WITHIN.total_seconds(), "begin_by")
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGCONT)
    ended = world.wait_for_end(message)
    assert (ended["status"], ended["reason"]) == ("cancelled", "opted_out")
    assert ended["event_id"] == answer["event_id"]
    assert world.phone_shows(customer) == []


def is_sending(world: Outside, message_id: int) -> bool:
    """Look into the table: a claim is over before a call is answered."""
    with world.rows() as rows:
        (status,) = rows.execute(
            "SELECT status FROM messages WHERE id = ?", (message_id,)
        ).fetchone()
    return bool(status == Status.SENDING)


def test_ctrl_c_leaves_no_process_and_the_next_start_everything_else(world: Outside, line: Relay):
    out, waiting = customers(world, "Kept", 2)
    world.consent(out, "opted_out")
    message = world.send(waiting, "Tomorrow", from_now(86_400))
    assert len(world.processes()) > 6

    assert world.stop() == 0

    assert world.heed.lines[-1] == "Heed has stopped."
    assert not world.processes()
    world.start()
    connect(line, world)
    assert world.state(out) == "opted_out"
    assert world.message(message)["status"] == Status.SCHEDULED
    assert world.phone_shows(waiting) == []
