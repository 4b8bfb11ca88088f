"""A list of opt-outs from its check to its recording: what it says it would do, and does."""

from __future__ import annotations

import io
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from redis import Redis
from rq import Queue, SimpleWorker
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from jobs.tasks import RUNNERS
from tests.consent.stepping import Actor, install
from tests.lists import checked, confirm, marketer, recorded, refusals, run, upload
from tests.people import (
    add_contact,
    add_message,
    all_events,
    all_states,
    phone,
    record,
    state_of,
    status_of,
)
from webapp.accounts import settings
from webapp.accounts.models import User
from webapp.accounts.rules import CUSTOMER, PROVIDER
from webapp.accounts.settings import LIMITS
from webapp.audit.models import AuditEntry
from webapp.consent import toggles
from webapp.consent.models import ConsentEventDetail
from webapp.consent.scenes import SETTING
from webapp.consent.service import settle, undo
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict
from webapp.core.queue import QUEUES, SERIALIZER
from webapp.imports import checking, going, opening, recording, service, stores
from webapp.imports.lists import Reading
from webapp.outbox.rules import Category, Status
from webapp.tasks import files, queries, waking
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus
from webapp.tasks.work import Work

pytestmark = pytest.mark.usefixtures("context")

NUMBERS = [f"+49151000{n:04d}" for n in range(40)]
LIST = "\n".join(NUMBERS)
SETTLE = "webapp.imports.recording.settle"
SMS = Channel.SMS


def outs() -> dict[int, int]:
    """Give how many channels and keys have how many opt-outs."""
    found = Counter((e.channel, e.key) for e in all_events() if e.asked is State.OPTED_OUT)
    db.session.rollback()
    return dict(Counter(found.values()))


def numbers(task: Task, *names: str) -> list[int]:
    return [task.result.get(name, 0) for name in names]


def state(number: str, channel: Channel = SMS) -> State:
    return state_of(phone(number), channel)


def test_a_check_says_what_the_list_would_do_and_does_nothing():
    add_contact(NUMBERS[0], "Ann")
    message = add_message(address=phone(NUMBERS[0]), channel=SMS).id
    record(address=phone(NUMBERS[1]), channel=SMS)
    db.session.rollback()
    text = "\n".join(["phone", *NUMBERS[:3], NUMBERS[2], "4.47E+11", "nobody"])
    check = checked(text)
    assert check.status is TaskStatus.DONE
    assert (check.done, check.total) == (6, 6)
    assert numbers(check, "out", "contacts", "already", "twice", "refused") == [2, 1, 1, 1, 2]
    assert numbers(check, "sms_out", "sms_already", "sms_cancelled") == [2, 1, 1]
    assert state(NUMBERS[0]) is State.UNKNOWN
    assert status_of(message) is Status.SCHEDULED
    assert len(all_events()) == 1


def test_recording_does_what_the_check_said():
    ann = add_contact(NUMBERS[0], "Ann").id
    message = add_message(address=phone(NUMBERS[0]), channel=SMS, contact_id=ann).id
    db.session.rollback()
    task = recorded("\n".join(NUMBERS[:3]), note="The old tool", name="stops.csv")
    assert (task.status, task.done, task.total) == (TaskStatus.DONE, 3, 3)
    assert numbers(task, "out", "sms_out", "cancelled") == [3, 3, 1]
    assert [state(number) for number in NUMBERS[:3]] == [State.OPTED_OUT] * 3
    assert status_of(message) is Status.CANCELLED
    event = all_events()[0]
    assert (event.source, event.actor_id) == (Source.IMPORT, marketer().id)
    detail = db.session.get_one(ConsentEventDetail, event.id)
    assert detail.evidence == {"list": "stops.csv", "row": "1", "reason": "The old tool"}


def test_the_same_list_again_changes_nothing():
    text = "\n".join(f"{number},2026-0{1 + n % 9}-01" for n, number in enumerate(NUMBERS))
    recorded(text)
    before = len(all_events())
    check = checked(text)
    assert numbers(check, "out", "already") == [0, 40]
    task = run(confirm(check.id))
    assert numbers(task, "out", "already", "cancelled") == [0, 40, 0]
    assert len(all_events()) == before == 40


