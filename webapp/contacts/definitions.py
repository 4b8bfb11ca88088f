"""The attributes that contacts may have, and values checked against them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from webapp.contacts.attributes import Definition, Kind, Value, check_value, kind_of
from webapp.contacts.models import AttributeDefinition
from webapp.core.db import table_of
from webapp.core.errors import Invalid
from webapp.core.prepared import Ask, Prepared


def definitions() -> list[Definition]:
    """Give the account's attribute definitions, in the order in which they were made."""
    return [Definition(*row) for row in ASK_ALL[0].all({})]


_TABLE = table_of(AttributeDefinition).c
ASK_ALL: Ask = (
    Prepared(select(*(_TABLE[name] for name in Definition._fields)).order_by(_TABLE.id)),
    {},
)


def check_attributes(values: Mapping[str, Any]) -> dict[str, Value]:
    """Give values checked against their definitions; None means "remove".

    Raises Invalid (field `attr.NAME`) for an attribute that is not defined, or a value that is
    not of its kind.
    """
    known = {definition.name: definition for definition in definitions()} if values else {}
    checked: dict[str, Value] = {}
    for name, value in values.items():
        definition = known.get(name)
        if definition is None:
            raise Invalid(f"There is no attribute called “{name[:64]}”.", field=f"attr.{name}")
        try:
            checked[name] = check_value(
                kind(definition), value, definition.choices, definition.label
            )
        except Invalid as error:
            raise Invalid(error.message, field=f"attr.{name}") from None
    return checked


def kind(definition: Definition) -> Kind:
    """Give the kind of a definition."""
    return kind_of(definition.kind)
