"""Importing contacts as long work: killed, cancelled, two at once, people who edit meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from jobs.tasks import RUNNERS
from tests.contact_lists import RECORD, check_of, checked, confirm, looked_at, people, refusals
from tests.counting import counted_queries
from tests.database import Rows
from tests.lists import marketer, run
from tests.people import add_contact, all_events, phone, record, state_of
from webapp.accounts.models import User
from webapp.consent.locks import lock_number
from webapp.consent.models import ConsentEventDetail
from webapp.consent.saving import save_contact
from webapp.consent.saving_many import create_contacts
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Activity, Contact
from webapp.contacts.rules import Channel, State
from webapp.contacts.service import Draft
from webapp.core.db import db, transaction
from webapp.events.models import Event
from webapp.imports import (
    contact_checking,
    contact_parting,
    contact_recording,
    contact_taking,
    stores,
)
from webapp.privacy import files as privacy_files
from webapp.privacy.erasure import erase
from webapp.tasks import files, queries, service
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus
from webapp.tasks.work import Work

pytestmark = pytest.mark.usefixtures("context")

NUMBERS = [f"+4915112345{n:03d}" for n in range(40)]
LIST = "Name,Mobile\n" + "".join(f"Person {n:02d},{number}\n" for n, number in enumerate(NUMBERS))


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let forty rows take several steps."""
    monkeypatch.setattr(contact_checking, "TOGETHER", 7)
    for name in ("TOGETHER", "TOGETHER_ALONE"):
        monkeypatch.setattr(contact_recording, name, 8)
    for module in (contact_parting, contact_taking):
        monkeypatch.setattr(module, "SLOW", 3)


class Killed(BaseException):
    """As a process that is gone: nothing catches it."""


def kill_at(monkeypatch: pytest.MonkeyPatch, step: int, *, after: bool = False) -> None:
    """Let the process die at a step: before it is committed, or right after."""
    steps, note = Counter[str](), Work.note

    def dying(work: Work, effect: Callable[[], Any]) -> Any:
        steps["n"] += 1
        if steps["n"] == step and not after:
            with pytest.raises(Killed):
                transaction(lambda: _die(effect))
            raise Killed
        done = note(work, effect)
        if steps["n"] == step:
            raise Killed
        return done

    monkeypatch.setattr(Work, "note", dying)


def _die(effect: Callable[[], Any]) -> None:
    effect()
    raise Killed


def taken_up_again(task_id: int, monkeypatch: pytest.MonkeyPatch) -> Task:
    """Let another process take a task up, as it does once the first is silent."""
    monkeypatch.undo()
    contact_checking._kept.clear()  # what the dead process knew
    transaction(lambda: db.session.execute(update(Task).values(lease=None)))
    return run(task_id)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", [1, 2, 4, 6, 7])
def test_a_recording_that_was_killed_goes_on_and_does_nothing_twice(monkeypatch, step, after):
    task_id = confirm(checked(LIST, tag="Fair").id)
    kill_at(monkeypatch, step, after=after)
    with pytest.raises(Killed):
        service.run(task_id, RUNNERS)
    db.session.rollback()
    task = taken_up_again(task_id, monkeypatch)
    assert (task.status, task.result["created"], task.done) == (TaskStatus.DONE, 40, 40)
    assert len(people()) == 40
    begun = Counter(db.session.scalars(select(Activity.contact_id)))
    assert set(begun.values()) == {1}


@pytest.mark.parametrize("step", [2, 4])
def test_a_dry_run_that_was_killed_counts_each_row_once(monkeypatch, step):
    text = LIST + f"Again,{NUMBERS[1]}\nNobody,\n"
    task_id = check_of(looked_at(text))
    kill_at(monkeypatch, step)
    with pytest.raises(Killed):
        service.run(task_id, RUNNERS)
    db.session.rollback()
    task = taken_up_again(task_id, monkeypatch)
    counts = {name: task.result[name] for name in ("rows", "created", "twice", "refused")}
    assert counts == {"rows": 41, "created": 40, "twice": 1, "refused": 1}
    assert len(refusals(task)) == 1


def test_a_list_that_another_process_reads_comes_to_the_same(monkeypatch):
    text = LIST + f"Again,{NUMBERS[1]}\n«O'Brien <script>»,nobody\n"
    here = checked(text)
    monkeypatch.setattr(contact_checking, "WORTH_A_PROCESS", 0)
    apart = checked(text)
    assert apart.result == here.result
    assert refusals(apart) == refusals(here)


def test_a_cancelled_recording_leaves_what_is_done_and_does_no_more(monkeypatch):
    task_id = confirm(checked(LIST).id)
    note = Work.note

    def cancelling(work: Work, effect: Callable[[], Any]) -> Any:
        done = note(work, effect)
        if work.position.get("line", 0) >= 16:
            transaction(lambda: service.cancel(task_id))
            monkeypatch.undo()
        return done

    monkeypatch.setattr(Work, "note", cancelling)
    service.run(task_id, RUNNERS)
    assert queries.task_of(task_id).status is TaskStatus.CANCELLED
    assert len(people()) == 16


