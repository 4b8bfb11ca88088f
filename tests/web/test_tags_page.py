"""The tags page: counted, found, renamed, merged, deleted; many contacts by a task."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import func, select

from jobs.tasks import RUNNERS
from tests.people import add_contact, add_user
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.contacts import tag_changes, tag_settings
from webapp.contacts.filters import Filters
from webapp.contacts.kept_params import meaning_of
from webapp.contacts.models import Activity, Contact, ContactTag, Tag
from webapp.contacts.segment_models import Segment
from webapp.contacts.tags import named
from webapp.contacts.tree import Condition, Group, How, What
from webapp.core.db import db, transaction
from webapp.segments import service as segments
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

ODD = "O'Brien <script>"


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


@pytest.fixture
def tags(visitor: Visitor) -> dict[str, int]:
    """Three tags by name: VIP on Ann and Ben, Press on Ben, an odd one on nobody."""
    ann, ben = add_contact("+16505550000", "Ann"), add_contact("+16505550001", "Ben")
    vip, press, odd = (named([name])[0] for name in ("VIP", "Press", ODD))
    ann.tags, ben.tags = [vip], [vip, press]
    found = {tag.name: tag.id for tag in (vip, press, odd)}
    db.session.commit()
    return found


def carried(name: str) -> list[str]:
    query = select(Contact.name).join(ContactTag, ContactTag.contact_id == Contact.id)
    query = query.join(Tag, Tag.id == ContactTag.tag_id).where(Tag.name == name)
    found = sorted(db.session.scalars(query))
    db.session.rollback()
    return found


def actions() -> list[str]:
    found = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    db.session.rollback()
    return found


def asked_by(*names: str) -> int:
    """Save a segment that asks for these tags."""
    tree = Group(tuple(Condition(What.TAG, How.HAS_NOT, values=(name,)) for name in names))
    who = add_user(Role.ADMIN, "maker@example.com").actor()
    return transaction(lambda: segments.save("Asking", tree, who).id)


def shown(text: str) -> list[str]:
    return re.findall(r'class="cell-main"[^>]*>([^<]*(?:<script>)?)</a>', text)


def test_tags_are_listed_by_alphabet_and_counted_after(visitor, tags):
    text = visitor.text("/settings/tags")
    assert shown(text) == [ODD, "Press", "VIP"]
    assert visitor.text(f"/settings/tags/{tags['VIP']}/count", htmx=True).strip() == "2"
    assert "<script>" not in re.sub(
        r"<script [^>]*>", "", visitor.get("/settings/tags").get_data(as_text=True)
    )


def test_tags_are_found_by_a_part_of_their_name(visitor, tags):
    assert shown(visitor.text("/settings/tags?q=PRE", htmx=True)) == ["Press"]
    assert "No tag with “%”" in visitor.text("/settings/tags?q=%25", htmx=True)


def test_many_tags_stand_on_pages_by_key(visitor, tags):
    named([f"tag {nth:03}" for nth in range(40)])
    named([f"tag {nth:03}" for nth in range(40, 60)])
    db.session.commit()
    first = visitor.text("/settings/tags")
    assert len(shown(first)) == 50
    older = re.search(r'href="([^"]*cursor=[^"]*)"\s+rel="next"', first)
    assert older
    second = visitor.text(older[1])
    assert len(shown(second)) == 13
    newer = re.search(r'href="([^"]*cursor=[^"]*)"\s+rel="prev"', second)
    assert newer
    assert shown(visitor.text(newer[1])) == shown(first)
    assert visitor.get("/settings/tags?cursor=x").status_code == 422


def test_a_tag_can_be_added_once(visitor, tags):
    assert visitor.post("/settings/tags/new", tag="  New   one ").status_code == 303
    assert "New one" in shown(visitor.text("/settings/tags"))
    again = visitor.post("/settings/tags/new", {"tag": "NEW ONE"}, htmx=True)
    assert again.status_code == 422
    assert "already" in words(again)
    assert visitor.post("/settings/tags/new", tag="").status_code == 422
    assert actions() == ["tag.added"]


def test_a_renamed_tag_keeps_its_contacts_and_segments_follow(visitor, tags):
    segment_id = asked_by("vip", "Press")
    who = add_user(Role.ADMIN).actor()
    simple = transaction(lambda: segments.save("Simple", Filters(tags=("VIP",)), who).id)
    assert visitor.post(f"/settings/tags/{tags['VIP']}/rename", tag="Gold").status_code == 303
    assert carried("Gold") == ["Ann", "Ben"]
    tree = meaning_of(db.session.get_one(Segment, segment_id).params)
    assert isinstance(tree, Group)
    assert [part.values for part in tree.parts if isinstance(part, Condition)] == [
        ("Gold",),
        ("Press",),
    ]
    assert meaning_of(db.session.get_one(Segment, simple).params) == Filters(tags=("Gold",))
    assert "tag.renamed" in actions()


def test_only_the_case_of_a_name_may_change(visitor, tags):
    assert visitor.post(f"/settings/tags/{tags['VIP']}/rename", tag="vip").status_code == 303
    assert carried("vip") == ["Ann", "Ben"]


def test_a_name_that_another_tag_has_asks_whether_to_merge(visitor, tags):
    segment_id = asked_by("VIP")
    path = f"/settings/tags/{tags['VIP']}/rename"
    asked = visitor.post(path, {"tag": "press"}, htmx=True)
    assert asked.status_code == 422
    assert "There is a tag called “Press” already" in words(asked)
    assert "2 contacts" in words(asked)
    assert carried("VIP") == ["Ann", "Ben"]
    assert visitor.post(path, into=str(tags["Press"])).status_code == 303
    assert carried("Press") == ["Ann", "Ben"]
    assert db.session.get(Tag, tags["VIP"]) is None
    tree = meaning_of(db.session.get_one(Segment, segment_id).params)
    assert tree == Group((Condition(What.TAG, How.HAS_NOT, values=("Press",)),))
    assert "tag.merged" in actions()


@pytest.mark.parametrize("into", ["4711", "SELF"])
def test_a_tag_is_merged_into_another_one_that_is_there(visitor, tags, into):
    vip = tags["VIP"]
    answer = visitor.post(f"/settings/tags/{vip}/rename", into=into.replace("SELF", str(vip)))
    assert answer.status_code in (404, 422)
    assert carried("VIP") == ["Ann", "Ben"]


def test_deleting_says_from_how_many_and_leaves_the_contacts(visitor, tags):
    path = f"/settings/tags/{tags['VIP']}/delete"
    assert "taken from 2 contacts" in visitor.text(path)
    assert visitor.post(path).status_code == 303
    assert visitor.get(path).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 2
    edits = db.session.scalars(select(Activity.data).where(Activity.kind == "edited")).all()
    assert edits == [{"parts": ["tags"]}] * 2
    assert "tag.deleted" in actions()


def test_the_dialogs_count_as_far_as_anybody_reads_it(visitor, tags, monkeypatch):
    monkeypatch.setattr("webapp.contacts.counting.AT_MOST", 1)
    monkeypatch.setattr(tag_settings, "AT_MOST", 1)
    assert "taken from 1+ contacts" in visitor.text(f"/settings/tags/{tags['VIP']}/delete")
    merged = visitor.post(f"/settings/tags/{tags['VIP']}/rename", {"tag": "press"}, htmx=True)
    assert "the 1+ contacts with" in words(merged)
    assert "No contact carries it" in visitor.text(f"/settings/tags/{tags[ODD]}/delete")


def test_a_tag_that_a_segment_asks_for_stays(visitor, tags):
    asked_by("VIP")
    path = f"/settings/tags/{tags['VIP']}/delete"
    text = visitor.text(path)
    assert "Asking" in text
    assert "btn-out" not in text
    assert visitor.post(path).status_code == 409
    assert carried("VIP") == ["Ann", "Ben"]


@pytest.mark.parametrize("deed", ["delete", "merge"])
def test_what_many_carry_is_changed_step_by_step(visitor, tags, monkeypatch, deed):
    monkeypatch.setattr(tag_settings, "AT_ONCE", 1)
    monkeypatch.setattr(tag_changes, "STEP", 1)
    segment_id = asked_by("VIP") if deed == "merge" else 0
    fields = {"into": str(tags["Press"])} if deed == "merge" else {}
    way = "rename" if deed == "merge" else "delete"
    assert visitor.post(f"/settings/tags/{tags['VIP']}/{way}", fields).status_code == 303
    assert carried("VIP") == ["Ann", "Ben"]
    task_id = db.session.scalars(select(Task.id)).one()
    db.session.commit()
    tasks.run(task_id, RUNNERS)
    task = db.session.get_one(Task, task_id, populate_existing=True)
    assert (task.status, task.error) == (TaskStatus.DONE, "")
    assert task.result == {"changed": 2}
    assert carried("VIP") == []
    assert db.session.get(Tag, tags["VIP"]) is None
    if deed == "merge":
        assert carried("Press") == ["Ann", "Ben"]
        tree = meaning_of(db.session.get_one(Segment, segment_id).params)
        assert tree == Group((Condition(What.TAG, How.HAS_NOT, values=("Press",)),))
    assert "Contacts changed" in visitor.text(f"/tasks/{task_id}")


def test_a_task_stops_where_a_segment_has_come_to_ask_for_the_tag(visitor, tags, monkeypatch):
    monkeypatch.setattr(tag_settings, "AT_ONCE", 1)
    visitor.post(f"/settings/tags/{tags['VIP']}/delete")
    asked_by("VIP")
    task_id = db.session.scalars(select(Task.id)).one()
    db.session.commit()
    tasks.run(task_id, RUNNERS)
    task = db.session.get_one(Task, task_id, populate_existing=True)
    assert task.status is TaskStatus.FAILED
    assert "asked for by the segment “Asking”. It stays" in task.error
    assert db.session.get(Tag, tags["VIP"]) is not None


def test_a_viewer_sees_the_tags_and_changes_none(app, visitor, tags):
    viewer = signed_in(app, Role.VIEWER)
    text = viewer.text("/settings/tags")
    assert "VIP" in shown(text)
    assert "Rename" not in text
    for way in ("rename", "delete"):
        path = f"/settings/tags/{tags['VIP']}/{way}"
        assert viewer.get(path).status_code == 403
        assert viewer.post(path, tag="X").status_code == 403
    assert carried("VIP") == ["Ann", "Ben"]
