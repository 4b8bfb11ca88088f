"""Tags that are merged or deleted while segments of those who do not carry them are in use."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from flask.ctx import AppContext
from sqlalchemy import func, select

from tests.people import add_contact, add_user
from webapp.accounts.rules import Actor, Role
from webapp.contacts import tag_changes, tag_settings
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import Filters
from webapp.contacts.kept_params import meaning_of
from webapp.contacts.models import Contact, ContactTag, Tag
from webapp.contacts.segment_models import Segment
from webapp.contacts.tagging import add_tag, remove_tag
from webapp.contacts.tags import MAX_TAGS, named
from webapp.contacts.tree import Condition, Group, How, What
from webapp.contacts.tree_conditions import whole_condition
from webapp.contacts.whole import Whole, whole_segment
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict
from webapp.segments import service as segments
from webapp.tasks.models import Task
from webapp.tasks.work import Step, Work, claim

OLD, NEW = "dnc", "do not contact"
MANY = 7


@pytest.fixture
def who(context: AppContext) -> Actor:
    return add_user(Role.MARKETER).actor()


@pytest.fixture
def tags(who: Actor, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Seven contacts with the old tag, the last with the new one too, and one with neither."""
    monkeypatch.setattr(tag_settings, "AT_ONCE", 3)
    monkeypatch.setattr(tag_changes, "STEP", 2)
    people = [add_contact(f"+1650555000{nth}", f"C{nth}") for nth in range(MANY + 1)]
    old, new = named([OLD, NEW])
    for person in people[:MANY]:
        person.tags = [old]
    people[MANY - 1].tags = [old, new]
    db.session.commit()
    return {OLD: old.id, NEW: new.id}


def unsuppressed(who: Actor, name: str = "Mailing", tag: str = OLD) -> int:
    """Save a segment of those who do not carry the tag."""
    tree = Group((Condition(What.TAG, How.HAS_NOT, values=(tag,)),))
    return transaction(lambda: segments.save(name, tree, who).id)


def reach(segment_id: int) -> list[str]:
    query = select(Contact.name).where(segments.resolve(segment_id)).order_by(Contact.id)
    found = list(db.session.scalars(query))
    db.session.rollback()
    return found


def carrying(tag_id: int) -> int:
    query = select(func.count()).where(ContactTag.tag_id == tag_id)
    found = db.session.scalar(query) or 0
    db.session.rollback()
    return found


def gone(tag_id: int) -> bool:
    query = select(func.count()).where(Tag.id == tag_id)
    return not db.session.scalar(query)


class Killed(BaseException):
    """The process of a task is gone."""


def work_on(task_id: int, after_each: Callable[[], None]) -> bool:
    """Run a task, killed after each step that it committed; true once it has ended."""
    taken = transaction(lambda: _silent(task_id)) or claim(task_id, "a lease")
    assert isinstance(taken, Work)
    done = taken.note

    def note(effect: Callable[[], Step]) -> Step:
        step = done(effect)
        after_each()
        if step != tag_changes.OVER:
            raise Killed
        return step

    taken.note = note  # type: ignore[method-assign]
    try:
        tag_changes.run(taken)
    except Killed:
        return False
    return True


def _silent(task_id: int) -> None:
    db.session.get_one(Task, task_id).lease = None


def merging(tags: dict[str, int], who: Actor) -> int:
    task = transaction(lambda: tag_settings.merge(tags[OLD], tags[NEW], who))
    assert task is not None
    return task.id


def test_no_step_of_a_merge_lets_anybody_into_a_segment_also_when_killed_after_each(who, tags):
    segment_id = unsuppressed(who)
    before, seen = reach(segment_id), list[list[str]]()
    assert before == [f"C{MANY}"]
    task_id = merging(tags, who)
    steps = 0
    while not work_on(task_id, lambda: seen.append(reach(segment_id))):
        steps += 1
        assert steps < 50
    assert steps > 8  # four to give, one to rename, four to take
    assert seen == [before] * len(seen)
    assert gone(tags[OLD])
    assert carrying(tags[NEW]) == MANY
    task = db.session.get_one(Task, task_id, populate_existing=True)
    assert task.result == {"changed": MANY}
    assert task.done == task.total == 2 * MANY


def test_segments_ask_for_the_other_tag_before_the_first_loses_the_one(who, tags):
    segment_id = unsuppressed(who)
    task_id, lost = merging(tags, who), list[bool]()

    def look() -> None:
        meaning = meaning_of(db.session.get_one(Segment, segment_id).params)
        assert isinstance(meaning, Group)
        asks_old = meaning.parts[0].values == (OLD,)  # type: ignore[union-attr]
        db.session.rollback()
        if asks_old:
            assert carrying(tags[OLD]) == MANY
        else:
            assert carrying(tags[NEW]) == MANY
        lost.append(not asks_old)

    while not work_on(task_id, look):
        pass
    assert False in lost
    assert True in lost