def test_a_number_goes_to_the_channels_that_the_list_speaks_for():
    recorded(f"{NUMBERS[0]}\nann@example.com\n", Channel)
    found = {(row.channel, row.state) for row in all_states()}
    assert found == {(channel, State.OPTED_OUT) for channel in Channel}


def test_a_column_that_names_the_channel_goes_first():
    text = (
        "address,channel\n"
        f"{NUMBERS[0]},sms\n{NUMBERS[0]},whatsapp\n{NUMBERS[0]},sms\n"
        f"{NUMBERS[1]},\n{NUMBERS[2]},email\n{NUMBERS[3]},fax\n"
    )
    check = checked(text, [Channel.VOICE])
    assert numbers(check, "out", "twice", "refused") == [3, 1, 2]
    assert numbers(check, "sms_out", "whatsapp_out", "voice_out") == [1, 1, 1]
    run(confirm(check.id))
    assert state(NUMBERS[0], Channel.WHATSAPP) is State.OPTED_OUT
    assert state(NUMBERS[0], Channel.VOICE) is State.UNKNOWN
    assert state(NUMBERS[1], Channel.VOICE) is State.OPTED_OUT


def test_an_opt_in_in_it_is_refused_and_nobody_is_opted_in():
    record(address=phone(NUMBERS[1]), channel=SMS)
    text = f"phone;status\n{NUMBERS[0]};unsubscribed\n{NUMBERS[1]};subscribed\n"
    task = recorded(text)
    assert numbers(task, "out") == [1]
    assert state(NUMBERS[1]) is State.OPTED_OUT
    assert all(event.asked is State.OPTED_OUT for event in all_events())


def test_an_opt_out_before_a_later_opt_in_is_kept_and_changes_nothing():
    agreed = datetime(2026, 6, 1, tzinfo=UTC)
    record(State.OPTED_IN, address=phone(NUMBERS[0]), channel=SMS, at=agreed, evidence_at=agreed)
    text = f"phone,opted out at\n{NUMBERS[0]},2026-05-01\n{NUMBERS[1]},2026-05-01\n"
    check = checked(text)
    assert numbers(check, "out", "stands") == [1, 1]
    task = run(confirm(check.id))
    assert numbers(task, "out", "stands") == [1, 1]
    assert state(NUMBERS[0]) is State.OPTED_IN
    assert len(all_events()) == 3
    again = recorded(text)
    assert numbers(again, "already", "stands") == [1, 1]
    assert len(all_events()) == 3


def opt_in_of_2022(number: str) -> None:
    """Record a consent on paper that was given in 2022."""
    given = datetime(2022, 6, 1, tzinfo=UTC)
    record(State.OPTED_IN, address=phone(number), channel=SMS, evidence_at=given)


@pytest.mark.parametrize("last", ["2024-05-01", "", "a while ago"])
@pytest.mark.parametrize("parts", [7, 1000])
def test_of_an_address_that_stands_twice_the_latest_row_counts(monkeypatch, last, parts):
    monkeypatch.setattr(going, "TOGETHER", parts)
    agreed = 25
    for number in NUMBERS[:agreed]:
        opt_in_of_2022(number)
    before = len(all_events())
    dates = ["2020-05-01", last, "2019-05-01"]
    text = "phone,date\n" + "\n".join(f"{n},{date}" for date in dates for n in NUMBERS)
    check = checked(text)
    assert numbers(check, "out", "stands", "twice", "refused") == [40, 0, 80, 0]
    assert numbers(check, "sms_out", "sms_stands") == [40, 0]
    task = run(confirm(check.id))
    assert (task.done, task.total) == (40, 40)
    assert numbers(task, "out", "stands") == [40, 0]
    assert {state(number) for number in NUMBERS} == {State.OPTED_OUT}
    assert len(all_events()) == before + 40


