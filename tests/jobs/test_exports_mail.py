"""The exclusion list by email on a plan: once each time, to each once, and never a gap."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from jobs import reconcile
from jobs.tasks import RUNNERS
from tests.mail_server import MailServer, mail_server
from tests.people import add_contact, add_user, phone, record
from tests.servers import free_port
from tests.sheets import sheets
from webapp.accounts.models import User
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.contacts.rules import Channel, Source, State
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.exports import mailing, queries, schedules, turns
from webapp.exports.models import ExportSchedule
from webapp.exports.schedules import Wanted
from webapp.exports.times import Every, Plan
from webapp.tasks import queries as task_queries
from webapp.tasks import service as tasks
from webapp.tasks import waking
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

pytestmark = pytest.mark.usefixtures("context")

BERLIN = ZoneInfo("Europe/Berlin")
GREY = "451 4.7.1 Greylisted, come back later"
DPO, LEGAL = "dpo@partner.example", "legal@partner.example"


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test has recorded is committed."""
    monkeypatch.setattr(turns, "SETTLING", timedelta())


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    """A mail server that Heed sends to."""
    before: Config = app.extensions["heed"]
    with mail_server() as listening:
        more = {"smtp_url": listening.url, "email_from": "Heed <heed@shop.example>"}
        app.extensions["heed"] = before.model_copy(update=more)
        yield listening
    app.extensions["heed"] = before


def number(nth: int) -> str:
    return f"+1650555{nth:04d}"


def out(nth: int, **values: Any) -> None:
    record(address=phone(number(nth)), channel=Channel.SMS, **values)


def plan(**values: Any) -> int:
    """Plan a daily CSV file of those opted out of SMS for one recipient; gives its id."""
    wanted: dict[str, Any] = {
        "name": "SMS stops",
        "channel": Channel.SMS,
        "source": None,
        "only_new": False,
        "file_type": "csv",
        "recipients": (DPO,),
        "plan": Plan(Every.DAY, 1, 7, BERLIN),
        **values,
    }
    user = db.session.scalars(select(User)).first() or add_user(Role.ADMIN)
    actor = user.actor()
    return transaction(lambda: schedules.add(Wanted(**wanted), actor)).id


def planned(schedule_id: int) -> ExportSchedule:
    found = queries.schedule_of(schedule_id)
    db.session.rollback()
    return found


def is_due(schedule_id: int, ago: timedelta = timedelta(seconds=1)) -> None:
    """Let its time have come."""
    then = clock.now() - ago
    one = ExportSchedule.id == schedule_id
    transaction(lambda: db.session.execute(update(ExportSchedule).where(one).values(next_at=then)))


def run(task_id: int) -> Task:
    tasks.run(task_id, RUNNERS)
    return stands(task_id)


def stands(task_id: int) -> Task:
    found = task_queries.task_of(task_id)
    db.session.rollback()
    return found


def send(schedule_id: int) -> Task:
    """Let its time come, and its task run."""
    is_due(schedule_id)
    assert turns.start_due() == 1
    task_id = planned(schedule_id).last_task_id
    assert task_id is not None
    return run(task_id)


def send_now(schedule_id: int) -> Task:
    actor = db.session.scalars(select(User)).one().actor()
    return run(transaction(lambda: turns.send_now(schedule_id, actor)).id)


def text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def attached(message: EmailMessage) -> tuple[str, bytes]:
    (part,) = message.iter_attachments()
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return part.get_filename() or "", content


def addresses(message: EmailMessage) -> list[str]:
    """Give who is in the attached CSV file."""
    lines = io.StringIO(attached(message)[1].decode("utf-8-sig"))
    return sorted(row["address"] for row in csv.DictReader(lines))


def test_it_brings_the_file_and_says_what_it_holds(server: MailServer) -> None:
    add_contact(number(0), "=Ann")
    out(0, source=Source.KEYWORD, at=datetime(2026, 11, 9, 22, 30, tzinfo=UTC))
    out(1)
    record(address=phone(number(2)))  # of WhatsApp
    schedule_id = plan(recipients=(DPO, LEGAL))
    task = send(schedule_id)
    assert (task.status, task.result) == (TaskStatus.DONE, {"rows": 2, "sent": 2})
    assert server.recipients == [DPO, LEGAL]
    message = server.arrived[0][1]
    assert message["To"] == DPO
    assert message["From"] == "Heed <heed@shop.example>"
    assert message["Subject"] == "SMS stops: 2 opt-outs"
    assert message["Auto-Submitted"] == "auto-generated"
    said = text(message)
    for part in (
        "2 opt-outs: everybody opted out of SMS.",
        "All that stand as of",
        "Times in it are of Europe/Berlin.",
        "Admin planned this each day at 07:00 (Europe/Berlin).",
        "/exports",
    ):
        assert part in said
    name, content = attached(message)
    assert name.startswith("heed-sms-opt-outs-")
    assert name.endswith(".csv")
    assert b"2026-11-09T23:30:00+01:00" in content
    assert b"'=Ann" in content
    assert planned(schedule_id).last_error == ""
    assert planned(schedule_id).last_at is not None


