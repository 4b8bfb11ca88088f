"""A contact's attributes in few words, for rows of lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from webapp.contacts.attributes import Kind, kind_of
from webapp.contacts.models import AttributeDefinition
from webapp.contacts.rows import Row
from webapp.core.zones import short_day

Definitions = Sequence[AttributeDefinition]


def facts_of(row: Row, known: Definitions) -> list[tuple[str, str]]:
    """Give the attributes that a contact has in few words, each with its label."""
    said = ((definition.label, _brief(definition, row)) for definition in known)
    return [(label, words) for label, words in said if words]


def _brief(definition: AttributeDefinition, row: Row) -> str:
    """Say an attribute without its label where the value speaks for itself: "Roma", "Orders 3"."""
    kind, value = kind_of(definition.kind), row.attributes.get(definition.name)
    if kind is Kind.BOOLEAN:
        return definition.label if value is True else ""
    if value is None or value == "":
        return ""
    if kind is Kind.DATE:
        try:
            return short_day(date.fromisoformat(str(value)))
        except ValueError:
            return str(value)
    return f"{definition.label} {value}" if kind is Kind.NUMBER else str(value)