def test_the_latest_row_is_found_channel_by_channel():
    text = (
        "address,channel,date\n"
        f"{NUMBERS[0]},sms+voice,2020-05-01 10:00\n{NUMBERS[0]},sms,2024-05-01 10:00\n"
        f"{NUMBERS[0]},voice,2019-05-01 10:00\n"
    )
    check = checked(text, name="log.csv")
    assert numbers(check, "sms_out", "voice_out", "twice") == [1, 1, 2]
    run(confirm(check.id))
    assert {row.channel: row.since.year for row in all_states() if row.since} == {
        SMS: 2024,
        Channel.VOICE: 2020,
    }


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("steps", [4, 13, 14, 16, 19, 20])
def test_a_check_that_was_killed_while_it_kept_the_latest_goes_on(monkeypatch, steps):
    dated = [f"{n},{date}" for date in ("2020-05-01", "2024-05-01") for n in NUMBERS]
    task_id = upload("\n".join(["phone,date", *dated]))
    killed(task_id, steps, monkeypatch)
    check = run(task_id)
    assert numbers(check, "out", "twice") == [40, 40]
    plan = files.file_of(task_id, stores.PLAN).id
    assert [o.occurred_at.year for o in stores.read_plan(plan) if o.occurred_at] == [2024] * 40


@pytest.mark.parametrize("said", ["2024-05-01", ""])
def test_a_later_opt_out_of_somebody_who_is_out_is_kept(said):
    recorded(f"phone,date\n{NUMBERS[0]},2020-05-01\n")
    text = f"phone,date\n{NUMBERS[0]},{said}\n"
    for later in (1, 0):
        check = checked(text)
        assert numbers(check, "out", "already", "later") == [0, 1, later]
        run(confirm(check.id))
        assert len(all_events()) == 2
    assert all_states()[0].since == datetime(2020, 5, 1, 23, 59, 59, tzinfo=UTC)
    opt_in_of_2022(NUMBERS[0])
    assert state(NUMBERS[0]) is State.OPTED_OUT


def test_an_earlier_opt_out_of_somebody_who_is_out_is_not_written():
    record(source=Source.KEYWORD, actor=CUSTOMER, address=phone(NUMBERS[0]), channel=SMS)
    task = recorded(f"phone,date\n{NUMBERS[0]},2020-05-01\n")
    assert numbers(task, "already", "later") == [1, 0]
    assert len(all_events()) == 1


def test_without_a_date_a_list_beats_an_earlier_opt_in():
    record(State.OPTED_IN, address=phone(NUMBERS[0]), channel=SMS)
    recorded(NUMBERS[0])
    assert state(NUMBERS[0]) is State.OPTED_OUT


def test_a_date_in_the_future_or_without_sense_is_now():
    text = f"phone,date\n{NUMBERS[0]},2999-01-01\n{NUMBERS[1]},last week\n"
    check = checked(text)
    assert numbers(check, "out", "undated") == [2, 1]
    run(confirm(check.id))
    now = clock.now()
    assert all(row.since is not None and row.since <= now for row in all_states())
    assert all(event.occurred_at <= now for event in all_events())


def test_dates_are_read_in_the_zone_of_whoever_uploads():
    recorded(f"phone,date\n{NUMBERS[0]},2026-05-01 10:00\n", zone="Europe/Berlin")
    assert all_states()[0].since == datetime(2026, 5, 1, 8, tzinfo=UTC)


def test_the_other_address_of_the_person_goes_along_and_its_messages_are_foreseen():
    shy = Address(AddressKind.WHATSAPP_ID, "DE.1A2b3C")
    contact = add_contact(NUMBERS[0], "Ann", whatsapp_id=shy.value, whatsapp_id_key=key_of(shy)).id
    add_message(address=shy, contact_id=contact)
    db.session.rollback()
    check = checked(NUMBERS[0], [Channel.WHATSAPP])
    assert numbers(check, "whatsapp_out", "whatsapp_cancelled") == [1, 1]
    assert numbers(run(confirm(check.id)), "cancelled") == [1]
    assert state_of(shy) is State.OPTED_OUT


