"""Adding a tag to contacts, and removing it, from the list."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from tests.people import add_contact
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.contacts.models import Activity, Contact, Tag
from webapp.contacts.tags import MAX_TAGS, named
from webapp.core.db import db


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


@pytest.fixture
def people(context: AppContext) -> list[int]:
    """Three contacts, by id; the first is tagged VIP."""
    ids = [add_contact(f"+1650555000{n}", f"Person {n}").id for n in range(3)]
    db.session.get_one(Contact, ids[0]).tags = named(["VIP"])
    db.session.commit()
    return ids


def send(visitor: Visitor, deed: str, ids: list[int], tag: str, htmx: bool = True, **more: Any):
    fields = {"id": [str(number) for number in ids], "tag": tag, **more}
    return visitor.post(f"/audience/bulk/{deed}", fields, htmx=htmx)


def tags() -> list[list[str]]:
    query = select(Contact).order_by(Contact.id).execution_options(populate_existing=True)
    found = [[tag.name for tag in contact.tags] for contact in db.session.scalars(query)]
    db.session.rollback()
    return found


def undo(visitor: Visitor, answer) -> Any:
    """Press the Undo of a toast."""
    text = answer.get_data(as_text=True)
    action = re.search(r'action="(/audience/bulk/[^"]+)"', text)
    assert action
    form = text.split(action[0])[1].split("</form>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(id|tag)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(value)
    return visitor.post(action[1], fields, htmx=True)


def test_a_tag_is_added_to_who_lacks_it_and_undo_takes_it_from_them_alone(visitor, people):
    answer = send(visitor, "tag", people, "vip")
    assert "2 tagged “vip”; 1 tagged “vip” already." in words(answer)
    assert tags() == [["VIP"]] * 3
    undo(visitor, answer)
    assert tags() == [["VIP"], [], []]


def test_a_new_tag_is_made(visitor, people):
    send(visitor, "tag", people[:1], "  Trade   fair ")
    assert tags()[0] == ["Trade fair", "VIP"]


def test_a_tag_is_removed_and_undo_gives_it_back(visitor, people):
    answer = send(visitor, "untag", people, "VIP")
    assert "1 without the tag “VIP” now; 2 did not carry “VIP”." in words(answer)
    assert tags() == [[], [], []]
    undo(visitor, answer)
    assert tags() == [["VIP"], [], []]


def test_where_nothing_changed_there_is_no_undo(visitor, people):
    answer = send(visitor, "tag", people[:1], "VIP")
    assert "Undo" not in words(answer)


def test_an_unknown_tag_cannot_be_removed(visitor, people):
    answer = send(visitor, "untag", people, "Nothing")
    assert answer.status_code == 422
    assert "There is no tag called “Nothing”." in words(answer)
    assert db.session.query(Tag).count() == 1


def test_a_name_that_is_none_is_refused(visitor, people):
    for tag in ("", "   ", "x" * 65):
        assert send(visitor, "tag", people, tag).status_code == 422
    assert tags() == [["VIP"], [], []]


def test_who_carries_as_many_as_there_may_be_gets_none(visitor, people):
    contact = db.session.get_one(Contact, people[1])
    contact.tags = named([f"Tag {n}" for n in range(MAX_TAGS)])
    db.session.commit()
    said = words(send(visitor, "tag", people, "New"))
    assert "2 tagged “New”; 1 left out: they carry 50 tags already." in said
    assert len(tags()[1]) == MAX_TAGS


def test_it_shows_on_the_timeline_and_moves_the_stamp_of_an_open_form(visitor, people):
    before = db.session.get_one(Contact, people[2]).updated_at
    send(visitor, "tag", people[2:], "New")
    db.session.expire_all()
    assert db.session.get_one(Contact, people[2]).updated_at > before
    lines = db.session.query(Activity).filter_by(contact_id=people[2], kind="edited").all()
    assert [line.data for line in lines] == [{"parts": ["tags"]}]


def test_an_open_page_hears_of_it(visitor, people):
    before = visitor.text("/changes")
    send(visitor, "tag", people, "New")
    assert visitor.get(f"/changes?known={before}").status_code == 200


def test_the_audit_log_has_it(visitor, people):
    send(visitor, "untag", people, "VIP")
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.action == "bulk.untagged"
    assert entry.detail["counts"] == {"changed": 1, "already": 2}


def test_the_dialog_offers_the_tags_that_there_are(visitor, people):
    text = visitor.text(f"/audience/bulk/untag?id={people[0]}", htmx=True)
    assert '<option value="VIP">' in text
    assert "1 contact" in words(visitor.get(f"/audience/bulk/untag?id={people[0]}", htmx=True))


def test_without_javascript_it_leads_back(visitor, people):
    answer = send(visitor, "tag", people, "New", htmx=False, next="/audience?q=p")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/audience?q=p")
