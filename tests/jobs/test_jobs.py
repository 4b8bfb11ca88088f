"""RQ jobs with a real Valkey and a real worker in burst mode: they wake work, rows decide."""

from __future__ import annotations

import ast
import importlib
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job, JobStatus
from rq.registry import ScheduledJobRegistry

from jobs import reconcile
from jobs.scheduler import Scheduler
from tests.people import add_contact, add_message, new_message, phone, record, state_of, status_of
from tests.sending import came_too_late
from tests.servers import wait_until
from tests.whatsapp_wire import Wire, accepts
from webapp.accounts.rules import SYSTEM
from webapp.contacts.rules import Channel, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.queue import QUEUES, SERIALIZER, SHORT_QUEUES, JobQueue, after_commit, jobs
from webapp.core.queue import Job as QueuedJob
from webapp.delivery import sweeps
from webapp.delivery.service import cancel_message, compose
from webapp.events.models import Event
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin, Status
from webapp.outbox.service import admit

pytestmark = pytest.mark.usefixtures("context")


def work(redis: Redis) -> None:
    """Run every queued job and stop; the test's own transaction ends first."""
    db.session.commit()
    queues = [Queue(name, connection=redis, serializer=SERIALIZER) for name in QUEUES]
    SimpleWorker(queues, connection=redis, serializer=SERIALIZER).work(
        burst=True, logging_level="WARNING"
    )


def work_until_begun(redis: Redis) -> None:
    """Work, and again as the scheduler has it where a claim came too late to begin."""

    def through() -> bool:
        work(redis)
        if came_too_late() == 0:
            return True
        reconcile.every_second()
        return False

    wait_until(through, "a claim that begins in time")


def scheduled_jobs(redis: Redis) -> list[str]:
    found = ScheduledJobRegistry("send", connection=redis, serializer=SERIALIZER).get_job_ids()
    return [str(job_id) for job_id in found]


def schedule(minutes: float = 1) -> Message:
    """Schedule a message to Ann, as a person does on her page."""
    contact = add_contact()
    return transaction(
        lambda: compose(
            contact,
            Channel.WHATSAPP,
            text="Ten percent off",
            origin=Origin.SCHEDULED,
            actor=SYSTEM,
            send_at=clock.now() + timedelta(minutes=minutes),
        )
    )


def test_scheduling_gives_a_message_one_job_under_a_stable_id(redis: Redis) -> None:
    message = schedule(minutes=14)
    assert scheduled_jobs(redis) == [f"send-{message.id}"]
    assert sweeps.top_up() == 1
    assert scheduled_jobs(redis) == [f"send-{message.id}"]


def test_an_opt_out_takes_the_job_out_of_redis(redis: Redis) -> None:
    message = schedule()
    record()
    work(redis)
    assert scheduled_jobs(redis) == []
    assert not Job.exists(f"send-{message.id}", connection=redis)
    assert status_of(message.id) is Status.CANCELLED
    assert db.session.query(Event).filter_by(handled_at=None).count() == 0


def test_an_opt_out_with_nothing_waiting_is_no_work_for_a_worker(redis: Redis) -> None:
    add_contact()
    record()
    assert redis.keys("rq:job:*") == []
    assert db.session.query(Event).filter_by(handled_at=None).count() == 0


def test_a_repeated_opt_out_takes_the_jobs_of_what_it_cancelled_too(redis: Redis) -> None:
    add_contact()
    record(at=clock.now() - timedelta(hours=1))
    message = add_message(send_at=clock.now() + timedelta(minutes=5))  # the first could not see it
    jobs().enqueue_at(message.not_before, "jobs.delivery.send", message.id, job_id=message.job_id)
    record()
    work(redis)
    assert status_of(message.id) is Status.CANCELLED
    assert scheduled_jobs(redis) == []


def test_a_thousand_jobs_are_cancelled_wherever_they_wait(redis: Redis) -> None:
    soon = clock.now() + timedelta(minutes=5)
    scheduled = [QueuedJob("jobs.delivery.send", (n,), soon, f"send-{n}") for n in range(1100)]
    queued = [QueuedJob("jobs.delivery.send", (n,), None, f"send-{n}") for n in range(2000, 2010)]
    other = QueuedJob("jobs.delivery.send", (5000,), soon, "send-5000")
    assert jobs().enqueue_all([*scheduled, *queued, other])
    assert jobs().cancel([job.job_id or "" for job in (*scheduled, *queued)] + ["send-9999"])
    assert scheduled_jobs(redis) == ["send-5000"]
    assert Queue("send", connection=redis, serializer=SERIALIZER).job_ids == []
    assert redis.keys("rq:job:*") == [b"rq:job:send-5000"]


def test_a_job_that_runs_is_left_to_end(redis: Redis) -> None:
    queue = Queue("send", connection=redis, serializer=SERIALIZER)
    running = queue.enqueue("jobs.delivery.send", args=(1,), job_id="send-1")
    running.set_status(JobStatus.STARTED)
    assert jobs().cancel(["send-1"])
    assert Job.exists("send-1", connection=redis)


