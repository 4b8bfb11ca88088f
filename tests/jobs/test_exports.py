"""Files of exports made in a task: whole or not shown, through crashes and cancelling."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from jobs.tasks import RUNNERS
from tests.people import add_contact, add_user, phone, record
from tests.sheets import sheets
from webapp.accounts.models import User
from webapp.accounts.rules import Role
from webapp.contacts.filters import Filters
from webapp.contacts.models import Tag
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.core.errors import NotFound
from webapp.core.zones import zone_named
from webapp.exports import beating, making, queries, service, workbooks
from webapp.exports.asked import Asked, What
from webapp.tasks import files
from webapp.tasks import queries as task_queries
from webapp.tasks import service as tasks
from webapp.tasks.models import Task, TaskFile
from webapp.tasks.rules import TaskStatus
from webapp.tasks.work import NoLongerOurs, claim

pytestmark = pytest.mark.usefixtures("context")

PEOPLE = 25


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say each few rows how far it is."""
    monkeypatch.setattr(workbooks, "SAID_EVERY", 10)
    monkeypatch.setattr(making, "SAID_EVERY", -1.0)


def begin() -> int:
    """Let a marketer ask for the exclusion list of SMS, in which are PEOPLE; gives the task's id."""
    for n in range(PEOPLE):
        record(address=phone(f"+1650555{n:04d}"), channel=Channel.SMS)
    user = add_user(Role.MARKETER)
    zone = zone_named("Europe/Berlin")
    assert zone is not None
    asked = Asked(What.OPT_OUTS, Filters(channel=Channel.SMS), zone)
    actor = user.actor()
    return transaction(lambda: service.start_workbook(asked, actor)).id


def run(task_id: int) -> None:
    tasks.run(task_id, RUNNERS)


def stands(task_id: int) -> Task:
    found = task_queries.task_of(task_id)
    db.session.rollback()
    return found


def content(task_id: int) -> bytes:
    file = queries.file_of(task_id)
    found = b"".join(files.parts_of(file.id))
    assert len(found) == file.size
    db.session.rollback()
    return found


def dies_at(monkeypatch: pytest.MonkeyPatch, rows: int, act: Callable[[], None]) -> None:
    """Let something happen in the process once so many rows were said to be written."""
    say = making._Progress.say

    def heard(self: making._Progress, written: int) -> None:
        say(self, written)
        if written == rows:
            act()

    monkeypatch.setattr(making._Progress, "say", heard)


def killed() -> None:
    raise KeyboardInterrupt


def silence(task_id: int) -> None:
    then = clock.now() - timedelta(seconds=61)
    transaction(
        lambda: db.session.execute(update(Task).where(Task.id == task_id).values(beat_at=then))
    )


def test_a_task_makes_the_file_and_says_how_many_rows_it_has() -> None:
    task_id = begin()
    run(task_id)
    task = stands(task_id)
    assert (task.status, task.done, task.total) == (TaskStatus.DONE, PEOPLE, PEOPLE)
    assert task.result == {"rows": PEOPLE}
    (sheet,) = sheets(content(task_id))
    assert len(sheet.rows) == PEOPLE + 1
    assert sheet.rows[0][2] == "opted_out_at (Europe/Berlin)"
    file = queries.file_of(task_id)
    assert file.name.startswith("heed-sms-opt-outs-")
    assert file.content_type == workbooks.CONTENT_TYPE


def test_its_progress_is_seen_while_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    task_id = begin()
    seen: list[tuple[int, int | None]] = []
    dies_at(monkeypatch, 20, lambda: seen.append((stands(task_id).done, stands(task_id).total)))
    run(task_id)
    assert seen == [(20, PEOPLE)]


def test_what_was_killed_is_begun_anew_and_shown_only_when_it_is_whole(
    monkeypatch: pytest.MonkeyPatch, config: Config
) -> None:
    task_id = begin()
    monkeypatch.setattr(making, "PIECE", 1000)
    with monkeypatch.context() as patch:
        patch.setattr(making, "_appended", lambda *_: killed())
        with pytest.raises(KeyboardInterrupt):
            run(task_id)
    db.session.rollback()
    assert db.session.scalars(select(TaskFile.role)).all() == ["draft"]
    assert task_queries.files_of(task_id) == []
    with pytest.raises(NotFound):
        files.file_of(task_id, "draft")
    db.session.rollback()
    silence(task_id)
    run(task_id)
    task = stands(task_id)
    assert (task.status, task.done, task.total) == (TaskStatus.DONE, PEOPLE, PEOPLE)
    assert len(sheets(content(task_id))[0].rows) == PEOPLE + 1
    assert db.session.scalar(select(func.count()).select_from(TaskFile)) == 1
    assert list((config.data / "making").iterdir()) == []


