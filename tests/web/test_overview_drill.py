"""The overview's line about drills, and the slowest opt-outs, as their doors measured them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import select

from tests.people import add_contact, phone
from tests.visitor import Visitor, visitor, words
from webapp.accounts.rules import Role
from webapp.contacts.addresses import key_of
from webapp.contacts.sinks import sink
from webapp.conversations import slowest
from webapp.conversations.models import SlowestStop
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.core.queue import JobQueue, jobs
from webapp.drills.models import Drill
from webapp.webhooks.whatsapp_line import WhatsAppLine
from webapp.webhooks.whatsapp_signature import sign

pytestmark = pytest.mark.usefixtures("context")

KEYS = [bytes(32)]


@pytest.fixture(autouse=True)
def _fresh(app: Flask) -> None:
    """Let this process remember no opt-out of today."""
    app.extensions.pop(slowest.KNOWN, None)


def line_of(viewer: Visitor) -> str:
    """Give the words of the health part from the drill on."""
    return words(viewer.get("/overview/health")).partition("Opt-out drill")[2]


def kept() -> list[int]:
    found = [row.milliseconds for row in db.session.scalars(select(SlowestStop))]
    db.session.rollback()
    return found


def asked() -> list[list[object]]:
    """Give what workers were asked to keep."""
    return [list(job.args) for job in jobs().queue("work").get_jobs()]


def test_before_the_first_drill_an_admin_is_told_how(app: Flask) -> None:
    assert "None yet" in line_of(visitor(app, Role.VIEWER))
    assert "heed drill" not in line_of(visitor(app, Role.MARKETER))
    assert "heed drill" in line_of(visitor(app, Role.ADMIN))


def test_it_shows_the_last_drill(app: Flask) -> None:
    step = {"name": "STOP comes in", "passed": False, "found": "Answered 500", "milliseconds": 3}
    later = {"name": "State flipped by one event", "passed": None, "found": "Not come to"}
    transaction(lambda: db.session.add(Drill(passed=False, steps=[step, later])))
    said = line_of(visitor(app, Role.VIEWER))
    assert "Failed" in said
    assert "STOP comes in: Answered 500" in said
    transaction(lambda: db.session.add(Drill(passed=True, enforced_ms=1234, steps=[])))
    said = line_of(visitor(app, Role.MARKETER))
    assert "Passed" in said
    assert "STOP enforced in 1,234 ms" in said
    assert "Answered 500" not in said


def test_it_shows_the_slowest_opt_out_of_today_and_of_seven_days(app: Flask) -> None:
    now = clock.now()
    for days, milliseconds in ((0, 12), (3, 345), (8, 6789)):
        transaction(lambda d=days, m=milliseconds: slowest.keep(m, now - timedelta(days=d)))  # type: ignore[misc]
    said = line_of(visitor(app, Role.VIEWER))
    assert "12 ms today, 345 ms in seven days" in said
    assert "6,789" not in said


def test_only_a_longer_one_of_the_day_is_kept() -> None:
    now = clock.now()
    for milliseconds in (5, 9, 7):
        transaction(lambda m=milliseconds: slowest.keep(m, now))  # type: ignore[misc]
    assert kept() == [9]


def test_the_usual_opt_out_asks_nobody(redis: Redis) -> None:
    slowest.note(0.0051, KEYS)
    slowest.note(0.0052, KEYS)
    slowest.note(0.0049, KEYS)
    assert [args[0] for args in asked()] == [6]
    slowest.note(0.0071, KEYS)
    assert [args[0] for args in asked()] == [6, 8]


def test_neither_a_drill_nor_what_opts_nobody_out_counts(redis: Redis) -> None:
    slowest.note(1.0, [])
    slowest.note(1.0, [key_of(sink(clock.now().date()))])
    assert asked() == []


def say(app: Flask, client: FlaskClient, text: str, message_id: str) -> int:
    config: Config = app.extensions["heed"]
    body = WhatsAppLine("", config).notice(phone().value, text, message_id, clock.now())
    headers = {"X-Hub-Signature-256": sign(config.whatsapp_app_secret, body)}
    return client.post("/webhooks/whatsapp", data=body, headers=headers).status_code


def test_a_stop_by_webhook_is_measured(app: Flask, client: FlaskClient, redis: Redis) -> None:
    add_contact()
    assert say(app, client, "Hello", "wamid.1") == 200
    assert [job for job in asked() if len(job) == 2] == []
    assert say(app, client, "STOP", "wamid.2") == 200
    assert len([job for job in asked() if len(job) == 2]) == 1


def test_a_stop_is_acknowledged_where_nobody_can_be_asked(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "heed_queue", JobQueue("redis://127.0.0.1:1"))
    assert say(app, client, "STOP", "wamid.3") == 200