def test_who_was_added_meanwhile_is_met_and_not_doubled():
    check = checked(LIST)
    add_contact(NUMBERS[3], "Known")
    task = run(confirm(check.id))
    assert (task.result["created"], task.result["unchanged"]) == (39, 1)
    assert "Known" in people()


def test_where_somebody_takes_an_address_at_this_moment_the_rows_are_taken_by_themselves(
    monkeypatch,
):
    task_id = confirm(checked(LIST).id)
    create, clashes = create_contacts, Counter[str]()

    def clashing(people: Any, states: Any, actor: Any) -> Any:
        if not clashes["n"]:
            clashes["n"] += 1
            person = people[2]
            db.session.add(Contact(name="Taken", phone=person.phone, phone_key=person.phone_key))
            db.session.flush()
        return create(people, states, actor)

    monkeypatch.setattr(contact_taking, "create_contacts", clashing)
    task = run(task_id)
    # What clashed was rolled back with the step; all of it was done anew.
    assert (clashes["n"], task.result["created"], len(people())) == (1, 40, 40)


def test_a_row_that_becomes_a_conflict_is_refused_with_its_cells():
    text = "Name,Mobile,Email\n" + f"Ann,{NUMBERS[0]},ann@example.com\nBen,{NUMBERS[1]},\n"
    check = checked(text)
    who = marketer()
    transaction(lambda: save_contact(Draft(name="A", phone=NUMBERS[0]), who))
    transaction(lambda: save_contact(Draft(name="B", email="ann@example.com"), who))
    task = run(confirm(check.id))
    assert (task.result["created"], task.result["refused"]) == (1, 1)
    (line,) = refusals(task)
    assert "two contacts" in line
    assert f"Ann,{NUMBERS[0]},ann@example.com" in line


def test_two_imports_of_the_same_list_add_everybody_once():
    first, second = checked(LIST), checked(LIST)
    both = [run(confirm(check.id)) for check in (first, second)]
    assert [task.result.get("created", 0) for task in both] == [40, 0]
    assert len(people()) == 40


def test_a_marketer_who_may_no_longer_opt_in_is_stopped_before_the_first_opt_in():
    text = "Name,Mobile,SMS opt-in\n" + f"Ann,{NUMBERS[0]},\nBen,{NUMBERS[1]},yes\n"
    task_id = confirm(checked(text, **RECORD).id)
    db.session.execute(update(User).values(role="viewer"))
    db.session.commit()
    task = run(task_id)
    assert task.status is TaskStatus.FAILED
    assert "may not do this any more" in task.error
    assert not people()
    assert not all_events()


def test_opt_outs_of_a_list_cancel_what_waits_and_count_once():
    text = "Name,Mobile,SMS opt-in\n" + "".join(f"P,{number},no\n" for number in NUMBERS[:20])
    check = checked(text)
    run(confirm(check.id))
    again = run(confirm(checked(text).id))
    assert (again.result["unchanged"], again.result["sms.already"]) == (20, 20)
    assert len(all_events()) == 20
    assert all(state_of(phone(number), Channel.SMS) is State.OPTED_OUT for number in NUMBERS[:20])


def test_many_are_added_with_few_statements_and_one_event(monkeypatch, app):
    for name in ("TOGETHER", "TOGETHER_ALONE"):
        monkeypatch.setattr(contact_recording, name, 400)
    task_id = confirm(checked(LIST).id)
    with counted_queries(app) as statements:
        run(task_id)
    assert len(statements) < 60
    names = Counter(db.session.scalars(select(Event.name)))
    assert names["contacts.added"] == 1
    assert "contact.saved" not in names


def test_an_erasure_finds_the_files_of_an_import():
    task = run(confirm(checked(LIST + "Nobody,12\n").id))
    who = people()["Person 05"].id
    transaction(lambda: erase(who, marketer()))
    for each in queries.recent():
        if not each.status.ended:
            run(each.id)
    left = transaction(lambda: [f.role for f in queries.files_of(task.id)])
    check = task.params["check"]
    left += transaction(lambda: [f.role for f in queries.files_of(check)])
    # The list and its plan named the person; the refused rows did not.
    assert left == [stores.REFUSED]
    kept = transaction(lambda: queries.task_of(check))
    assert privacy_files.WHY in kept.error
    assert NUMBERS[5] not in str(kept.result)
    db.session.rollback()


