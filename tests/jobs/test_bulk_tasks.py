"""Bulk actions on more than a page: done contact by contact, whatever happens meanwhile."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from rq import Queue, SimpleWorker
from sqlalchemy import delete, func, select, update

from jobs.tasks import RUNNERS
from tests.people import (
    add_contact,
    add_message,
    add_user,
    all_events,
    phone,
    record,
    state_of,
    status_of,
)
from webapp.accounts import settings
from webapp.accounts.models import User
from webapp.accounts.rules import CUSTOMER, Role
from webapp.accounts.settings import LIMITS
from webapp.audit.models import AuditEntry
from webapp.bulk import running
from webapp.bulk.asked import Asked, Deed
from webapp.bulk.people import ids_of
from webapp.bulk.selection import Selection
from webapp.bulk.service import start
from webapp.consent import several
from webapp.consent.toggles import Record
from webapp.contacts.filters import Filters
from webapp.contacts.models import Contact, ContactTag, Tag
from webapp.contacts.rules import Channel, Source, State
from webapp.contacts.tags import MAX_TAGS, named
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.errors import Invalid, NotFound
from webapp.core.queue import QUEUES, SERIALIZER
from webapp.outbox.rules import Status
from webapp.tasks import queries, service
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus
from webapp.tasks.work import NoLongerOurs

pytestmark = pytest.mark.usefixtures("context")

NUMBERS = [f"+1650555{n:04d}" for n in range(12)]
DAY = timedelta(days=1)
OUT = Asked(Deed.OPT_OUT, (Channel.WHATSAPP,))
GIVEN = Record("In person", "Main Street shop", "Yes, send me offers.")


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a dozen contacts take several steps."""
    monkeypatch.setattr(running, "STEP", 3)


@pytest.fixture
def people() -> list[int]:
    """A dozen contacts, by id."""
    ids = [add_contact(number, f"Person {n:02d}").id for n, number in enumerate(NUMBERS)]
    db.session.rollback()
    return ids


@pytest.fixture
def marketer() -> User:
    return add_user(Role.MARKETER)


def begin(asked: Asked, user: User, filters: Filters | None = None) -> int:
    """Start a task over all that match, as a page does; gives its id."""
    chosen, who = Selection(filters or Filters()), user.actor()
    people = ids_of(chosen)
    task_id = transaction(lambda: start(asked, chosen, people, who)).id
    db.session.rollback()  # what has read holds SQLite's lock
    return task_id


def run(task_id: int) -> Task:
    """Let it run for a turn, and give it as it stands then."""
    service.run(task_id, RUNNERS)
    return stands(task_id)


def stands(task_id: int) -> Task:
    task = queries.task_of(task_id)
    db.session.rollback()
    return task


def outs() -> list[int]:
    """Count the opt-outs of each key."""
    found = Counter(event.key for event in all_events() if event.asked is State.OPTED_OUT)
    db.session.rollback()
    return sorted(found.values())


def states() -> list[State]:
    return [state_of(phone(number)) for number in NUMBERS]


def tag_people(ids: list[int]) -> None:
    def put() -> None:
        for each in db.session.query(Contact).filter(Contact.id.in_(ids)):
            each.tags = named(["Fair"])

    transaction(put)


def audited(action: str) -> list[dict[str, Any]]:
    found = select(AuditEntry.detail).where(AuditEntry.action == action)
    details = list(db.session.scalars(found))
    db.session.rollback()
    return details


def test_all_that_match_are_opted_out_each_by_one_event(people, marketer):
    waits = add_message(address=phone(NUMBERS[3]), send_at=clock.now() + DAY).id
    record(address=phone(NUMBERS[5]), at=clock.now() - DAY)
    add_contact(None, "Nobody There", email="n@example.com")
    task = run(begin(OUT, marketer))
    assert (task.status, task.done, task.total) == (TaskStatus.DONE, 13, 13)
    assert task.result == {
        "whatsapp.changed": 11,
        "whatsapp.already": 1,
        "whatsapp.no_address": 1,
        "cancelled": 1,
    }
    assert states() == [State.OPTED_OUT] * 12
    # Who was out has said it again: a consent shown later may lie between the two.
    assert sorted(outs()) == [1] * 11 + [2]
    assert status_of(waits) is Status.CANCELLED


