"""The attributes page: added, edited, of another kind where every value can be read so, deleted."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from jobs.tasks import RUNNERS
from tests.people import add_contact, add_user
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.contacts import attribute_settings
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import AttributeFilter, Filters
from webapp.contacts.listing import all_rows
from webapp.contacts.models import AttributeDefinition, Contact
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
def ids(visitor: Visitor) -> dict[str, int]:
    """Attributes by name: a text that is mostly numbers, a choice, and one that nobody has."""
    made = [
        AttributeDefinition(name="shoe", label="Shoe size", kind="text", choices=[]),
        AttributeDefinition(name="plan", label="Plan", kind="choice", choices=["Free", "Pro"]),
        AttributeDefinition(name="spare", label="Spare", kind="text", choices=[]),
    ]
    db.session.add_all(made)
    add_contact("+16505550000", "Ann", attributes={"shoe": "38", "plan": "Pro"})
    add_contact("+16505550001", "Ben", attributes={"shoe": "44.5"})
    found = {each.name: each.id for each in made}
    db.session.commit()
    return found


def values(name: str) -> list[Any]:
    found = db.session.scalars(
        select(Contact.attributes).order_by(Contact.id).execution_options(populate_existing=True)
    )
    given = [row.get(name) for row in found]
    db.session.rollback()
    return given


def edit(visitor: Visitor, attribute_id: int, **fields: str):
    return visitor.post(f"/settings/attributes/{attribute_id}/edit", fields, htmx=True)


def asked_by(name: str) -> None:
    tree = Group((Condition(What.ATTRIBUTE, How.SET, name),))
    who = add_user(Role.ADMIN, "maker@example.com").actor()
    transaction(lambda: segments.save("Asking", tree, who))


def actions() -> list[str]:
    found = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    db.session.rollback()
    return found


def test_attributes_are_listed_and_counted_after(visitor, ids):
    text = visitor.text("/settings/attributes")
    assert "Shoe size" in text
    assert "<code>shoe</code>" in text
    assert "Free, Pro" in text
    for name, number in (("shoe", "2"), ("plan", "1"), ("spare", "0")):
        path = f"/settings/attributes/{ids[name]}/count"
        assert visitor.text(path, htmx=True).strip() == number


def test_one_is_added_and_its_name_in_data_made_of_the_label(visitor, ids):
    fields = {"label": "Café owner?", "kind": "boolean"}
    assert visitor.post("/settings/attributes/new", fields).status_code == 303
    assert definitions()[-1][1:4] == ("cafe_owner", "Café owner?", "boolean")
    db.session.rollback()
    assert actions() == ["attribute.added"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"label": "", "kind": "text"}, "Give it a label"),
        ({"label": "X", "kind": "colour"}, "Choose one of the list."),
        ({"label": "X", "kind": "choice", "choices": " \n "}, "Give 1 to 100 choices"),
        ({"label": "X", "kind": "text", "name": "shoe"}, "named “shoe” in data already"),
        ({"label": "X", "kind": "text", "name": "1st place"}, "begins with a letter"),
        ({"label": "名前", "kind": "text"}, "begins with a letter"),
    ],
)
def test_what_cannot_be_is_refused_with_the_form(visitor, ids, fields, said):
    answer = visitor.post("/settings/attributes/new", fields, htmx=True)
    assert answer.status_code == 422
    assert said in words(answer)
    assert len(definitions()) == 3
    db.session.rollback()


def test_a_label_and_choices_change_and_odd_ones_are_text(visitor, ids):
    done = edit(visitor, ids["plan"], label=ODD, kind="choice", choices=f"Pro\nFree\n{ODD}")
    assert done.status_code == 200, words(done)
    raw = visitor.get("/settings/attributes").get_data(as_text=True)
    assert raw.count("O&#39;Brien &lt;script&gt;") >= 2
    assert actions() == ["attribute.edited"]


def test_a_choice_that_somebody_has_stays(visitor, ids):
    answer = edit(visitor, ids["plan"], label="Plan", kind="choice", choices="Free")
    assert answer.status_code == 422
    assert "1 contact has “Pro”" in words(answer)
    done = edit(visitor, ids["plan"], label="Plan", kind="choice", choices="Pro")
    assert done.status_code == 200


def test_a_kind_changes_where_every_value_can_be_read_so_and_filters_find_them(visitor, ids):
    assert edit(visitor, ids["shoe"], label="Shoe size", kind="number").status_code == 200
    assert values("shoe") == [38, 44.5]
    asked = Filters(attributes=(AttributeFilter("shoe", least="40"),))
    assert [row.name for row in all_rows(asked, ZoneInfo("UTC"), definitions())] == ["Ben"]
    exact = Filters(attributes=(AttributeFilter("shoe", ("38",)),))
    assert [row.name for row in all_rows(exact, ZoneInfo("UTC"), definitions())] == ["Ann"]
    db.session.rollback()


def test_a_kind_that_a_value_cannot_be_read_as_is_refused_and_says_how_many(visitor, ids):
    add_contact("+16505550002", "Cem", attributes={"shoe": ODD})
    answer = edit(visitor, ids["shoe"], label="Shoe size", kind="number")
    assert answer.status_code == 422
    assert f"1 of 3 values cannot be read as a number, like “{ODD}”" in words(answer)
    assert values("shoe") == ["38", "44.5", ODD]


def test_a_kind_stays_where_there_are_too_many_to_look_through(visitor, ids, monkeypatch):
    monkeypatch.setattr(attribute_settings, "AT_ONCE", 1)
    answer = edit(visitor, ids["shoe"], label="Shoe size", kind="number")
    assert answer.status_code == 422
    assert "up to 1 contacts" in words(answer)
    assert edit(visitor, ids["spare"], label="Spare", kind="date").status_code == 200


def test_a_kind_that_a_segment_compares_stays(visitor, ids):
    asked_by("shoe")
    answer = edit(visitor, ids["shoe"], label="Shoe size", kind="number")
    assert answer.status_code == 409
    assert "the segment “Asking”" in words(answer)
    assert edit(visitor, ids["shoe"], label="Shoes", kind="text").status_code == 200


def test_deleting_says_what_it_removes_and_removes_it(visitor, ids):
    path = f"/settings/attributes/{ids['shoe']}/delete"
    assert "removed from 2 contacts" in visitor.text(path)
    assert visitor.post(path).status_code == 303
    assert values("shoe") == [None, None]
    assert values("plan") == ["Pro", None]
    assert visitor.get(path).status_code == 404
    assert actions() == ["attribute.deleted"]


def test_an_attribute_that_a_segment_asks_for_stays(visitor, ids):
    asked_by("shoe")
    path = f"/settings/attributes/{ids['shoe']}/delete"
    assert "Asking" in visitor.text(path)
    assert visitor.post(path).status_code == 409
    assert values("shoe") == ["38", "44.5"]


def test_of_many_contacts_the_values_go_step_by_step(visitor, ids, monkeypatch):
    monkeypatch.setattr(attribute_settings, "AT_ONCE", 1)
    monkeypatch.setattr("webapp.contacts.attribute_clearing.STEP", 1)
    assert visitor.post(f"/settings/attributes/{ids['shoe']}/delete").status_code == 303
    assert "shoe" not in {definition.name for definition in definitions()}
    task_id = db.session.scalars(select(Task.id)).one()
    db.session.commit()
    tasks.run(task_id, RUNNERS)
    task = db.session.get_one(Task, task_id, populate_existing=True)
    assert (task.status, task.error) == (TaskStatus.DONE, "")
    assert task.result == {"changed": 2}
    assert values("shoe") == [None, None]
    assert actions() == ["attribute.deleted", "attribute.cleared"]


def test_a_task_leaves_the_values_of_one_that_was_defined_again(visitor, ids, monkeypatch):
    monkeypatch.setattr(attribute_settings, "AT_ONCE", 1)
    visitor.post(f"/settings/attributes/{ids['shoe']}/delete")
    visitor.post("/settings/attributes/new", label="Shoe", kind="text")
    task_id = db.session.scalars(select(Task.id)).one()
    db.session.commit()
    tasks.run(task_id, RUNNERS)
    assert values("shoe") == ["38", "44.5"]


def test_a_viewer_sees_the_attributes_and_changes_none(app, visitor, ids):
    viewer = signed_in(app, Role.VIEWER)
    text = viewer.text("/settings/attributes")
    assert "Shoe size" in text
    assert "Add attribute" not in text
    for way in ("edit", "delete"):
        path = f"/settings/attributes/{ids['shoe']}/{way}"
        assert viewer.get(path).status_code == 403
        assert viewer.post(path, label="X", kind="text").status_code == 403
    assert viewer.post("/settings/attributes/new", label="X", kind="text").status_code == 403