def test_whoever_is_tagged_or_untagged_while_tags_are_merged_ends_with_the_other(who, tags):
    segment_id, late = unsuppressed(who), add_contact("+16505559999", "Late").id
    first = db.session.scalars(select(Contact.id).where(Contact.name == "C0")).one()
    db.session.commit()
    deeds: list[Callable[[], object]] = [
        lambda: add_tag([late], OLD, who),
        lambda: remove_tag([first], NEW, who),
    ]
    task_id, seen = merging(tags, who), list[list[str]]()

    def look() -> None:
        seen.append(reach(segment_id))
        if len(seen) == 4 and deeds:  # all but the last have been given the other one
            while deeds:
                transaction(deeds.pop())

    while not work_on(task_id, look):
        pass
    assert not deeds
    assert all(first == f"C{MANY}" for first, *_ in seen)
    assert seen[-1] == [f"C{MANY}"]
    assert carrying(tags[NEW]) == MANY + 1


def test_a_segment_that_comes_to_ask_for_the_tag_while_it_is_taken_away_follows(who, tags):
    task_id, late, seen = merging(tags, who), list[int](), list[list[str]]()

    def look() -> None:
        if late:
            seen.append(reach(late[0]))
        if carrying(tags[OLD]) < MANY and not late:
            late.append(unsuppressed(who, "Late"))

    while not work_on(task_id, look):
        pass
    assert seen == [[f"C{MANY}"]] * len(seen)
    assert len(seen) > 2  # from the very next step on


def test_who_carries_as_many_tags_as_may_be_gets_the_other_one_too(who, tags):
    segment_id = unsuppressed(who)
    full = add_contact("+16505559999", "Full")
    full.tags = [*named([f"t{nth}" for nth in range(MAX_TAGS - 1)]), *named([OLD])]
    db.session.commit()
    task_id, seen = merging(tags, who), list[list[str]]()
    while not work_on(task_id, lambda: seen.append(reach(segment_id))):
        pass
    assert seen == [[f"C{MANY}"]] * len(seen)


def test_few_are_merged_at_once(who, tags, monkeypatch):
    monkeypatch.setattr(tag_settings, "AT_ONCE", 3 * MANY)
    segment_id = unsuppressed(who)
    assert transaction(lambda: tag_settings.merge(tags[OLD], tags[NEW], who)) is None
    assert reach(segment_id) == [f"C{MANY}"]
    assert gone(tags[OLD])
    assert carrying(tags[NEW]) == MANY


def test_a_deletion_stops_at_the_first_step_that_meets_a_segment(who, tags):
    task = transaction(lambda: tag_settings.delete(tags[OLD], who))
    assert task is not None
    assert not work_on(task.id, lambda: None)
    left = carrying(tags[OLD])
    assert 0 < left < MANY
    unsuppressed(who)
    with pytest.raises(Conflict, match="It stays"):
        work_on(task.id, lambda: None)
    assert carrying(tags[OLD]) == left
    assert not gone(tags[OLD])


@pytest.mark.parametrize("outer", [False, True])
def test_a_segment_read_before_its_tag_went_finds_nobody_not_everybody(who, tags, outer):
    segment_id = unsuppressed(who)
    if outer:
        tree = Group((Condition(What.SEGMENT, How.IS, values=(str(segment_id),)),))
        segment_id = transaction(lambda: segments.save("Outer", tree, who).id)
    known = definitions()
    holds = whole_condition(whole_segment(segment_id, known), ZoneInfo("UTC"), known)
    everybody = select(func.count()).select_from(Contact).where(holds)
    assert db.session.scalar(everybody) == 1
    tag = db.session.get_one(Tag, tags[OLD])
    db.session.delete(tag)
    db.session.flush()
    assert db.session.scalar(everybody) == 0
    db.session.rollback()


def test_filters_that_stand_in_a_tree_keep_the_segment_they_name(who, tags):
    segment_id, known = unsuppressed(who), definitions()
    inner = whole_segment(segment_id, known)
    root = Filters(search="C", segment=segment_id)
    whole = Whole(root, {segment_id: inner.root})
    holds = whole_condition(whole, ZoneInfo("UTC"), known)
    assert list(db.session.scalars(select(Contact.name).where(holds))) == [f"C{MANY}"]
    db.session.rollback()
