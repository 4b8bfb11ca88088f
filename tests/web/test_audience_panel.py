"""The filter panel: tags and days, many of them, and attributes of every kind."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.listed import names_in
from tests.people import add_contact, phone, record
from tests.visitor import Visitor
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.contacts.models import AttributeDefinition
from webapp.contacts.tags import named
from webapp.core import clock
from webapp.core.db import db

TAG = re.compile(r'name="tag"\s+value="([^"]+)"(\s+checked)?')
KINDS = ("text", "number", "date", "choice", "boolean")
RANGED = ("number", "date")


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.VIEWER)


def number(nth: int) -> str:
    return f"+1650555{nth:04d}"


def names(visitor: Visitor, query: str) -> list[str]:
    return sorted(names_in(visitor.text(f"/audience?{query}")))


def sent(text: str, name: str) -> list[str]:
    """Give the values that the panel sends of a field as it stands."""
    inputs = [tag for tag in re.findall(r"<input[^>]*>", text) if f'name="{name}"' in tag]
    on = [
        tag for tag in inputs if not re.search(r'type="(checkbox|radio)"', tag) or "checked" in tag
    ]
    return [found[1] for tag in on if (found := re.search(r'value="([^"]*)"', tag))]


def tag(**people: list[str]) -> None:
    """Add contacts, each with these tags."""
    for nth, (name, tags) in enumerate(people.items()):
        contact = add_contact(number(nth), name)
        contact.tags = named(tags)
        db.session.commit()


def test_several_tags_are_all_needed_unless_any_is_enough(visitor):
    tag(Ann=["a", "b"], Ben=["a"], Cem=["b"], Dora=["c"])
    assert names(visitor, "tag=a&tag=b") == ["Ann"]
    assert names(visitor, "tag=a&tag=b&tags=any") == ["Ann", "Ben", "Cem"]
    assert names(visitor, "tag=a&tag=nothing&tags=any") == ["Ann", "Ben"]
    assert names(visitor, "tag=A&tags=any") == ["Ann", "Ben"]
    assert names(visitor, "tag=a&tag=b&tags=any&q=ben") == ["Ben"]


@pytest.mark.parametrize(("last", "found"), [("1", 1), ("7", 2), ("30", 3), ("any", 4)])
def test_days_can_be_the_last_so_many(visitor, last, found):
    today = clock.now().replace(hour=0, minute=0, second=1)
    for nth, days in enumerate((0, 6, 29, 30)):
        add_contact(number(nth), f"Person {nth}")
        record(address=phone(number(nth)), at=today - timedelta(days=days))
    assert len(names(visitor, f"last={last}")) == found


def test_few_tags_are_all_shown_and_need_no_search(visitor):
    tag(Ann=["a", "b"])
    text = visitor.text("/audience")
    assert "Find a tag" not in text
    assert [name for name, _ in TAG.findall(text)] == ["a", "b"]


def test_of_many_tags_the_first_are_shown_and_the_others_found(visitor):
    tag(Ann=[f"tag {n:03d}" for n in range(50)], Ben=["Zoë's list"])
    text = visitor.text("/audience?tag=tag+049")
    shown = TAG.findall(text)
    assert len(shown) == 31
    assert shown[0][0] == "tag 049"
    assert shown[0][1]
    assert "Type to find the others." in text
    found = visitor.text(
        "/audience/tags?" + urlencode({"find": "ZOË", "tag": "tag 049"}), htmx=True
    )
    assert [name for name, _ in TAG.findall(found)] == ["tag 049", "Zoë's list"]
    assert "<html" not in found
    assert "No tag has “%”" in visitor.text("/audience/tags?find=%25", htmx=True)


def test_without_a_script_the_search_for_a_tag_is_part_of_the_form(visitor):
    tag(Ann=[f"tag {n:03d}" for n in range(50)])
    text = visitor.text("/audience?find=048")
    assert [name for name, _ in TAG.findall(text)] == ["tag 048"]
    assert 'name="find"' in text
    assert len(names_in(text)) == 1


def test_an_attribute_of_every_kind_can_be_asked_for(visitor):
    for kind in KINDS:
        choices = ["One", "Two"] if kind == "choice" else []
        db.session.add(
            AttributeDefinition(name=kind, label=kind.title(), kind=kind, choices=choices)
        )
    values = {"text": "Roma", "number": 7, "date": "2026-05-03", "choice": "Two", "boolean": True}
    add_contact(number(0), "Ann", attributes=values)
    add_contact(number(1), "Ben")
    text = visitor.text("/audience")
    for field in ("attr.text", "attr.number.min", "attr.date.max", "attr.choice", "attr.boolean"):
        assert f'name="{field}"' in text
    for query in (
        "attr.text=roma",
        "attr.number.min=7&attr.number.max=7.5",
        "attr.date.min=2026-05-03",
        "attr.choice=One&attr.choice=Two",
        "attr.boolean=yes",
    ):
        assert names(visitor, query) == ["Ann"], query


@pytest.mark.parametrize("kind", KINDS)
def test_several_values_of_an_attribute_stay_while_another_filter_changes(visitor, kind):
    values = {
        "text": ("Roma", "Évry"),
        "number": ("7", "9"),
        "date": ("2026-05-03", "2026-05-04"),
        "choice": ("One", "Two"),
        "boolean": ("yes", "no"),
    }[kind]
    choices = ["One", "Two"] if kind == "choice" else []
    db.session.add(AttributeDefinition(name="a", label="A", kind=kind, choices=choices))
    db.session.commit()
    text = visitor.text("/audience?" + urlencode({"attr.a": values}, doseq=True))
    assert sent(text, "attr.a") == list(values)
    assert sent(text, "attr.a.min") == sent(text, "attr.a.max") == ([""] if kind in RANGED else [])
    assert f"A: {' or '.join(values)}" in text


def test_a_value_and_a_range_of_an_attribute_are_both_told(visitor):
    db.session.add(AttributeDefinition(name="a", label="A", kind="number", choices=[]))
    db.session.commit()
    text = visitor.text("/audience?attr.a=7&attr.a.min=3")
    assert sent(text, "attr.a") == ["7"]
    assert (sent(text, "attr.a.min"), sent(text, "attr.a.max")) == (["3"], [""])
    assert "A: 7, from 3" in text


def test_of_many_attributes_those_in_use_come_first_and_open(visitor):
    for n in range(40):
        label = f"Attribute {n}"
        db.session.add(AttributeDefinition(name=f"a{n}", label=label, kind="text", choices=[]))
    db.session.commit()
    text = visitor.text("/audience?attr.a33=x")
    assert "Find an attribute" in text
    group = text[text.index("data-attributes") :]
    opened = re.findall(r'<details class="filter"(\s+open)?\s*>\s*<summary>([^<]+)<', group)
    assert opened[0] == (" open", "Attribute 33")
    assert [bool(is_open) for is_open, _ in opened].count(True) == 1
    assert len(opened) == 40