def test_filters_are_those_of_the_list(people, marketer):
    vip = named(["VIP"])
    for contact_id in people[::2]:
        db.session.get_one(Contact, contact_id).tags = vip
    db.session.commit()
    task = run(begin(OUT, marketer, Filters(tags=("VIP",))))
    assert task.result == {"whatsapp.changed": 6}
    assert states() == [State.OPTED_OUT, State.UNKNOWN] * 6


def test_what_it_changes_itself_does_not_lead_it_astray(people, marketer):
    for number in NUMBERS:
        record(State.OPTED_IN, address=phone(number), at=clock.now() - DAY)
    task = run(begin(OUT, marketer, Filters(state=State.OPTED_IN)))
    assert task.result == {"whatsapp.changed": 12}
    assert states() == [State.OPTED_OUT] * 12


def test_whoever_comes_later_is_not_among_them(people, marketer):
    task_id = begin(OUT, marketer)
    add_contact("+16505559999", "Late")
    assert run(task_id).done == 12
    assert state_of(phone("+16505559999")) is State.UNKNOWN


def test_whoever_comes_to_match_later_is_not_among_them(people, marketer):
    tagged = Filters(tags=("Fair",))
    tag_people(people[:4])
    task_id = begin(replace(OUT, deed=Deed.OPT_IN, record=GIVEN), marketer, tagged)
    tag_people(people)
    assert (run(task_id).done, states().count(State.OPTED_IN)) == (4, 4)


def test_who_is_for_it_is_known_though_they_match_no_more(people, marketer):
    tag_people(people[:4])
    task_id = begin(OUT, marketer, Filters(tags=("Fair",)))
    transaction(lambda: db.session.execute(delete(ContactTag)))
    assert (run(task_id).done, states().count(State.OPTED_OUT)) == (4, 4)


def test_nobody_is_shown_the_list_that_it_works_through(people, marketer):
    assert queries.files_of(begin(OUT, marketer)) == []


def test_a_real_worker_runs_it(people, marketer, redis: Redis):
    task_id = begin(OUT, marketer)
    queues = [Queue(name, connection=redis, serializer=SERIALIZER) for name in QUEUES]
    SimpleWorker(queues, connection=redis, serializer=SERIALIZER).work(
        burst=True, logging_level="WARNING"
    )
    assert stands(task_id).status is TaskStatus.DONE
    assert states() == [State.OPTED_OUT] * 12


def die_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end right after a step was committed, before it says anything more."""
    real, calls = running._step, []

    def dies(*args: Any) -> None:
        real(*args)
        calls.append(1)
        if len(calls) == steps:
            raise KeyboardInterrupt

    monkeypatch.setattr(running, "_step", dies)


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_killed_in_the_middle_it_goes_on_and_does_nobody_twice(
    people, marketer, monkeypatch, steps
):
    task_id = begin(OUT, marketer)
    with monkeypatch.context() as patch:
        die_after(steps, patch)
        with pytest.raises(KeyboardInterrupt):
            service.run(task_id, RUNNERS)
    db.session.rollback()
    assert stands(task_id).done == 3 * steps
    gone_silent = clock.now() - timedelta(seconds=61)
    transaction(lambda: db.session.execute(update(Task).values(beat_at=gone_silent)))
    task = run(task_id)
    assert task.status is TaskStatus.DONE
    assert task.result == {"whatsapp.changed": 12}
    assert outs() == [1] * 12
    assert len(audited("bulk.opted_out")) == 1


def test_killed_before_the_commit_it_does_that_step_again(people, marketer, monkeypatch):
    task_id = begin(OUT, marketer)
    real, calls = several.opt_out, []

    def dies(*args: Any, **more: Any) -> Any:
        done = real(*args, **more)
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(several, "opt_out", dies)
        with pytest.raises(KeyboardInterrupt):
            service.run(task_id, RUNNERS)
    db.session.rollback()
    assert stands(task_id).done == 3
    gone_silent = clock.now() - timedelta(seconds=61)
    transaction(lambda: db.session.execute(update(Task).values(beat_at=gone_silent)))
    assert run(task_id).result == {"whatsapp.changed": 12}
    assert outs() == [1] * 12


def test_with_turns_that_are_over_at_once_it_is_still_done(people, marketer, monkeypatch):
    monkeypatch.setattr("webapp.tasks.work.TURN", -1.0)
    task_id = begin(OUT, marketer)
    done = [run(task_id).done for _ in range(4)]
    assert done == [3, 6, 9, 12]
    assert run(task_id).status is TaskStatus.DONE
    assert outs() == [1] * 12


def meanwhile(after: int, monkeypatch: pytest.MonkeyPatch, happens: Any) -> None:
    """Let something happen right after so many steps."""
    real, calls = running._step, []

    def step(*args: Any) -> None:
        real(*args)
        calls.append(1)
        if len(calls) == after:
            happens()

    monkeypatch.setattr(running, "_step", step)


def test_a_stop_that_comes_meanwhile_is_no_second_change(people, marketer, monkeypatch):
    def stop() -> None:
        record(address=phone(NUMBERS[7]), source=Source.KEYWORD, actor=CUSTOMER)

    meanwhile(1, monkeypatch, stop)
    task = run(begin(OUT, marketer))
    assert task.result == {"whatsapp.changed": 11, "whatsapp.already": 1}
    assert outs() == [1] * 12


def test_two_bulk_opt_outs_at_once_change_each_once_and_both_are_recorded(
    people, marketer, monkeypatch
):
    """Each is somebody's own no: whoever takes theirs back takes back theirs alone."""
    admin = add_user(Role.ADMIN)
    first, second = begin(OUT, marketer), begin(OUT, admin)
    with monkeypatch.context() as patch:
        meanwhile(2, patch, lambda: service.run(second, {Deed.OPT_OUT.value: running.run}))
        service.run(first, RUNNERS)
    total = Counter(stands(first).result) + Counter(stands(second).result)
    assert total == {"whatsapp.changed": 12, "whatsapp.already": 12}
    assert outs() == [2] * 12


