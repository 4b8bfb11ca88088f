"""Who belongs to a tree, worked out in plain Python: what the SQL is held against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from webapp.contacts.filters import Filters
from webapp.contacts.folding import fold_name
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel
from webapp.contacts.tags import fold_tag
from webapp.contacts.tree import Condition, Group, How, Node

OPPOSITE = {How.HAS_NOT: How.HAS, How.IS_NOT: How.IS, How.NO: How.YES, How.UNSET: How.SET}


class Judge:
    """Tells of a contact whether it belongs; `now` and `zone` are the reader's."""

    def __init__(self, now: datetime, zone: ZoneInfo, segments: Mapping[int, Group]) -> None:
        self.today = now.astimezone(zone).date()
        self.zone = zone
        self.segments = segments

    def belongs(self, person: Contact, node: Node) -> bool:
        if isinstance(node, Group):
            answers = [self.belongs(person, part) for part in node.parts]
            return (any(answers) if node.any else all(answers)) is not node.negated
        if node.how in OPPOSITE:
            there = Condition(node.what, OPPOSITE[node.how], node.of, node.values)
            return not self.belongs(person, there)
        return bool(getattr(self, f"_{node.what}")(person, node))

    def _tag(self, person: Contact, node: Condition) -> bool:
        return fold_tag(node.values[0]) in {tag.folded for tag in person.tags}

    def _consent(self, person: Contact, node: Condition) -> bool:
        held = getattr(person, f"{node.of}_held")
        state = person.state(Channel(node.of)).value
        return any(held if value == "held" else state == value for value in node.values)

    def _source(self, person: Contact, node: Condition) -> bool:
        return getattr(person, f"{node.of}_source") in node.values

    def _changed(self, person: Contact, node: Condition) -> bool:
        return self._on_days(getattr(person, f"{node.of}_changed_at"), node)

    def _created(self, person: Contact, node: Condition) -> bool:
        return self._on_days(person.created_at, node)

    def _on_days(self, at: datetime | None, node: Condition) -> bool:
        if at is None or node.how is How.SET:
            return at is not None
        day = at.astimezone(self.zone).date()
        if node.how is How.LAST:
            return self.today - timedelta(days=int(node.values[0])) < day <= self.today
        first, last = node.values
        return (not first or day.isoformat() >= first) and (not last or day.isoformat() <= last)

    def _name(self, person: Contact, node: Condition) -> bool:
        if node.how is How.SET:
            return person.name != ""
        return fold_name(node.values[0]) in person.name_folded

    def _email(self, person: Contact, node: Condition) -> bool:
        if node.how is How.SET:
            return person.email is not None
        return node.values[0].casefold() in (person.email or "")

    def _phone(self, person: Contact, node: Condition) -> bool:
        if node.how is How.SET:
            return person.phone is not None
        digits = "".join(filter(str.isdigit, node.values[0]))
        return (digits.lstrip("0") or digits) in (person.phone or "")

    def _country(self, person: Contact, node: Condition) -> bool:
        return (person.phone or "").startswith(node.values[0])

    def _contact(self, person: Contact, node: Condition) -> bool:
        return str(person.id) in node.values

    def _segment(self, person: Contact, node: Condition) -> bool:
        return self.belongs(person, self.segments[int(node.values[0])])

    def _attribute(self, person: Contact, node: Condition) -> bool:
        value = person.attributes.get(node.of)
        if value is None or node.how is How.SET:
            return value is not None
        if node.how is How.YES:
            return value is True
        if node.of == "city":
            return _text(str(value), node)
        if node.of == "orders":
            return _number(value, node)
        if node.of == "born":
            return self._date(str(value), node)
        return value in node.values

    def _date(self, value: str, node: Condition) -> bool:
        if node.how in (How.LAST, How.NEXT):
            far = (date.fromisoformat(value) - self.today).days
            days = int(node.values[0])
            return -days < far <= 0 if node.how is How.LAST else 0 <= far < days
        return _compared(value, node.values, node.how)


def _text(value: str, node: Condition) -> bool:
    said, wanted = value.lower(), [each.lower() for each in node.values]
    if node.how is How.CONTAINS:
        return wanted[0] in said
    return said.startswith(wanted[0]) if node.how is How.BEGINS else said in wanted


def _number(value: float, node: Condition) -> bool:
    ends = [float(each) if each else None for each in node.values]
    return _compared(value, ends, node.how)


def _compared(value: Any, wanted: Any, how: How) -> bool:
    if how in (How.IS, How.ONE_OF):
        return value in wanted
    first, last = wanted if how is How.BETWEEN else (wanted[0], wanted[0])
    return bool(
        {
            How.LESS: lambda: value < first,
            How.BEFORE: lambda: value < first,
            How.AT_MOST: lambda: value <= first,
            How.MORE: lambda: value > first,
            How.AFTER: lambda: value > first,
            How.AT_LEAST: lambda: value >= first,
            How.BETWEEN: lambda: (
                (first in (None, "") or value >= first) and (last in (None, "") or value <= last)
            ),
        }[how]()
    )


def reached(judge: Judge, people: list[Contact], meaning: Node | Filters) -> set[int]:
    """Give the ids of those who belong."""
    assert not isinstance(meaning, Filters)
    return {person.id for person in people if judge.belongs(person, meaning)}