def test_an_excel_file_of_all_channels_by_one_source(server: MailServer) -> None:
    out(0, source=Source.API)
    out(1, source=Source.KEYWORD)
    record(address=phone(number(2)), source=Source.API)
    plan_id = plan(channel=None, source=Source.API, file_type="xlsx")
    send(plan_id)
    name, content = attached(server.arrived[0][1])
    assert name.startswith("heed-all-opt-outs-")
    (sheet,) = sheets(content)
    assert sorted((row[0], row[1]) for row in sheet.rows[1:]) == [
        ("sms", number(0)),
        ("whatsapp", number(2)),
    ]
    assert "opted out of any channel, by API only" in text(server.arrived[0][1])


def test_an_empty_list_is_mailed_too(server: MailServer) -> None:
    send(plan())
    message = server.arrived[0][1]
    assert message["Subject"] == "SMS stops: 0 opt-outs"
    assert addresses(message) == []


def test_it_is_started_once_whoever_looks(server: MailServer) -> None:
    schedule_id = plan()
    is_due(schedule_id)
    assert (turns.start_due(), turns.start_due()) == (1, 0)
    following = planned(schedule_id).next_at
    assert following is not None
    assert following > clock.now()
    assert following.astimezone(BERLIN).hour == 7
    assert db.session.scalar(select(func.count()).select_from(Task)) == 1


def test_what_was_missed_is_made_up_for_once(server: MailServer) -> None:
    schedule_id = plan()
    is_due(schedule_id, timedelta(days=20))
    assert (turns.start_due(), turns.start_due()) == (1, 0)


def test_the_reconciler_starts_what_is_due(server: MailServer) -> None:
    is_due(plan())
    reconcile.every_minute()
    assert db.session.scalars(select(Task.title)).all() == ["Email “SMS stops” to 1 recipient"]