def test_where_one_stop_stops_all_the_other_channels_are_foreseen_too():
    transaction(lambda: settings.write(SETTING, {"stop_on_one_stops_all": True}))
    contact = add_contact(NUMBERS[0], "Ann").id
    add_message(address=phone(NUMBERS[0]), channel=Channel.WHATSAPP, contact_id=contact)
    db.session.rollback()
    check = checked(NUMBERS[0])
    assert numbers(check, "sms_out", "whatsapp_cancelled") == [1, 1]
    run(confirm(check.id))
    assert state(NUMBERS[0], Channel.WHATSAPP) is State.OPTED_OUT


def test_what_stays_by_the_policy_is_not_counted_as_cancelled():
    for channel in (Channel.SMS, Channel.WHATSAPP):
        add_message(address=phone(NUMBERS[0]), channel=channel, category=Category.UTILITY)
    db.session.rollback()
    check = checked(NUMBERS[0], [Channel.SMS, Channel.WHATSAPP])
    # Carriers read STOP as everything: on SMS nothing is exempt.
    assert numbers(check, "sms_cancelled", "whatsapp_cancelled") == [1, 0]
    assert numbers(run(confirm(check.id)), "cancelled") == [1]


def test_an_opt_out_that_the_provider_could_lift_does_not_make_the_lists_own_needless():
    record(source=Source.PROVIDER, actor=PROVIDER, address=phone(NUMBERS[0]))
    for _ in range(2):
        task = recorded(NUMBERS[0], [Channel.WHATSAPP])
        assert numbers(task, "already") == [1]
    assert [event.source for event in all_events()] == [Source.PROVIDER, Source.IMPORT]
    record(State.OPTED_IN, source=Source.PROVIDER, actor=PROVIDER, address=phone(NUMBERS[0]))
    assert state(NUMBERS[0], Channel.WHATSAPP) is State.OPTED_OUT


def test_an_undo_of_ones_own_stop_does_not_take_the_lists_away():
    contact = add_contact(NUMBERS[0], "Ann").id
    who = marketer()
    done = transaction(lambda: toggles.opt_out(contact, SMS, who))
    recorded(NUMBERS[0])
    event_id = done.event_id
    assert event_id is not None
    with pytest.raises(Conflict):
        transaction(lambda: undo(event_id, who))
    assert state(NUMBERS[0]) is State.OPTED_OUT


def test_refused_rows_are_given_back_with_their_reason_and_no_formula():
    check = checked(f'phone,name\n{NUMBERS[0]},Ann\nnobody,"=cmd|x"\n+4.47E+11,Ben\n')
    assert refusals(check) == [
        "3,“nobody” is neither a phone number nor an email address.,nobody,'=cmd|x",
        "4,A spreadsheet has shortened this number. Format the column as text and export the list "
        "again.,'+4.47E+11,Ben",
    ]


def test_the_first_rows_are_shown_as_they_were_understood():
    check = checked(f"phone,opted out at\n{NUMBERS[0]},2026-05-01\nnobody,\n")
    first, second = check.result["shown"]
    assert (first["row"], first["address"], first["channels"]) == (2, NUMBERS[0], ["sms"])
    assert first["at"].startswith("2026-05-01T23:59:59")
    assert "neither a phone number" in second["problem"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("\n\n", "no rows in this file"),
        ("phone,name\n", "no rows in this file"),
        ("%PDF-1.7", "PDF"),
        (bytes(range(256)) * 10, "neither text nor an Excel file"),
        (b"PK\x03\x04 no workbook", "cannot be read"),
    ],
)
def test_what_is_no_list_ends_with_a_sentence(content, reason):
    check = checked(content)
    assert check.status is TaskStatus.FAILED
    assert reason in check.error
    with pytest.raises(Conflict):
        confirm(check.id)


def test_a_quotation_mark_left_open_opts_out_nobody_rather_than_some():
    check = checked(f'phone,name\n{NUMBERS[0]},"Ann\n' + "\n".join(f"{n},x" for n in NUMBERS))
    assert check.status is TaskStatus.FAILED
    assert "The row on line 2 does not end." in check.error


def test_a_cell_of_many_lines_in_a_workbook_is_one_row():
    content = excel([NUMBERS[0], "\n".join("abcdefghijklmnopqrst")], [NUMBERS[1], "x"])
    assert numbers(checked(content, name="stops.xlsx"), "out", "refused") == [2, 0]