def test_a_file_that_is_whole_is_not_made_again_after_a_kill(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    task_id = begin()
    end = making._Progress.end

    def dies(self: making._Progress, publish: Callable[[], None]) -> None:
        end(self, publish)
        killed()

    with monkeypatch.context() as patch:
        patch.setattr(making._Progress, "end", dies)
        with pytest.raises(KeyboardInterrupt):
            run(task_id)
    db.session.rollback()
    made = queries.file_of(task_id).id
    db.session.rollback()
    silence(task_id)
    run(task_id)
    task = stands(task_id)
    assert (task.status, task.done, task.result) == (TaskStatus.DONE, PEOPLE, {"rows": PEOPLE})
    assert db.session.scalars(select(TaskFile.id)).all() == [made]


def test_a_file_that_always_fails_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    task_id = begin()

    def fails() -> None:
        raise RuntimeError("the disk is full")

    dies_at(monkeypatch, 20, fails)
    for _ in range(tasks.TRIES):
        assert stands(task_id).error == ""
        run(task_id)
    task = stands(task_id)
    assert (task.status, task.error) == (TaskStatus.FAILED, tasks.GAVE_UP)


def test_what_a_killed_process_left_on_the_disk_is_gone(config: Config) -> None:
    task_id = begin()
    left = config.data / "making" / str(task_id) / "half"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half of a file")
    run(task_id)
    assert not left.exists()


def test_cancelling_stops_it_and_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, config: Config
) -> None:
    task_id = begin()
    dies_at(monkeypatch, 10, lambda: transaction(lambda: tasks.cancel(task_id)))
    run(task_id)
    assert stands(task_id).status is TaskStatus.CANCELLED
    assert stands(task_id).done < PEOPLE
    assert task_queries.files_of(task_id) == []
    assert list((config.data / "making").iterdir()) == []


def test_who_may_no_longer_export_gets_nothing() -> None:
    task_id = begin()
    transaction(lambda: db.session.execute(update(User).values(role=Role.VIEWER)))
    run(task_id)
    task = stands(task_id)
    assert task.status is TaskStatus.FAILED
    assert "may not do this any more" in task.error
    assert task_queries.files_of(task_id) == []


def test_a_long_read_keeps_nobody_from_writing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    task_id = begin()
    wrote: list[bool] = []

    def write() -> None:
        with app.app_context():
            transaction(lambda: db.session.add(Tag(name="VIP", folded="vip")))
            wrote.append(True)

    def writes_beside() -> None:
        other = threading.Thread(target=write)
        other.start()
        other.join(20)

    dies_at(monkeypatch, 20, writes_beside)
    run(task_id)
    assert wrote == [True]
    assert stands(task_id).status is TaskStatus.DONE


def test_what_takes_long_in_one_piece_beats_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    task_id = begin()
    work = claim(task_id, "one")
    assert work is not None
    monkeypatch.setattr(beating, "BEAT", 0.01)
    beaten, beat = threading.Event(), work.beat

    def heard() -> None:
        beaten.set()
        beat()

    monkeypatch.setattr(work, "beat", heard)
    assert beating.beating(work, lambda: beaten.wait(20)) is True
    with pytest.raises(ZeroDivisionError):
        beating.beating(work, lambda: 1 // 0)
    transaction(lambda: tasks.cancel(task_id))
    beaten.clear()
    with pytest.raises(NoLongerOurs):
        beating.beating(work, lambda: beaten.wait(20))


def test_an_export_that_is_gone_or_of_another_kind_is_not_found() -> None:
    add_contact()
    actor = add_user(Role.ADMIN).actor()
    other = transaction(lambda: tasks.start("bulk.tag", "Tag all", actor)).id
    for task_id in (other, other + 1):
        with pytest.raises(NotFound):
            queries.file_of(task_id)
