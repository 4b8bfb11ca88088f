"""A process that dies at each step: of sending a message, and of taking a STOP.

The processes are real, and kill themselves with -9 at the named point (`tests/fault/mutated.py`).
What is left behind is taken up as the scheduler and a worker do it. Each outcome stands in
docs/faults.md.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from redis import Redis
from rq import Queue, SimpleWorker
from sqlalchemy import select, update

from jobs import reconcile
from tests.conftest import WHATSAPP
from tests.fault.callbacks import Taken, envelope, signed, status
from tests.fault.doors import Reply, Unanswered, ask
from tests.fault.mutated import (
    AFTER_ANSWER,
    AFTER_CLAIM,
    AFTER_EFFECT,
    BEFORE_CLAIM,
    IN_CLAIM,
    IN_EFFECT,
    IN_RECORD,
    KEPT_WEBHOOK,
)
from tests.people import add_contact, add_message, all_events, record, state_of
from tests.sending import came_too_late
from tests.servers import PATIENCE, end, free_port, launch, wait_until
from tests.whatsapp_wire import Wire, accepts
from webapp.consent.service import settle
from webapp.contacts.rules import State
from webapp.conversations.models import InboundMessage, StoredWebhook
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db
from webapp.core.queue import SERIALIZER, SHORT_QUEUES, jobs
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin, Reason, Status, job_id

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("crash steps"),
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL"),
]

NUMBER = "16505551234"
SECRET = WHATSAPP["whatsapp_app_secret"]
IN_CALL = "during the call"


def environment(config: Config, api_url: str) -> dict[str, str]:
    """Give a process of Heed's what it needs to stand beside the app under test."""
    return {
        **{name: value for name, value in os.environ.items() if name[:5] != "HEED_"},
        **{f"HEED_{name.upper()}": value for name, value in WHATSAPP.items()},
        "HEED_DATA": str(config.data),
        "HEED_DATABASE_URL": config.database_url,
        "HEED_REDIS_URL": config.redis_url,
        "HEED_WHATSAPP_API_URL": api_url,
    }


def start(
    config: Config, api_url: str, points: Path, *words: str, **more: str
) -> subprocess.Popen[bytes]:
    """Start a process of Heed's that dies at the points named in a folder."""
    command = [sys.executable, "-m", "tests.fault.mutated", f"crash={points}", *words]
    with (points.parent / "process.log").open("ab") as log:
        settings = environment(config, api_url) | more
        return launch(command, environment=settings, output=log)


@pytest.fixture
def waiting(wire: Wire) -> Message:
    """A message that is due."""
    return add_message(send_at=clock.now() - timedelta(minutes=1))


def crash(config: Config, wire: Wire, waiting: Message, folder: Path, point: str) -> None:
    """Let a worker take up the job of the message, and die at `point`.

    On a busy machine a worker may be too late between two steps: then it lets the message wait,
    ends the job and lives on. So the job is given again whenever there is none.
    """
    number = waiting.id
    (folder / "points").mkdir()
    if point == IN_CALL:
        wire.replies.append(wire.hangs)
    else:
        (folder / "points" / point).touch()
        wire.replies.append(accepts("wamid.1"))
    db.session.rollback()  # SQLite has one lock for all who write
    worker = start(config, wire.url, folder / "points", "jobs.worker", *SHORT_QUEUES)

    def there() -> bool:
        if wire.asked.is_set() if point == IN_CALL else worker.poll() is not None:
            return True
        if jobs().holds(job_id(number)) is False:
            jobs().enqueue("jobs.delivery.send", number, job_id=job_id(number))
        return False

    try:
        wait_until(there, f"a worker to come to {point!r}")
        if point == IN_CALL:
            worker.kill()
        assert worker.wait(PATIENCE) == -signal.SIGKILL
    finally:
        worker.kill()
        worker.wait()


def take_up(redis: Redis) -> None:
    """Do what the scheduler and another worker do, as if 90 seconds had passed."""
    claimed = Message.status == Status.SENDING
    earlier = clock.now() - timedelta(minutes=2)
    db.session.execute(update(Message).where(claimed).values(claimed_at=earlier))
    db.session.commit()
    reconcile.every_few_seconds()
    queues = [Queue(name, connection=redis, serializer=SERIALIZER) for name in SHORT_QUEUES]
    worker = SimpleWorker(queues, connection=redis, serializer=SERIALIZER)

    def through() -> bool:
        reconcile.every_second()
        db.session.commit()
        worker.work(burst=True, logging_level="WARNING")
        return came_too_late() == 0

    wait_until(through, "a claim that begins in time")


def read(message: Message) -> Message:
    db.session.rollback()
    return db.session.get_one(Message, message.id, populate_existing=True)


@pytest.mark.parametrize("point", [BEFORE_CLAIM, IN_CLAIM])
def test_a_worker_that_dies_before_its_claim_stands_leaves_the_message_to_another(
    point: str, config: Config, wire: Wire, waiting: Message, redis: Redis, tmp_path: Path
):
    crash(config, wire, waiting, tmp_path, point)
    assert read(waiting).status is Status.SCHEDULED
    take_up(redis)
    assert read(waiting).status is Status.SENT
    assert len(wire.requests) == 1


