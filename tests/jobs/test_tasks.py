"""Long work: its steps, its crashes, its end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import func, select, update

from tests.people import add_contact, add_user
from webapp.accounts.models import User
from webapp.accounts.rules import Role
from webapp.contacts.models import Tag
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.queue import jobs
from webapp.tasks import files, queries, service, waking
from webapp.tasks.models import Task, TaskFilePart
from webapp.tasks.rules import TaskStatus
from webapp.tasks.work import NoLongerOurs, PutOff, Step, Work, claim

pytestmark = pytest.mark.usefixtures("context")


def begin(total: int | None = None) -> int:
    """Start a task as a marketer does; gives its id."""
    user = db.session.scalars(select(User)).first() or add_user(Role.MARKETER)
    actor = user.actor()
    return transaction(lambda: service.start("count", "Count to three", actor, total=total)).id


def write_down(work: Work, name: str) -> Step:
    """Leave a trace of a step, in its transaction."""
    db.session.add(Tag(name=name, folded=name))
    return Step(1, {"last": name}, {"written": 1})


def traces() -> list[str]:
    found = list(db.session.scalars(select(Tag.name).order_by(Tag.name)))
    db.session.rollback()
    return found


def count_to_three(work: Work) -> None:
    """A runner of three steps that goes on from its position."""
    for name in "abc":
        if name > work.position.get("last", ""):
            work.step(lambda name=name: write_down(work, name))  # type: ignore[misc]


def stands(task_id: int) -> Task:
    task = queries.task_of(task_id)
    db.session.rollback()
    return task


def run(task_id: int, runner: service.Runner = count_to_three) -> None:
    service.run(task_id, {"count": runner})


def silence(task_id: int, for_seconds: float) -> None:
    """Let the task's process have been heard of so long ago."""
    then = clock.now() - timedelta(seconds=for_seconds)
    transaction(
        lambda: db.session.execute(update(Task).where(Task.id == task_id).values(beat_at=then))
    )


def queued(redis: Redis) -> list[str]:
    """Give the ids of the jobs that a worker for long work would take, in order."""
    found = redis.lrange("rq:queue:long", 0, -1)
    return [job_id.decode() for job_id in found if isinstance(job_id, bytes)]


def taken_by_a_worker_that_was_killed(redis: Redis) -> None:
    """Leave the next job as a worker does that had begun it: off the queue, and started for ever."""
    job_id = redis.lpop("rq:queue:long")
    assert isinstance(job_id, bytes)
    redis.hset(f"rq:job:{job_id.decode()}", "status", "started")


def is_killed(task_id: int, runner: service.Runner) -> None:
    """Let a task's process be killed while it runs, and a minute go by."""

    def dies(work: Work) -> None:
        runner(work)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(task_id, dies)
    db.session.rollback()
    silence(task_id, 61)


def test_a_task_runs_to_its_end_and_says_what_it_did() -> None:
    task_id = begin(total=3)
    run(task_id)
    task = queries.task_of(task_id)
    assert (task.status, task.done, task.total) == (TaskStatus.DONE, 3, 3)
    assert task.result == {"written": 3}
    assert task.ended_at is not None


def test_starting_a_task_queues_its_job_on_the_long_queue(redis: Redis) -> None:
    task_id = begin()
    assert queued(redis) == [waking.job_id(task_id, stands(task_id).beat_at)]