def test_an_opt_in_never_lifts_an_opt_out_that_came_after_it_was_asked_for(
    people, marketer, monkeypatch
):
    for number in NUMBERS[:3]:
        record(address=phone(number), at=clock.now() - DAY)

    def stop() -> None:
        # Long ago by the time its turn comes: a long bulk must not look newer than this.
        record(address=phone(NUMBERS[11]), source=Source.KEYWORD, actor=CUSTOMER)

    meanwhile(1, monkeypatch, stop)
    asked = Asked(Deed.OPT_IN, (Channel.WHATSAPP,), record=GIVEN)
    task = run(begin(asked, marketer))
    assert task.result == {"whatsapp.changed": 11, "whatsapp.stands": 1}
    assert states() == [State.OPTED_IN] * 11 + [State.OPTED_OUT]


def test_consent_older_than_an_opt_out_does_not_lift_it(people, marketer):
    record(address=phone(NUMBERS[4]), source=Source.KEYWORD, actor=CUSTOMER)
    given = Record("Paper form", "Fair", "Yes.", clock.now() - DAY)
    task = run(begin(Asked(Deed.OPT_IN, (Channel.WHATSAPP,), record=given), marketer))
    assert task.result == {"whatsapp.changed": 11, "whatsapp.stands": 1}
    assert state_of(phone(NUMBERS[4])) is State.OPTED_OUT


def test_an_opt_in_from_the_future_does_not_begin(people, marketer):
    given = Record("Paper form", "Fair", "Yes.", clock.now() + DAY)
    with pytest.raises(Invalid):
        begin(Asked(Deed.OPT_IN, (Channel.WHATSAPP,), record=given), marketer)
    assert db.session.query(Task).count() == 0


def test_who_may_no_longer_do_it_is_stopped_with_a_sentence(people, marketer, monkeypatch):
    def demote() -> None:
        viewer = update(User).where(User.id == marketer_id).values(role=Role.VIEWER)
        transaction(lambda: db.session.execute(viewer))

    task_id, marketer_id = begin(OUT, marketer), marketer.id
    db.session.rollback()
    meanwhile(2, monkeypatch, demote)
    task = run(task_id)
    assert (task.status, task.done) == (TaskStatus.FAILED, 6)
    assert (
        task.error
        == "Marketer may not do this any more, so it was stopped. What is done stays done."
    )
    assert states().count(State.OPTED_OUT) == 6