@pytest.mark.parametrize(
    "first", ["whatsapp:+4915100000001", "DE.1A2b3C4d", "\u2019+4915100000001"]
)
def test_a_first_row_without_a_header_above_is_opted_out(first):
    text = f"{first},Ann\n{NUMBERS[2]},Ben\n"
    assert numbers(checked(text, [Channel.WHATSAPP]), "out", "refused") == [2, 0]


def test_more_rows_than_a_million_are_refused(monkeypatch):
    monkeypatch.setattr(opening, "MOST_ROWS", 39)
    check = checked(LIST)
    assert check.status is TaskStatus.FAILED
    assert "Cut it into several files" in check.error


def excel(*lines: list[Any]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)
    book.close()
    return buffer.getvalue()


def test_a_workbook_is_a_list_too_and_can_be_read_in_another_way():
    content = excel(["Name", "Mobile", "Other"], *[["Ann", n, NUMBERS[30]] for n in NUMBERS[:3]])
    check = checked(content, name="stops.xlsx")
    assert numbers(check, "out") == [3]
    reading = Reading.of({**check.result["reading"], "columns": None, "channels": ["voice"]})
    columns = Reading.of(check.result["reading"]).columns
    assert columns is not None
    other = Reading.of({**reading.params(), "columns": {**columns.params(), "address": 2}})
    who = marketer()
    again = transaction(lambda: service.check_again(check.id, other, who)).id
    found = run(again)
    assert numbers(found, "out", "twice", "voice_out") == [1, 2, 1]
    run(confirm(again))
    assert state(NUMBERS[30], Channel.VOICE) is State.OPTED_OUT


# Long, cut off, and at once


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let forty rows take several steps."""
    monkeypatch.setattr(going, "TOGETHER", 7)
    monkeypatch.setattr(recording, "TOGETHER", 6)


def die_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end right after so many committed steps."""
    real, calls = Work.note, []

    def dies(self: Any, effect: Any) -> Any:
        done = real(self, effect)
        calls.append(1)
        if len(calls) == steps:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(Work, "note", dies)