def test_a_task_that_died_goes_on_where_its_last_step_ended() -> None:
    task_id = begin()

    def dies(work: Work) -> None:
        work.step(lambda: write_down(work, "a"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(task_id, dies)
    db.session.rollback()
    run(task_id)
    assert traces() == ["a"]  # its process may still live
    silence(task_id, 61)
    run(task_id)
    assert traces() == ["a", "b", "c"]
    assert stands(task_id).result == {"written": 3}


def test_a_process_that_comes_back_late_changes_nothing() -> None:
    task_id = begin()
    late = claim(task_id, "late")
    assert late is not None
    silence(task_id, 61)
    run(task_id)
    with pytest.raises(NoLongerOurs):
        late.step(lambda: write_down(late, "z"))
    assert traces() == ["a", "b", "c"]


def test_two_processes_never_work_on_one_task() -> None:
    task_id = begin()
    assert claim(task_id, "one") is not None
    assert claim(task_id, "two") is None


def test_a_step_that_fails_leaves_nothing_and_is_tried_again() -> None:
    task_id = begin()
    calls = []

    def stumbles(work: Work) -> None:
        def effect() -> Step:
            calls.append(1)
            step = write_down(work, "a")
            if len(calls) == 1:
                raise RuntimeError("the provider hung up")
            return step

        work.step(effect)

    run(task_id, stumbles)
    assert traces() == []
    assert stands(task_id).status is TaskStatus.RUNNING
    run(task_id, stumbles)
    assert traces() == ["a"]
    assert stands(task_id).status is TaskStatus.DONE


def test_a_task_that_only_fails_is_given_up_with_a_sentence() -> None:
    task_id = begin()

    def fails(_work: Work) -> None:
        raise RuntimeError("again")

    for _ in range(service.TRIES):
        run(task_id, fails)
    task = queries.task_of(task_id)
    assert (task.status, task.error) == (TaskStatus.FAILED, service.GAVE_UP)


def test_an_error_for_a_person_ends_the_task_at_once() -> None:
    task_id = begin()

    def refuses(_work: Work) -> None:
        raise Invalid("That file is empty.")

    run(task_id, refuses)
    task = queries.task_of(task_id)
    assert (task.status, task.error) == (TaskStatus.FAILED, "That file is empty.")


def test_a_cancelled_task_stops_before_its_next_step() -> None:
    task_id = begin()

    def cancelled_meanwhile(work: Work) -> None:
        work.step(lambda: write_down(work, "a"))
        transaction(lambda: service.cancel(task_id))
        work.step(lambda: write_down(work, "b"))

    run(task_id, cancelled_meanwhile)
    assert traces() == ["a"]
    assert stands(task_id).status is TaskStatus.CANCELLED
    run(task_id)
    assert traces() == ["a"]


def test_what_has_ended_cannot_be_cancelled() -> None:
    task_id = begin()
    run(task_id)
    with pytest.raises(Conflict):
        transaction(lambda: service.cancel(task_id))
    with pytest.raises(NotFound):
        transaction(lambda: service.cancel(task_id + 1))


def test_a_task_gives_way_when_its_turn_is_over(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = begin()
    monkeypatch.setattr("webapp.tasks.work.TURN", -1.0)
    run(task_id)
    assert traces() == []
    assert stands(task_id).lease is None
    assert len(queued(redis)) == 2  # the first job was not taken by a worker here
    monkeypatch.undo()
    run(task_id)
    assert traces() == ["a", "b", "c"]


def test_forgotten_tasks_are_woken_and_running_ones_left_alone(redis: Redis) -> None:
    forgotten, busy, ended = begin(), begin(), begin()
    assert claim(busy, "busy") is not None
    run(ended)
    redis.flushall()
    for task_id in (forgotten, busy, ended):
        silence(task_id, 30)
    assert waking.wake_forgotten() == 1
    (job_id,) = queued(redis)
    assert job_id.startswith(f"task-{forgotten}-")
    assert jobs().is_up()


def test_what_a_killed_worker_had_in_hand_is_woken_a_minute_later(redis: Redis) -> None:
    task_id = begin()
    for taken_up in (1, 2):
        taken_by_a_worker_that_was_killed(redis)
        assert claim(task_id, f"killed {taken_up}") is not None
        silence(task_id, 60 + taken_up)
        assert waking.wake_forgotten() == 1
        assert len(queued(redis)) == 1


def test_a_worker_that_was_killed_before_it_took_the_task_up_is_made_up_for(redis: Redis) -> None:
    task_id = begin()
    taken_by_a_worker_that_was_killed(redis)
    free_since = stands(task_id).beat_at
    waking.wake(task_id, free_since, timedelta(minutes=9))
    assert queued(redis) == []  # that worker may still live
    waking.wake(task_id, free_since, timedelta(minutes=10))
    assert len(queued(redis)) == 1


def test_however_often_it_is_woken_it_is_queued_once(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "REST", -timedelta(seconds=5))
    monkeypatch.setattr("webapp.tasks.work.TURN", -1.0)
    task_id = begin()
    assert (waking.wake_forgotten(), len(queued(redis))) == (1, 1)
    redis.delete("rq:queue:long")
    run(task_id)
    assert len(queued(redis)) == 1
    assert (waking.wake_forgotten(), len(queued(redis))) == (1, 1)


def test_signs_of_life_are_no_progress() -> None:
    task_id = begin()

    def fails(work: Work) -> None:
        work.note(lambda: Step(position={"row": 0, "rows": 5}))
        work.beat()
        work.note(lambda: Step(facts={"rows": 1}))
        work.note(lambda: Step(5, {"row": 0, "rows": 5}, draft=True))
        raise RuntimeError("again")

    for _ in range(service.TRIES):
        run(task_id, fails)
    assert stands(task_id).error == ""  # the first time its position was new
    run(task_id, fails)
    assert stands(task_id).error == service.GAVE_UP


def test_what_kills_its_process_time_after_time_is_given_up() -> None:
    task_id = begin()
    for _ in range(service.TAKEN_UP):
        is_killed(task_id, Work.beat)
    assert stands(task_id).status is TaskStatus.RUNNING
    run(task_id)
    task = stands(task_id)
    assert (task.status, task.error, task.lease) == (TaskStatus.FAILED, service.GAVE_UP, None)
    assert traces() == []


def test_a_process_that_is_killed_after_some_progress_is_never_too_often() -> None:
    task_id = begin()
    for nth in range(service.TAKEN_UP + 2):
        name = f"step {nth}"
        is_killed(task_id, lambda work, name=name: work.step(lambda: write_down(work, name)))  # type: ignore[misc]
    run(task_id)
    assert stands(task_id).status is TaskStatus.DONE


def test_a_task_may_be_put_off_again_and_again() -> None:
    task_id = begin()

    def waits(_work: Work) -> None:
        raise PutOff(timedelta(hours=1))

    for _ in range(service.TAKEN_UP + 2):
        run(task_id, waits)
    run(task_id)
    assert stands(task_id).status is TaskStatus.DONE


def test_turns_that_are_over_are_no_attempts_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    task_id = begin()
    with monkeypatch.context() as patch:
        patch.setattr("webapp.tasks.work.TURN", -1.0)
        for _ in range(service.TAKEN_UP + 2):
            run(task_id)
    run(task_id)
    assert stands(task_id).status is TaskStatus.DONE


def test_a_file_is_kept_in_pieces_and_read_back_whole() -> None:
    task_id = begin()
    content = bytes(range(256)) * 10_000

    def write() -> int:
        file_id = files.begin(task_id, "made", "list.csv", "text/csv")
        files.append(file_id, content)
        files.append(file_id, b"")
        files.append(file_id, b"the end")
        return file_id

    file_id = transaction(write)
    assert b"".join(files.parts_of(file_id)) == content + b"the end"
    assert files.file_of(task_id, "made").size == len(content) + 7


def test_the_file_of_an_attempt_that_did_not_end_goes_away() -> None:
    task_id = begin()

    def write() -> None:
        files.append(files.begin(task_id, "made", "list.csv", "text/csv"), b"half")

    transaction(write)
    transaction(write)
    assert [file.size for file in queries.files_of(task_id)] == [4]
    assert db.session.scalar(select(func.count()).select_from(TaskFilePart)) == 1


def test_files_go_after_a_week_and_tasks_after_three_months() -> None:
    add_contact()
    task_id = begin()
    transaction(lambda: files.append(files.begin(task_id, "made", "a.csv", "text/csv"), b"a"))
    run(task_id)

    def age(days: int) -> None:
        ended = clock.now() - timedelta(days=days)
        db.session.execute(update(Task).where(Task.id == task_id).values(ended_at=ended))
        service.forget_old()

    transaction(lambda: age(6))
    assert len(queries.files_of(task_id)) == 1
    transaction(lambda: age(8))
    assert queries.files_of(task_id) == []
    assert db.session.scalar(select(func.count()).select_from(TaskFilePart)) == 0
    transaction(lambda: age(91))
    with pytest.raises(NotFound):
        queries.task_of(task_id)


def test_the_one_who_started_it_is_known() -> None:
    task_id = begin()
    work = claim(task_id, "one")
    assert work is not None
    user = db.session.scalars(select(User)).one()
    assert work.actor == user.actor()