def test_who_is_erased_while_a_list_is_recorded_does_not_come_back(monkeypatch):
    rows = "".join(f"Person {n:02d},{number},no\n" for n, number in enumerate(NUMBERS))
    check = checked("Name,Mobile,SMS opt-in\n" + rows)
    gone = add_contact(NUMBERS[30], "Person 30").id
    task_id, who = confirm(check.id), marketer()
    note = Work.note

    def erasing(work: Work, effect: Callable[[], Any]) -> Any:
        done = note(work, effect)
        if work.position.get("line", 0) >= 16:
            monkeypatch.undo()
            transaction(lambda: erase(gone, who))
        return done

    monkeypatch.setattr(Work, "note", erasing)
    task = run(task_id)
    assert (task.status, task.result["created"], task.result["refused"]) == (TaskStatus.DONE, 39, 1)
    assert "Person 30" not in people()
    # What the row says against them counts, without naming them anew.
    assert state_of(phone(NUMBERS[30]), Channel.SMS) is State.OPTED_OUT
    assert NUMBERS[30] not in {
        one.address for one in db.session.scalars(select(ConsentEventDetail))
    }
    (line,) = refusals(task)
    assert "was erased after the list was uploaded" in line
    assert NUMBERS[30] not in line
    assert "Person 30" not in line


def test_who_is_erased_between_the_upload_and_the_dry_run_is_not_in_its_plan():
    gone, look = add_contact(NUMBERS[30], "Person 30").id, looked_at(LIST)
    check_id, who = check_of(look), marketer()
    transaction(lambda: erase(gone, who))
    check = run(check_id)
    assert (check.result["created"], check.result["refused"]) == (39, 1)
    assert NUMBERS[30] not in str(check.result)
    file = transaction(lambda: {f.role: f.id for f in queries.files_of(check_id)})
    for role in (stores.PLAN, stores.REFUSED):
        assert NUMBERS[30].encode() not in b"".join(files.pieces_of(file[role]))


@pytest.mark.postgres
def test_every_key_is_locked_before_the_first_contact_is(app):
    who = marketer()
    some = [Draft(f"P{n}", NUMBERS[n], f"p{n}@example.com") for n in range(6)]
    for draft in some:
        transaction(partial(save_contact, draft, who))
    text = "Name,Email,Mobile,SMS opt-in\n" + "".join(
        f"New {n},p{n}@example.com,{NUMBERS[20 + n] if n % 2 else ''},{'no' if n % 3 else ''}\n"
        for n in range(6)
    )
    task_id = confirm(checked(text, overwrite=True).id)
    steps = _locks_and_rows(app, task_id)
    assert any(late is not None for _, late in steps)
    for locked, late in steps:
        assert not late or late <= locked
    # Another list that names them by their numbers waits before it has anybody in hand.
    number = lock_number(key_of(phone(NUMBERS[0])))
    assert any(number in locked for locked, _ in steps)


def _locks_and_rows(app: Flask, task_id: int) -> list[tuple[set[int], set[int] | None]]:
    """Give for each transaction the locks taken before the first row of a contact, and after it."""
    steps: list[tuple[set[int], set[int] | None]] = [(set(), None)]

    kept: list[set[int]] = []  # what was locked before each savepoint, which takes back what came

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        before, after = steps[-1]
        if statement.startswith("SAVEPOINT"):
            kept.append(set(before))
        elif statement.startswith("ROLLBACK TO SAVEPOINT") and after is None:
            before.intersection_update(kept.pop())
        elif "pg_advisory_xact_lock(" in statement:
            (before if after is None else after).update(values["numbers"])
        elif after is None and ("UPDATE contacts" in statement or _holds_row(statement)):
            steps[-1] = (before, set())

    def begin(_connection: Any) -> None:
        steps.append((set(), None))

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "begin", begin)
    try:
        run(task_id)
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "begin", begin)
    return steps


def _holds_row(statement: str) -> bool:
    return "FROM contacts" in statement and "FOR UPDATE" in statement


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", *NUMBERS[:4]]),
        st.sampled_from(["", "a@example.com", "b@example.com", "c@example.com"]),
        st.sampled_from(["", "no", "yes"]),
    ),
    min_size=1,
    max_size=7,
)


@settings(
    max_examples=8,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
    ],
)
@given(said=ROWS, out=st.sets(st.sampled_from(NUMBERS[:4]), max_size=2), overwrite=st.booleans())
def test_in_any_order_no_row_lifts_an_opt_out_and_every_copy_says_what_stands(
    rows: Rows, said: list[tuple[str, str, str]], out: set[str], overwrite: bool
) -> None:
    rows.restore()
    for number in sorted(out):
        record(address=phone(number), channel=Channel.SMS)
    text = "Mobile,Email,SMS opt-in\n" + "".join(f"{','.join(row)}\n" for row in said)
    columns = ("phone", "email", "consent.sms")
    text += f"{NUMBERS[9]},,\n"  # a list without any row is none
    check = checked(text, header=True, columns=columns, overwrite=overwrite, **RECORD)
    if check.status is TaskStatus.DONE:
        task = run(confirm(check.id))
        assert task.status is TaskStatus.DONE, task.error
        names = ("created", "updated", "unchanged", "twice", "refused")
        taken = sum(task.result.get(name, 0) for name in names)
        assert taken == check.result.get("rows", 0)
    for number in out:
        assert state_of(phone(number), Channel.SMS) is State.OPTED_OUT
    for contact in db.session.scalars(select(Contact)):
        stands = state_of(phone(contact.phone), Channel.SMS) if contact.phone else State.UNKNOWN
        assert contact.sms_state is stands
    db.session.rollback()