def killed(task_id: int, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        die_after(steps, patch)
        with pytest.raises(KeyboardInterrupt):
            tasks.run(task_id, RUNNERS)
    db.session.rollback()
    silent = clock.now() - timedelta(seconds=61)
    transaction(lambda: db.session.execute(update(Task).values(beat_at=silent)))


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("steps", [1, 3, 6])
def test_a_check_that_was_killed_goes_on_and_counts_nobody_twice(monkeypatch, steps):
    text = "\n".join([*NUMBERS, "nobody", *NUMBERS[:5]])
    task_id = upload(text)
    killed(task_id, steps, monkeypatch)
    check = run(task_id)
    assert numbers(check, "out", "twice", "refused") == [40, 5, 1]
    assert len(refusals(check)) == 1
    plan = files.file_of(task_id, stores.PLAN).id
    assert [o.address.value for o in stores.read_plan(plan)] == NUMBERS


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("steps", [1, 4, 7])
def test_a_recording_that_was_killed_goes_on_and_opts_nobody_out_twice(monkeypatch, steps):
    task_id = confirm(checked(LIST).id)
    killed(task_id, steps, monkeypatch)
    task = run(task_id)
    assert (task.status, task.done) == (TaskStatus.DONE, 40)
    assert numbers(task, "out", "already") == [40, 0]
    assert outs() == {1: 40}
    told = select(AuditEntry).where(AuditEntry.action == "opt_outs.imported")
    assert len(db.session.scalars(told).all()) == 1


@pytest.mark.usefixtures("small_steps")
def test_a_real_worker_takes_up_what_a_killed_one_left(redis: Redis, monkeypatch):
    task_id = confirm(checked(LIST).id)
    killed(task_id, 2, monkeypatch)
    while isinstance(job_id := redis.lpop("rq:queue:long"), bytes):
        redis.hset(
            f"rq:job:{job_id.decode()}", "status", "started"
        )  # the killed one had it in hand
    assert waking.wake_forgotten() == 1
    queues = [Queue(name, connection=redis, serializer=SERIALIZER) for name in QUEUES]
    SimpleWorker(queues, connection=redis, serializer=SERIALIZER).work(
        burst=True, logging_level="WARNING"
    )
    assert queries.task_of(task_id).status is TaskStatus.DONE
    assert outs() == {1: 40}


@pytest.mark.usefixtures("small_steps")
def test_with_turns_that_are_over_at_once_a_list_is_still_done(monkeypatch):
    monkeypatch.setattr("webapp.tasks.work.TURN", -1.0)
    check = checked("\n".join([*NUMBERS, *NUMBERS[:9]]))
    assert numbers(check, "out", "twice") == [40, 9]
    assert numbers(run(confirm(check.id)), "out") == [40]
    assert outs() == {1: 40}


@pytest.mark.usefixtures("small_steps")
def test_two_lists_take_turns_and_neither_loses_its_place(monkeypatch):
    monkeypatch.setattr("webapp.tasks.work.TURN", -1.0)
    one, other = upload(LIST), upload("\n".join([*NUMBERS[:20], *NUMBERS[:20]]))
    for _ in range(4):
        tasks.run(one, RUNNERS)
        tasks.run(other, RUNNERS)
    assert numbers(run(one), "out", "twice") == [40, 0]
    assert numbers(run(other), "out", "twice") == [20, 20]


@pytest.mark.usefixtures("small_steps")
def test_a_cancelled_recording_stops_and_what_is_done_stays(monkeypatch):
    task_id = confirm(checked(LIST).id)
    calls = []

    def cancels(changes: Any, **more: Any) -> None:
        settle(changes, **more)
        calls.append(1)
        if len(calls) == 2:
            transaction(lambda: tasks.cancel(task_id))

    monkeypatch.setattr(SETTLE, cancels)
    tasks.run(task_id, RUNNERS)
    task = queries.task_of(task_id)
    assert (task.status, task.done) == (TaskStatus.CANCELLED, 12)
    assert outs() == {1: 12}


@pytest.mark.usefixtures("small_steps")
def test_two_people_who_record_the_same_list_write_each_opt_out_once(monkeypatch):
    first, second = confirm(checked(LIST).id), confirm(checked(LIST).id)
    calls = []

    def meanwhile(changes: Any, **more: Any) -> None:
        settle(changes, **more)
        calls.append(1)
        if len(calls) == 3:
            tasks.run(second, RUNNERS)

    monkeypatch.setattr(SETTLE, meanwhile)
    one, other = run(first), run(second)
    assert one.result["out"] + other.result["out"] == 40
    assert outs() == {1: 40}


def test_who_is_out_already_is_settled_too(monkeypatch):
    shy = Address(AddressKind.WHATSAPP_ID, "DE.1A2b3C")
    add_contact(NUMBERS[0], "Ann", whatsapp_id=shy.value, whatsapp_id_key=key_of(shy))
    db.session.rollback()
    waited: list[Any] = []

    def waits(changes: Any, also: Any = ()) -> None:
        waited.append(({change.key for change in changes}, set(also)))
        settle(changes, also=also)

    monkeypatch.setattr(SETTLE, waits)
    for _ in range(2):
        recorded(NUMBERS[0], [Channel.WHATSAPP])
    own, other = key_of(phone(NUMBERS[0])), key_of(shy)
    every = {(Channel.WHATSAPP, own), (Channel.WHATSAPP, other)}
    assert waited == [({own}, set()), (set(), every)]


def test_an_upload_that_is_tried_again_is_read_from_its_beginning():
    stream, who = io.BytesIO(LIST.encode()), marketer()
    tries = []

    def upload_with_a_deadlock() -> Task:
        task = service.upload(stream, "stops.csv", Reading((SMS,)), "", who)
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("", {}, Exception("database is locked"))
        return task

    assert numbers(run(transaction(upload_with_a_deadlock).id), "out") == [40]


def both_go_on(app: Flask, check: int, steps: int) -> list[bool]:
    """Let one check a list again and, `steps` statements later, another record it; who could?"""
    who = marketer()
    reading = Reading((SMS,))
    one = Actor(
        app, db.engine, lambda: transaction(lambda: service.check_again(check, reading, who))
    )
    other = Actor(app, db.engine, lambda: transaction(lambda: service.record(check, who)))
    one.steps(steps)
    other.let_go()
    for actor in (one, other):
        with suppress(Conflict):
            actor.finish()
    return [actor.error is None for actor in (one, other)]


@pytest.mark.postgres
def test_of_two_who_go_on_with_one_check_at_once_only_one_can(app):
    remove = install(db.engine)
    try:
        for steps in range(10):
            assert sorted(both_go_on(app, checked(NUMBERS[0]).id, steps)) == [False, True]
    finally:
        remove()


def test_a_list_is_confirmed_once_only():
    check = checked(NUMBERS[0]).id
    confirm(check)
    with pytest.raises(Conflict):
        confirm(check)


def test_a_stop_that_comes_between_check_and_recording_stays_with_the_lists_own_beside_it():
    check = checked(NUMBERS[0]).id
    record(source=Source.KEYWORD, actor=CUSTOMER, address=phone(NUMBERS[0]), channel=SMS)
    task = run(confirm(check))
    assert numbers(task, "out", "already", "later") == [0, 1, 1]
    assert [event.source for event in all_events()] == [Source.KEYWORD, Source.IMPORT]


def test_an_opt_in_that_comes_between_is_opted_out_by_the_list():
    record(address=phone(NUMBERS[0]), channel=SMS, at=clock.now() - timedelta(hours=1))
    check = checked(NUMBERS[0]).id
    record(State.OPTED_IN, address=phone(NUMBERS[0]), channel=SMS, source=Source.KEYWORD)
    assert numbers(run(confirm(check)), "out") == [1]
    assert state(NUMBERS[0]) is State.OPTED_OUT


@pytest.mark.usefixtures("small_steps")
def test_whoever_may_no_longer_opt_out_is_stopped(monkeypatch):
    task_id = confirm(checked(LIST).id)
    calls = []

    def limits(changes: Any, **more: Any) -> None:
        settle(changes, **more)
        calls.append(1)
        if len(calls) == 1:
            limited = {"only_admins_change_consent": True}
            transaction(lambda: settings.write(LIMITS, limited))

    monkeypatch.setattr(SETTLE, limits)
    task = run(task_id)
    assert task.status is TaskStatus.FAILED
    assert "may not do this any more" in task.error
    assert task.done == 6


def test_a_new_check_takes_the_list_along_and_stops_the_old_one():
    before = upload(LIST)
    who = marketer()
    reading = Reading((Channel.VOICE,))
    again = transaction(lambda: service.check_again(before, reading, who)).id
    assert queries.task_of(before).status is TaskStatus.CANCELLED
    db.session.rollback()
    assert numbers(run(again), "voice_out") == [40]
    with pytest.raises(Conflict):
        transaction(lambda: service.check_again(before, reading, who))


def test_a_check_whose_list_was_taken_along_meanwhile_writes_nothing_more(monkeypatch):
    before = upload(LIST)
    who = marketer()
    real = checking._count

    def taken(*args: Any) -> Any:
        step = real(*args)
        db.session.rollback()
        transaction(lambda: service.check_again(before, Reading((Channel.VOICE,)), who))
        return step

    monkeypatch.setattr(checking, "_count", taken)
    tasks.run(before, RUNNERS)
    assert queries.task_of(before).status is TaskStatus.CANCELLED
    assert queries.task_of(before).done == 0


def test_who_uploads_and_confirms_is_in_the_audit_log():
    recorded(NUMBERS[0], name="C:\\lists\\stops.csv")
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == [
        "opt_outs.uploaded",
        "opt_outs.confirmed",
        "opt_outs.imported",
    ]
    assert {entry.detail["file"] for entry in entries} == {"stops.csv"}
    assert {entry.actor_id for entry in entries} == {db.session.scalars(select(User.id)).one()}
    assert entries[-1].detail["out"] == 1