@pytest.mark.parametrize("point", [BEFORE_CLAIM, IN_CLAIM])
def test_what_no_claim_holds_is_cancelled_by_an_opt_out(
    point: str, config: Config, wire: Wire, waiting: Message, redis: Redis, tmp_path: Path
):
    crash(config, wire, waiting, tmp_path, point)
    settle([record()])
    ended = read(waiting)
    assert (ended.status, ended.reason) == (Status.CANCELLED, Reason.OPTED_OUT)
    take_up(redis)
    assert wire.requests == []


@pytest.mark.parametrize("point", [AFTER_CLAIM, IN_CALL, AFTER_ANSWER, IN_RECORD])
def test_what_a_dead_worker_had_claimed_is_unconfirmed_and_never_sent_again(
    point: str,
    config: Config,
    wire: Wire,
    waiting: Message,
    redis: Redis,
    client: FlaskClient,
    tmp_path: Path,
):
    crash(config, wire, waiting, tmp_path, point)
    seen = 0 if point == AFTER_CLAIM else 1
    assert (read(waiting).status, len(wire.requests)) == (Status.SENDING, seen)
    settle([record()])
    assert state_of() is State.OPTED_OUT
    take_up(redis)
    ended = read(waiting)
    assert (ended.status, ended.reason) == (Status.UNCONFIRMED, Reason.WORKER_LOST)
    record(State.OPTED_IN)
    take_up(redis)
    assert len(wire.requests) == seen
    if seen:
        correlation = wire.requests[0]["biz_opaque_callback_data"]
        report = status(Taken("wamid.1", correlation, NUMBER), "delivered")
        body = envelope(WHATSAPP["whatsapp_phone_number_id"], statuses=[report])
        assert client.post("/webhooks/whatsapp", data=body, headers=signed(SECRET, body)).text == ""
        assert read(waiting).status is Status.DELIVERED


class Web:
    """A web server that dies where it is asked to, and is started again as `heed up` does."""

    def __init__(self, config: Config, points: Path) -> None:
        self.config = config
        self.points = points
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def wake(self) -> None:
        """Wait until it answers, and start it where it has ended: it does so after two deaths."""
        wait_until(self._answers, "the web server")

    def _answers(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            bind, url = f"127.0.0.1:{self.port}", self.config.whatsapp_api_url
            self.process = start(self.config, url, self.points, "web", HEED_BIND=bind)
        with suppress(Unanswered):
            return ask(self.port, "GET", "/healthz").status == 200
        return False

    def post(self, body: bytes) -> Reply:
        """Bring a notification. Raises Unanswered."""
        return ask(self.port, "POST", "/webhooks/whatsapp", signed(SECRET, body), body)

    def insist(self, body: bytes) -> None:
        """Bring it until it is answered 200, as WhatsApp does."""

        def taken() -> bool:
            self.wake()
            with suppress(Unanswered):
                return self.post(body).status == 200
            return False

        wait_until(taken, "the webhook's 200")

    def dies(self, point: str, body: bytes) -> None:
        """Bring it, and have the process die at `point`."""
        self.wake()
        (self.points / point).touch()
        db.session.rollback()
        with pytest.raises(Unanswered):
            self.post(body)
        assert not (self.points / point).exists()


@pytest.fixture(scope="module")
def web(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The web server with its processes, on the database under test."""
    points = tmp_path_factory.mktemp("web") / "points"
    points.mkdir()
    found = Web(config, points)
    try:
        yield found
    finally:
        if found.process is not None:
            end(found.process)


def stop_said() -> bytes:
    message = {"from": NUMBER, "id": f"wamid.{time.time_ns()}", "type": "text"}
    message |= {"timestamp": str(int(time.time()))}
    said = [{**message, "text": {"body": "STOP"}}]
    who = [{"profile": {"name": "Ann"}, "wa_id": NUMBER}]
    return envelope(WHATSAPP["whatsapp_phone_number_id"], contacts=who, messages=said)


def expect_one_stop() -> None:
    """The stop was taken once, with its one answer."""
    db.session.rollback()
    assert state_of() is State.OPTED_OUT
    assert len(all_events()) == 1
    assert db.session.query(InboundMessage).count() == 1
    assert db.session.query(Message).filter_by(origin=Origin.CONFIRMATION).count() == 1
    stored = db.session.scalars(select(StoredWebhook)).one()
    assert stored.processed_at is not None


EVENTS = {KEPT_WEBHOOK: 0, IN_EFFECT: 0, AFTER_EFFECT: 1}


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("point", list(EVENTS))
def test_a_stop_whose_webhook_died_is_taken_once_when_it_is_repeated(point: str, web: Web):
    add_contact()
    body = stop_said()
    web.dies(point, body)
    db.session.rollback()
    assert db.session.query(StoredWebhook).count() == 1
    assert len(all_events()) == EVENTS[point]
    db.session.rollback()
    for _ in range(2):
        web.insist(body)
    expect_one_stop()


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("point", [KEPT_WEBHOOK, IN_EFFECT])
def test_a_stop_whose_webhook_died_is_taken_without_a_repeat(point: str, web: Web):
    add_contact()
    web.dies(point, stop_said())
    db.session.rollback()
    earlier = clock.now() - timedelta(minutes=1)
    db.session.execute(update(StoredWebhook).values(received_at=earlier))
    db.session.commit()
    reconcile.every_minute()
    expect_one_stop()
