"""The account's attributes: added, given another label, other choices or another kind, deleted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.contacts import attribute_clearing
from webapp.contacts.asked import Asked
from webapp.contacts.attribute_clearing import read, write
from webapp.contacts.attributes import Kind, Value, read_value, show_value
from webapp.contacts.counting import Count, count
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import AttributeFilter, Filters
from webapp.contacts.models import AttributeDefinition, Contact
from webapp.contacts.new_attributes import MOST, NAME
from webapp.contacts.segment_uses import in_words, with_attribute
from webapp.contacts.tree import Condition, Group, How, What
from webapp.contacts.whole import Whole
from webapp.core.db import db
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.words import counted
from webapp.events.service import publish
from webapp.tasks.models import Task

LONGEST_LABEL, LONGEST_CHOICE, MOST_CHOICES = 64, 64, 100
# Contacts that are looked through while somebody waits; more are left to a task, or refused.
AT_ONCE = 5_000
ANYWHERE = ZoneInfo("UTC")  # no day is asked for here


@dataclass(frozen=True)
class Draft:
    """What an attribute is to be: its label, its kind, and what a choice offers."""

    label: str
    kind: Kind
    choices: tuple[str, ...] = ()


def read_draft(label: str, kind: str, choices: str) -> Draft:
    """Read what a form says; `choices` are one a line. Raises Invalid, with the field."""
    label = " ".join(label.replace("\x00", "").split())
    if not 0 < len(label) <= LONGEST_LABEL:
        raise Invalid(f"Give it a label of at most {LONGEST_LABEL} characters.", field="label")
    if kind not in set(Kind):
        raise Invalid("Choose one of the list.", field="kind")
    lines = (" ".join(line.replace("\x00", "").split()) for line in choices.splitlines())
    found = tuple(dict.fromkeys(line for line in lines if line))
    if kind != Kind.CHOICE:
        return Draft(label, Kind(kind))
    if not found or len(found) > MOST_CHOICES or max(map(len, found)) > LONGEST_CHOICE:
        said = f"Give 1 to {MOST_CHOICES} choices of at most {LONGEST_CHOICE} characters."
        raise Invalid(said, field="choices")
    return Draft(label, Kind(kind), found)


def definition_of(definition_id: int) -> AttributeDefinition:
    """Give a definition. Raises NotFound."""
    found = db.session.get(AttributeDefinition, definition_id)
    if found is None:
        raise NotFound("That attribute is not there. It may have been deleted.")
    return found


def having(name: str) -> Count:
    """Count the contacts who have a value of an attribute, as far as is worth knowing."""
    asked = Group((Condition(What.ATTRIBUTE, How.SET, name),))
    return count(Asked(Filters(), ANYWHERE, definitions(), Whole(asked)))


def add(draft: Draft, name: str, actor: Actor) -> AttributeDefinition:
    """Define an attribute, in the open transaction; its name in data is made of the label if empty.

    Raises Invalid, with the field.
    """
    name = name.strip() or _name_of(draft.label)
    if not NAME.fullmatch(name):
        said = "A name in data has letters A to Z, digits and _, and begins with a letter."
        raise Invalid(said, field="name")
    known = {definition.name for definition in definitions()}
    if len(known) >= MOST:
        raise Invalid(f"There are {MOST} attributes already.")
    _refuse_taken(name, known)
    made = AttributeDefinition(
        name=name, label=draft.label, kind=draft.kind, choices=list(draft.choices)
    )
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError:
        _refuse_taken(name, {name})
    record(actor, "attribute.added", definition_id=made.id, **_told(made))
    publish("attribute.changed", definition_id=made.id)
    return made


def edit(definition_id: int, draft: Draft, actor: Actor) -> AttributeDefinition:
    """Change label, choices or kind, in the open transaction; values follow the kind.

    Raises NotFound; Invalid where contacts have a choice that is to go, where a value cannot be
    read as the new kind, or where there are too many contacts to look through; Conflict where a
    segment compares the attribute as its old kind.
    """
    found = definition_of(definition_id)
    before = _told(found)
    if draft.kind != found.kind:
        users = with_attribute(found.name)
        if users:
            said = (
                f"“{found.label}” is asked for by {in_words(users)}, as it is. Change that first."
            )
            raise Conflict(said, field="kind")
        _convert(found, draft, actor)
    elif draft.kind is Kind.CHOICE:
        _refuse_in_use(found, draft)
    found.label, found.kind, found.choices = draft.label, draft.kind, list(draft.choices)
    db.session.flush()
    record(actor, "attribute.edited", definition_id=definition_id, before=before, **_told(found))
    publish("attribute.changed", definition_id=definition_id)
    return found


def delete(definition_id: int, actor: Actor) -> Task | None:
    """Delete an attribute with all its values, in the open transaction.

    Gives the task that removes the values where there are many contacts to look through; nothing
    shows them from now on. Raises NotFound, and Conflict where a segment asks for it.
    """
    found = definition_of(definition_id)
    name, label = found.name, found.label
    users = with_attribute(name)
    if users:
        raise Conflict(f"“{label}” is asked for by {in_words(users)}. Change that first.")
    record(actor, "attribute.deleted", definition_id=definition_id, **_told(found))
    publish("attribute.changed", definition_id=definition_id)
    db.session.delete(found)
    db.session.flush()
    if _many_contacts():
        return attribute_clearing.start(name, label, actor, None)
    there = [(number, values) for number, values in read(0, AT_ONCE) if name in values]
    write(there, lambda values: attribute_clearing.without(values, name), actor)
    return None


def _convert(found: AttributeDefinition, draft: Draft, actor: Actor) -> None:
    """Write every value as the new kind, or refuse where one of them cannot be read so."""
    if _many_contacts():
        if having(found.name) == Count(0):
            return
        raise Invalid(
            f"The kind can be changed with up to {AT_ONCE:,} contacts, whose values are looked "
            "through at once. Add another attribute, and import its values.",
            field="kind",
        )
    there = [(number, v) for number, v in read(0, AT_ONCE) if v.get(found.name) is not None]
    values = [_as_kind(values[found.name], draft) for _, values in there]
    bad = [v[found.name] for (_, v), new in zip(there, values, strict=True) if new is None]
    if bad:
        few = ", ".join(f"“{show_value(value)[:40]}”" for value in dict.fromkeys(bad[:3]))
        said = (
            f"{len(bad):,} of {counted(len(there), 'value')} cannot be read as a {draft.kind.label}"
        )
        raise Invalid(f"{said}, like {few}. Nothing was changed.", field="kind")
    new = {number: value for (number, _), value in zip(there, values, strict=True)}
    write(
        [(number, {**v, found.name: new[number]}) for number, v in there],
        lambda kept: kept,
        actor,
    )


def _as_kind(value: Any, draft: Draft) -> Value:
    try:
        return read_value(draft.kind, show_value(value), draft.choices)
    except Invalid:
        return None


def _refuse_in_use(found: AttributeDefinition, draft: Draft) -> None:
    for choice in found.choices:
        if choice in draft.choices:
            continue
        asked = Filters(attributes=(AttributeFilter(found.name, (choice,)),))
        held = count(Asked(asked, ANYWHERE, definitions()))
        if held != Count(0):
            who = f"{held.said or 'Some'} {'contact has' if held == Count(1) else 'contacts have'}"
            raise Invalid(f"{who} “{choice}”. Give them another value first.", field="choices")


def _many_contacts() -> bool:
    some = select(Contact.id).limit(AT_ONCE + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) > AT_ONCE


def _refuse_taken(name: str, known: set[str] | Sequence[str]) -> None:
    if name in known:
        raise Invalid(f"There is an attribute named “{name}” in data already.", field="name")


def _name_of(label: str) -> str:
    """Make a name in data of a label: “Café owner?” is `cafe_owner`."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:64]


def _told(found: AttributeDefinition) -> dict[str, Any]:
    return {
        "name": found.name,
        "label": found.label,
        "kind": str(found.kind),
        "choices": list(found.choices),
    }