def test_only_what_is_new_leaves_no_gap_and_repeats_nothing(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule_id = plan(only_new=True)
    out(0, at=datetime(2020, 1, 1, tzinfo=UTC))
    send(schedule_id)
    out(1, at=datetime(2020, 1, 1, tzinfo=UTC))  # dated back, heard of now
    send(schedule_id)
    out(2)
    with monkeypatch.context() as patch:
        # It may not be committed yet for whoever looks: too late for this one, not for good.
        patch.setattr(turns, "SETTLING", timedelta(hours=1))
        send(schedule_id)
    send(schedule_id)
    send(schedule_id)
    found = [addresses(message) for _, message in server.arrived]
    assert found == [[number(0)], [number(1)], [], [number(2)], []]
    said = [text(message) for _, message in server.arrived]
    assert "All recorded until" in said[0]
    assert "Whoever opted in again since is not among them." in said[1]


def test_whoever_opted_in_again_meanwhile_is_not_in_it(server: MailServer) -> None:
    schedule_id = plan(only_new=True)
    out(0, at=datetime(2026, 1, 1, tzinfo=UTC))
    out(1)
    record(State.OPTED_IN, address=phone(number(0)), channel=Channel.SMS, source=Source.KEYWORD)
    send(schedule_id)
    assert addresses(server.arrived[0][1]) == [number(1)]


def test_what_is_sent_now_is_in_the_next_turn_all_the_same(server: MailServer) -> None:
    schedule_id = plan(only_new=True)
    out(0)
    before = planned(schedule_id).next_at
    send_now(schedule_id)
    assert planned(schedule_id).next_at == before
    send(schedule_id)
    assert [addresses(message) for _, message in server.arrived] == [[number(0)]] * 2


def test_a_large_file_is_a_link_that_needs_a_sign_in(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "ATTACHED_AT_MOST", 10)
    out(0)
    task = send(plan())
    message = server.arrived[0][1]
    assert list(message.iter_attachments()) == []
    assert f"/exports/{task.id}/file" in text(message)
    assert "Sign in and download it within 7 days" in text(message)


def test_a_server_that_is_away_is_tried_again_with_pauses(app: Flask, server: MailServer) -> None:
    schedule_id = plan()
    out(0)
    away(app)
    task = send(schedule_id)
    assert (task.status, task.lease) == (TaskStatus.WAITING, None)
    assert "cannot be used" in planned(schedule_id).last_error
    assert task.beat_at > clock.now() + mailing.PAUSES[0] - timedelta(seconds=30)
    assert waking.wake_forgotten() == 0  # not before its pause is over
    back(app, server)
    task = run(task.id)
    assert (task.status, task.result["sent"]) == (TaskStatus.DONE, 1)
    assert planned(schedule_id).last_error == ""
    assert server.recipients == [DPO]


def test_it_is_woken_when_its_pause_is_over(app: Flask, server: MailServer) -> None:
    away(app)
    task = send(plan())
    long_ago = clock.now() - timedelta(seconds=10)
    one = Task.id == task.id
    transaction(lambda: db.session.execute(update(Task).where(one).values(beat_at=long_ago)))
    assert waking.wake_forgotten() == 1


def test_it_is_given_up_after_some_tries_and_the_next_covers_it(
    app: Flask, server: MailServer
) -> None:
    schedule_id = plan(only_new=True)
    out(0)
    away(app)
    task = send(schedule_id)
    for _ in mailing.PAUSES:
        assert task.status is TaskStatus.WAITING
        task = run(task.id)
    assert task.status is TaskStatus.FAILED
    assert task.error.startswith(
        f"It could not be mailed. Not to {DPO}: The mail server 127.0.0.1:"
    )
    assert task.error.endswith("Tried 6 times.")
    back(app, server)
    send(schedule_id)
    assert addresses(server.arrived[0][1]) == [number(0)]


def test_each_is_served_once_also_where_one_has_to_wait(server: MailServer) -> None:
    schedule_id = plan(recipients=(DPO, LEGAL))
    server.answers[LEGAL] = GREY
    task = send(schedule_id)
    assert task.status is TaskStatus.WAITING
    assert "451 4.7.1 Greylisted" in planned(schedule_id).last_error
    server.answers.clear()
    task = run(task.id)
    assert task.result["sent"] == 2
    assert server.recipients == [DPO, LEGAL]


def test_one_who_has_to_wait_keeps_nobody_waiting(server: MailServer) -> None:
    schedule_id = plan(recipients=(DPO, LEGAL), only_new=True)
    server.answers[DPO] = GREY
    task = send(schedule_id)
    assert (task.status, server.recipients) == (TaskStatus.WAITING, [LEGAL])
    assert planned(schedule_id).last_error == f"Not to {DPO}: The mail server said {GREY}"


def test_who_never_can_have_it_is_refused_in_the_end_and_the_others_are_done(
    server: MailServer,
) -> None:
    schedule_id = plan(recipients=(DPO, LEGAL), only_new=True)
    out(0)
    server.answers[DPO] = GREY
    task = send(schedule_id)
    for _ in mailing.PAUSES:
        assert task.status is TaskStatus.WAITING
        task = run(task.id)
    assert (task.status, task.result["sent"], task.result["refused"]) == (TaskStatus.DONE, 1, 1)
    said = f"Not to {DPO}: The mail server said {GREY}. Tried 6 times."
    assert planned(schedule_id).last_error == said
    assert planned(schedule_id).covers_from is not None
    mailed = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "exports.mailed"))
    assert mailed.one().detail["recipients"] == [LEGAL]
    db.session.rollback()
    server.answers.clear()
    send(schedule_id)
    assert [addresses(message) for _, message in server.arrived] == [[number(0)], [], []]


