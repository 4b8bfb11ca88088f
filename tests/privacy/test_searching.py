"""The search after an erasure: it takes from nobody else, loses no opt-out, and ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select

from jobs.tasks import RUNNERS
from tests import lists
from tests.ledger.books import findings
from tests.people import EVIDENCE, add_contact, phone, record, state_of
from tests.privacy.marked import run_tasks
from tests.visitor import visitor, words
from webapp.accounts.rules import CUSTOMER, SYSTEM, Role
from webapp.audit.models import AuditEntry
from webapp.audit.service import record as audit
from webapp.consent.holds import hold
from webapp.consent.models import ConsentEventDetail, Review
from webapp.consent.reviews import opt_out_review
from webapp.contacts.models import Tag
from webapp.contacts.rules import Channel, State
from webapp.contacts.tags import named
from webapp.conversations import service as conversations
from webapp.conversations.models import StoredWebhook
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.privacy.erasure import erase
from webapp.privacy.places import KIND
from webapp.tasks import service as tasks
from webapp.tasks.models import Task, TaskFile
from webapp.tasks.rules import TaskStatus

ICELANDIC, STRANGER = "+3545551234", "+16505551234"
NUMBER, OTHER = "+491709876543", "+491512222222"
LIST = f"phone\n{NUMBER}\n{OTHER}\n"

pytestmark = pytest.mark.usefixtures("context")


def erased(contact_id: int) -> int:
    """Erase somebody in a transaction of its own; gives the task of the search."""
    db.session.rollback()
    return transaction(lambda: erase(contact_id, SYSTEM)).task_id


def task_of(task_id: int) -> Task:
    db.session.rollback()
    return db.session.get_one(Task, task_id, populate_existing=True)


def pause_of(task_id: int) -> float:
    """Give for how many seconds a task was put off last."""
    found: float = task_of(task_id).position["pause"] / 2
    return found


def unprocessed(number: str) -> int:
    """Keep a webhook that was not worked through; gives its id."""
    body = f'{{"from": "{number.lstrip("+")}", "text": "STOP"}}'.encode()
    return transaction(lambda: conversations.store_webhook("whatsapp", body)).id


def test_a_stranger_whose_number_ends_alike_keeps_their_review_and_gets_their_opt_out() -> None:
    gone = add_contact(ICELANDIC, "Jon Jonsson").id
    add_contact(STRANGER)
    review = transaction(lambda: hold(Channel.WHATSAPP, phone(STRANGER), "no", {}, actor=CUSTOMER))
    review_id = review.id
    erased(gone)
    run_tasks()
    assert db.session.get_one(Review, review_id, populate_existing=True).address == STRANGER
    transaction(lambda: opt_out_review(review_id, SYSTEM))
    assert state_of(phone(STRANGER)) is State.OPTED_OUT


def test_the_proof_and_the_tags_of_others_stay_and_the_ledger_is_whole() -> None:
    gone = add_contact(NUMBER, "Web Form").id
    transaction(lambda: named(["Web Form", "(erased)"]))
    shown = {**EVIDENCE, "where": f"Web Form of {NUMBER}"}
    made = record(State.OPTED_IN, address=phone(STRANGER), evidence=shown)
    task_id = erased(gone)
    run_tasks()
    assert task_of(task_id).status is TaskStatus.DONE
    assert db.session.get_one(ConsentEventDetail, made.event_id).evidence == shown
    assert set(db.session.scalars(select(Tag.name))) == {"Web Form", "(erased)"}
    db.session.rollback()
    assert findings() == []


def test_a_list_that_waits_for_its_confirmation_loses_no_opt_out() -> None:
    gone = add_contact(NUMBER).id
    check = lists.checked(LIST)
    search = erased(gone)
    run_tasks()
    recording = lists.run(lists.confirm(check.id))
    assert recording.status is TaskStatus.DONE, recording.error
    assert state_of(phone(OTHER), Channel.SMS) is State.OPTED_OUT
    run_tasks()
    assert task_of(search).status is TaskStatus.DONE
    assert list(db.session.scalars(select(TaskFile.role).where(TaskFile.role != "refused"))) == []


def test_a_list_that_is_at_work_when_somebody_in_it_is_erased_is_recorded_whole() -> None:
    gone = add_contact(NUMBER).id
    recording = lists.confirm(lists.checked(LIST).id)
    search = erased(gone)
    run_tasks()
    assert lists.run(recording).status is TaskStatus.DONE
    assert state_of(phone(OTHER), Channel.SMS) is State.OPTED_OUT
    run_tasks()
    assert task_of(search).status is TaskStatus.DONE


def test_only_what_waited_is_looked_at_again_after_longer_and_longer_pauses() -> None:
    gone = add_contact(NUMBER).id
    transaction(lambda: audit(SYSTEM, "read", phone=NUMBER))
    webhook = unprocessed(NUMBER)
    search = erased(gone)
    pauses, read = [], []
    for _ in range(7):
        run_tasks()
        pauses.append(pause_of(search))
        read.append(task_of(search).done)
    assert pauses == [30, 60, 120, 240, 480, 600, 600]
    assert len(set(read)) == 1
    assert task_of(search).beat_at > clock.now() + timedelta(minutes=9)
    transaction(lambda: conversations.note_processed(webhook))
    run_tasks()
    assert task_of(search).status is TaskStatus.DONE
    assert bytes(db.session.get_one(StoredWebhook, webhook, populate_existing=True).body) == b""


def test_what_came_after_the_erasure_is_left_alone() -> None:
    gone = add_contact(NUMBER).id
    erased(gone)
    transaction(lambda: audit(SYSTEM, "read", phone=NUMBER))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "read")).one()
    entry.at = clock.now() + timedelta(minutes=2)
    db.session.commit()
    run_tasks()
    assert (
        db.session.get_one(AuditEntry, entry.id, populate_existing=True).detail["phone"] == NUMBER
    )


@pytest.fixture
def reads() -> Iterator[list[bool]]:
    """Give of each statement that reads many rows whether it kept all writers free."""
    found: list[bool] = []

    def note(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT audit_entries") and "LIMIT" in statement:
            found.append(bool(connection.get_execution_options().get("reads_only")))

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


def test_rows_are_read_and_compared_beside_those_who_write(reads: list[bool]) -> None:
    gone = add_contact(NUMBER).id
    transaction(lambda: audit(SYSTEM, "read", phone=NUMBER))
    erased(gone)
    run_tasks()
    assert reads
    assert all(reads)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "read")).one()
    assert entry.detail == {"phone": "(erased)"}


def fails(_work: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("ends", ["fails", "is cancelled"])
def test_a_search_that_ends_early_forgets_what_it_looked_for_and_says_so(
    app: Flask, ends: str
) -> None:
    admin = visitor(app, Role.ADMIN)
    gone = add_contact(NUMBER, "Ann Lee").id
    task_id = erased(gone)
    if ends == "fails":
        for _ in range(tasks.TRIES):
            tasks.run(task_id, {**RUNNERS, KIND: fails})
    else:
        transaction(lambda: tasks.cancel(task_id))
    task = task_of(task_id)
    assert task.status in (TaskStatus.FAILED, TaskStatus.CANCELLED)
    assert set(task.params) == {"erasure"}
    db.session.rollback()
    assert "the search did not finish" in words(admin.get(f"/tasks/{task_id}"))