def test_what_a_transaction_asks_for_is_queued_together(redis: Redis) -> None:
    def work() -> None:
        for number in range(3):
            after_commit("jobs.delivery.send", number)
        after_commit("jobs.delivery.send", 7, job_id="send-7")
        after_commit("jobs.delivery.send", 8, at=clock.now() + timedelta(hours=1), job_id="send-8")
        after_commit("jobs.consent.after_change", 9)

    transaction(work)
    counts = [Queue(name, connection=redis, serializer=SERIALIZER).count for name in SHORT_QUEUES]
    assert dict(zip(SHORT_QUEUES, counts, strict=True)) == {"work": 1, "send": 4}
    assert scheduled_jobs(redis) == ["send-8"]
    job = Job.fetch("send-7", connection=redis, serializer=SERIALIZER)
    assert (job.func_name, job.args, job.timeout) == ("jobs.delivery.send", [7], 600)
    assert (job.result_ttl, job.failure_ttl) == (0, 60)


def test_cancelling_by_hand_takes_the_job_out_too(redis: Redis) -> None:
    message = schedule()
    assert transaction(lambda: cancel_message(message.id, SYSTEM))
    work(redis)
    assert scheduled_jobs(redis) == []
    assert not transaction(lambda: cancel_message(message.id, SYSTEM))


def test_a_ghost_of_a_cancelled_job_sends_nothing(redis: Redis, wire: Wire) -> None:
    message = schedule()
    record()
    jobs().enqueue("jobs.delivery.send", message.id)
    work(redis)
    assert wire.requests == []


def test_a_message_for_now_is_sent_by_the_worker(redis: Redis, wire: Wire) -> None:
    contact = add_contact()
    wire.replies.append(accepts())
    message = transaction(
        lambda: compose(contact, Channel.WHATSAPP, text="Hello", origin=Origin.API, actor=SYSTEM)
    )
    work_until_begun(redis)
    assert status_of(message.id) is Status.SENT


def test_the_scheduler_moves_a_due_job_and_the_worker_sends_it(redis: Redis, wire: Wire) -> None:
    message = schedule(minutes=0.01)
    wire.replies.append(accepts())
    scheduler = Scheduler()
    queue = Queue("send", connection=redis, serializer=SERIALIZER)

    def moved() -> bool:
        scheduler.tick(time.monotonic())
        return bool(queue.count)

    wait_until(moved, "the due job to be queued")
    work_until_begun(redis)
    assert status_of(message.id) is Status.SENT
    scheduler.close()


def test_a_killed_scheduler_keeps_its_lock_for_seconds_only(redis: Redis) -> None:
    Scheduler().tick(time.monotonic())
    locks = [key for key in redis.scan_iter() if b"scheduler-lock" in key]
    assert len(locks) == 2
    assert all(0 < redis.ttl(key) <= 5 for key in locks)


def test_a_wiped_redis_loses_no_message(redis: Redis, wire: Wire) -> None:
    message = schedule(minutes=0)
    redis.flushall()
    row = db.session.get_one(Message, message.id)
    row.not_before -= timedelta(seconds=5)
    db.session.commit()
    wire.replies.append(accepts())
    reconcile.every_second()
    work_until_begun(redis)
    assert status_of(message.id) is Status.SENT


def test_messages_far_away_are_rows_and_no_jobs(redis: Redis) -> None:
    schedule(minutes=60 * 24 * 30)
    assert scheduled_jobs(redis) == []
    sweeps.top_up()
    assert scheduled_jobs(redis) == []


def test_a_message_that_comes_into_reach_gets_its_job(redis: Redis) -> None:
    message = schedule(minutes=60)
    row = db.session.get_one(Message, message.id)
    row.not_before = clock.now() + timedelta(minutes=14)
    db.session.commit()
    assert sweeps.top_up() == 1
    assert scheduled_jobs(redis) == [f"send-{message.id}"]


def test_a_due_batch_is_queued_once_however_often_it_is_found(redis: Redis) -> None:
    past = clock.now() - timedelta(seconds=30)
    for number in range(300):
        db.session.add(new_message(address=phone(f"+1650555{number:04}"), send_at=past))
    db.session.commit()
    for _ in range(3):
        reconcile.every_second()
    waiting = Queue("send", connection=redis, serializer=SERIALIZER).count
    assert 2 <= waiting <= 4


def test_an_opt_out_stands_while_redis_is_away(app: Flask) -> None:
    message = schedule()
    there: JobQueue = app.extensions["heed_queue"]
    app.extensions["heed_queue"] = JobQueue("redis://127.0.0.1:1/0")
    try:
        record()
        assert not jobs().is_up()
    finally:
        app.extensions["heed_queue"] = there
    assert state_of() is State.OPTED_OUT
    assert status_of(message.id) is Status.CANCELLED
    assert sweeps.wake_events() == 1


def test_nothing_is_enqueued_by_a_transaction_that_fails(redis: Redis) -> None:
    def fails() -> None:
        admit(new_message(), clock.now())
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        transaction(fails)
    assert Queue("send", connection=redis, serializer=SERIALIZER).count == 0


def _dotted_names() -> set[str]:
    """Every string in webapp that looks like the name of a job."""
    found = set()
    for path in (Path(__file__).parents[2] / "webapp").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                name = node.value
                if name.startswith("jobs.") and name.count(".") == 2 and name.isascii():
                    found.add(name)
    return {name for name in found if not name.endswith(".")}


def test_every_enqueued_name_is_a_job() -> None:
    names = _dotted_names()
    assert "jobs.delivery.send" in names
    for name in names:
        module, _, function = name.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function))