def test_it_gives_way_between_recipients_and_serves_each_once(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = ("a@partner.example", "b@partner.example")
    schedule_id = plan(recipients=(DPO, LEGAL, *others))
    server.answers[DPO] = GREY
    monkeypatch.setattr("webapp.tasks.work.TURN", -1.0)
    task = send(schedule_id)
    assert (task.status, server.recipients) == (TaskStatus.RUNNING, [])  # DPO's turn
    for served in ([LEGAL], [LEGAL, "a@partner.example"]):
        task = run(task.id)
        assert (task.status, task.lease, server.recipients) == (TaskStatus.RUNNING, None, served)
    assert run(task.id).status is TaskStatus.WAITING
    server.answers.clear()
    assert run(task.id).status is TaskStatus.DONE
    assert server.recipients == [LEGAL, *others, DPO]


def test_an_address_that_the_server_has_no_letters_for_is_refused_for_good(
    app: Flask, server: MailServer
) -> None:
    schedule_id = plan(recipients=("jörg@partner.example", LEGAL))
    with mail_server(smtputf8=False) as plain:
        back(app, plain)
        task = send(schedule_id)
    assert (task.status, plain.recipients) == (TaskStatus.DONE, [LEGAL])
    assert "SMTPUTF8" in planned(schedule_id).last_error


def test_a_killed_process_repeats_one_email_at_most_under_the_same_id(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule_id = plan(recipients=(DPO, LEGAL))
    out(0)
    is_due(schedule_id)
    turns.start_due()
    task_id = planned(schedule_id).last_task_id
    assert task_id is not None
    sent = mailing._send

    def dies(*given: Any) -> None:
        sent(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "_send", dies)
        with pytest.raises(KeyboardInterrupt):
            run(task_id)
    db.session.rollback()
    silent = clock.now() - timedelta(seconds=61)
    one = Task.id == task_id
    transaction(lambda: db.session.execute(update(Task).where(one).values(beat_at=silent)))
    assert run(task_id).status is TaskStatus.DONE
    assert server.recipients == [DPO, DPO, LEGAL]
    ids = [message["Message-ID"] for _, message in server.arrived]
    assert ids[0] == ids[1] != ids[2]
    assert len({attached(message)[0] for _, message in server.arrived}) == 1


def test_whom_the_server_refuses_for_good_is_said_and_the_others_get_it(
    server: MailServer,
) -> None:
    schedule_id = plan(recipients=(DPO, LEGAL))
    server.answers[DPO] = "550 5.1.1 No such mailbox"
    task = send(schedule_id)
    assert (task.status, task.result["sent"], task.result["refused"]) == (TaskStatus.DONE, 1, 1)
    said = planned(schedule_id).last_error
    assert said == f"Not to {DPO}: The mail server said 550 5.1.1 No such mailbox"
    assert server.recipients == [LEGAL]


def test_where_it_is_refused_for_everybody_it_has_failed(server: MailServer) -> None:
    server.answers["DATA"] = "554 5.7.1 No attachments here"
    task = send(plan())
    assert task.status is TaskStatus.FAILED
    assert "554 5.7.1 No attachments here" in task.error


def test_without_a_mail_server_it_fails_with_the_settings_that_are_missing() -> None:
    out(0)
    task = send(plan())
    assert task.status is TaskStatus.FAILED
    assert "set HEED_SMTP_URL and HEED_EMAIL_FROM" in task.error


def test_in_safe_mode_it_goes_to_those_alone_who_are_listed(app: Flask, server: MailServer) -> None:
    config: Config = app.extensions["heed"]
    app.extensions["heed"] = config.model_copy(update={"safe_mode": (LEGAL,)})
    schedule_id = plan(recipients=(DPO, LEGAL))
    send(schedule_id)
    assert server.recipients == [LEGAL]
    assert f"HEED_SAFE_MODE does not list {DPO}" in planned(schedule_id).last_error


def test_a_password_is_not_sent_to_a_server_without_encryption(
    app: Flask, server: MailServer
) -> None:
    config: Config = app.extensions["heed"]
    url = f"smtp://user:hunter2@127.0.0.1:{server.port}?tls=required"
    app.extensions["heed"] = config.model_copy(update={"smtp_url": url})
    schedule_id = plan()
    assert send(schedule_id).status is TaskStatus.WAITING
    said = planned(schedule_id).last_error
    assert "no encryption" in said
    assert "hunter2" not in said
    assert server.arrived == []


def test_pausing_stops_what_is_under_way_and_resuming_makes_up_for_nothing(
    app: Flask, server: MailServer
) -> None:
    schedule_id = plan()
    away(app)
    task = send(schedule_id)
    actor = db.session.scalars(select(User)).one().actor()
    transaction(lambda: schedules.pause(schedule_id, actor, active=False))
    assert task_queries.task_of(task.id).status is TaskStatus.CANCELLED
    db.session.rollback()
    assert planned(schedule_id).next_at is None
    transaction(lambda: schedules.pause(schedule_id, actor, active=True))
    following = planned(schedule_id).next_at
    assert following is not None
    assert following > clock.now()
    assert turns.start_due() == 0


def stopped(first: Task, now: Task) -> list[TaskStatus]:
    found = [task_queries.task_of(task.id).status for task in (first, now)]
    db.session.rollback()
    return found


def test_pausing_and_deleting_stop_all_that_is_under_way(app: Flask, server: MailServer) -> None:
    schedule_id, other_id = plan(), plan(name="Other")
    away(app)
    other = send(other_id)
    for stop in (
        lambda actor: schedules.pause(schedule_id, actor, active=False),
        lambda actor: schedules.delete(schedule_id, actor),
    ):
        is_due(schedule_id)
        actor = db.session.scalars(select(User)).one().actor()
        transaction(lambda: schedules.pause(schedule_id, actor, active=True))  # noqa: B023
        first, now = send(schedule_id), send_now(schedule_id)
        transaction(lambda: stop(actor))  # noqa: B023
        assert stopped(first, now) == [TaskStatus.CANCELLED] * 2
    assert stands(other.id).status is TaskStatus.WAITING


def test_a_change_stops_what_goes_by_what_was_asked_before(app: Flask, server: MailServer) -> None:
    schedule_id = plan(recipients=(DPO, LEGAL), only_new=True)
    out(0)
    away(app)
    first, now = send(schedule_id), send_now(schedule_id)
    actor = db.session.scalars(select(User)).one().actor()
    wanted = Wanted("SMS", Channel.SMS, None, True, "csv", (LEGAL,), Plan(Every.DAY, 1, 7, BERLIN))
    transaction(lambda: schedules.change(schedule_id, wanted, actor))
    assert stopped(first, now) == [TaskStatus.CANCELLED] * 2
    back(app, server)
    run(first.id)
    assert server.arrived == []
    send(schedule_id)
    assert [addresses(message) for _, message in server.arrived] == [[number(0)]]
    assert server.recipients == [LEGAL]


@pytest.mark.parametrize(
    ("channel", "only_new", "moves"),
    [(Channel.SMS, True, True), (Channel.WHATSAPP, True, False), (Channel.SMS, False, False)],
)
def test_a_file_of_another_list_covers_nothing_of_this_one(
    channel: Channel, only_new: bool, moves: bool
) -> None:
    schedule_id = plan(only_new=True)
    is_due(schedule_id)
    turns.start_due()
    task = stands(planned(schedule_id).last_task_id or 0)
    until = datetime.fromisoformat(task.params["until"])
    asked = {**task.params, "list": {"channel": channel, "source": ""}, "only_new": only_new}
    transaction(lambda: turns.covered(schedule_id, asked, until))
    assert planned(schedule_id).covers_from == (until if moves else None)
    transaction(lambda: turns.covered(schedule_id, asked, until - timedelta(days=1)))
    assert planned(schedule_id).covers_from == (until if moves else None)


def test_deleting_stops_what_is_under_way(app: Flask, server: MailServer) -> None:
    schedule_id = plan()
    away(app)
    task = send(schedule_id)
    actor = db.session.scalars(select(User)).one().actor()
    assert transaction(lambda: schedules.delete(schedule_id, actor)) == "SMS stops"
    assert task_queries.task_of(task.id).status is TaskStatus.CANCELLED
    db.session.rollback()
    back(app, server)
    run(task.id)
    assert server.arrived == []


def test_another_list_begins_anew(server: MailServer) -> None:
    schedule_id = plan(only_new=True)
    out(0)
    send(schedule_id)
    assert planned(schedule_id).covers_from is not None
    user = db.session.scalars(select(User)).one().actor()
    daily = Plan(Every.DAY, 1, 8, BERLIN)
    wanted = Wanted("All", None, None, True, "csv", (DPO,), daily)
    transaction(lambda: schedules.change(schedule_id, wanted, user))
    assert planned(schedule_id).covers_from is None
    send(schedule_id)
    assert addresses(server.arrived[1][1]) == [number(0)]


def test_who_planned_and_who_got_it_is_noted(server: MailServer) -> None:
    out(0)
    schedule_id = plan()
    send(schedule_id)
    planned_entry, mailed = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert (planned_entry.action, planned_entry.actor_name) == ("exports.planned", "Admin")
    assert planned_entry.detail["recipients"] == [DPO]
    assert (mailed.action, mailed.actor_name) == ("exports.mailed", "Planned by Admin")
    assert mailed.detail["recipients"] == [DPO]


def away(app: Flask) -> None:
    """Let nobody listen where the mail server was."""
    config: Config = app.extensions["heed"]
    nowhere = f"smtp://127.0.0.1:{free_port()}"
    app.extensions["heed"] = config.model_copy(update={"smtp_url": nowhere})


def back(app: Flask, server: MailServer) -> None:
    config: Config = app.extensions["heed"]
    app.extensions["heed"] = config.model_copy(update={"smtp_url": server.url})