@pytest.mark.parametrize(
    ("limit", "deed", "refused"),
    [
        ("only_admins_change_consent", Deed.OPT_OUT, True),
        ("only_admins_change_consent", Deed.TAG, False),
        ("only_admins_resubscribe", Deed.OPT_IN, True),
        ("only_admins_resubscribe", Deed.OPT_OUT, False),
    ],
)
def test_settings_that_came_meanwhile_hold_too(people, marketer, limit, deed, refused):
    asked = Asked(
        deed,
        () if deed is Deed.TAG else (Channel.SMS,),
        record=GIVEN if deed is Deed.OPT_IN else None,
        tag="VIP" if deed is Deed.TAG else "",
    )
    task_id = begin(asked, marketer)
    transaction(lambda: settings.write(LIMITS, {limit: True}))
    assert run(task_id).status is (TaskStatus.FAILED if refused else TaskStatus.DONE)


def test_somebody_disabled_does_nothing_more(people, marketer):
    task_id = begin(OUT, marketer)
    transaction(lambda: db.session.execute(update(User).values(disabled_at=clock.now())))
    assert run(task_id).status is TaskStatus.FAILED
    assert all_events() == []


def test_cancelled_it_stops_and_what_is_done_stays(people, marketer, monkeypatch):
    task_id = begin(OUT, marketer)
    meanwhile(1, monkeypatch, lambda: transaction(lambda: service.cancel(task_id)))
    task = run(task_id)
    assert (task.status, task.done) == (TaskStatus.CANCELLED, 3)
    assert states().count(State.OPTED_OUT) == 3


def test_who_was_deleted_after_being_read_is_counted_as_gone(people, marketer, monkeypatch):
    def delete() -> None:
        transaction(lambda: db.session.delete(db.session.get_one(Contact, people[4])))

    meanwhile(1, monkeypatch, delete)
    task = run(begin(OUT, marketer))
    assert task.result == {"whatsapp.changed": 11, "whatsapp.gone": 1}


def test_the_answer_waits_until_nothing_more_can_leave(people, marketer, monkeypatch):
    """Each step settles what it opted out, also what was out already, before the next begins."""
    record(address=phone(NUMBERS[0]))
    settled: list[int] = []
    monkeypatch.setattr(
        "webapp.bulk.acts.settle", lambda changes, also: settled.append(len(list(also)))
    )
    run(begin(OUT, marketer))
    assert settled == [3, 3, 3, 3]


def test_the_audit_log_has_the_filters_and_the_counts(people, marketer):
    task_id = begin(OUT, marketer, Filters(search="person 07"))
    run(task_id)
    started, done = audited("bulk.started")[0], audited("bulk.opted_out")[0]
    assert started["people"] == 1
    assert ["q", "person 07"] in done["asked"]["filters"]
    assert done["counts"] == {"whatsapp.changed": 1}
    assert started["task_id"] == done["task_id"] == task_id


def carriers(name: str) -> int:
    query = (
        select(func.count()).select_from(ContactTag).join(Tag, Tag.id == ContactTag.tag_id)
    ).where(Tag.name == name)
    count = db.session.scalars(query).one()
    db.session.rollback()
    return count


def test_a_tag_is_added_to_all_and_removed_again(people, marketer):
    db.session.get_one(Contact, people[0]).tags = named(["VIP"])
    full = named([f"Tag {n}" for n in range(MAX_TAGS)])
    db.session.get_one(Contact, people[1]).tags = full
    db.session.commit()
    task = run(begin(Asked(Deed.TAG, tag="vip"), marketer))
    assert task.result == {"changed": 10, "already": 1, "full": 1}
    assert carriers("VIP") == 11
    task = run(begin(Asked(Deed.UNTAG, tag="Vip"), marketer))
    assert task.result == {"changed": 11, "already": 1}
    assert carriers("VIP") == 0


def test_a_tag_that_nobody_made_cannot_be_removed(people, marketer):
    with pytest.raises(NotFound):
        begin(Asked(Deed.UNTAG, tag="Nothing"), marketer)


def test_a_process_that_comes_back_late_writes_nothing(app: Flask, people, marketer):
    from webapp.tasks.work import claim

    task_id = begin(OUT, marketer)
    late = claim(task_id, "late")
    assert late is not None
    silent = clock.now() - timedelta(seconds=61)
    transaction(lambda: db.session.execute(update(Task).values(beat_at=silent)))
    run(task_id)
    with pytest.raises(NoLongerOurs):
        running.run(late)
    db.session.rollback()
    assert outs() == [1] * 12
