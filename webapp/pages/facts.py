"""A contact's attributes in few words, for rows of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webapp.contacts.attributes import Definition, Kind, kind_of, show_value

Fact = tuple[str, str]
AS_WRITTEN = (Kind.TEXT, Kind.CHOICE)


class Facts:
    """Says attributes by their definitions; made once for a page that says many."""

    def __init__(self, known: Sequence[Definition]) -> None:
        self._known = [(each.name, each.label, kind_of(each.kind)) for each in known]

    def of(self, attributes: Mapping[str, Any]) -> list[Fact]:
        """Give the attributes that are there: of each its label, and what is said of it."""
        found: list[Fact] = []
        for name, label, kind in self._known:
            value = attributes.get(name)
            if value is None or value is False or value == "":
                continue
            plain = type(value) is str and kind in AS_WRITTEN
            found.append((label, value if plain else _brief(kind, label, value)))
        return found


def in_words(facts: Sequence[Fact]) -> str:
    """Say facts where no label can be looked at, like “City: Roma, Orders 3, VIP”."""
    said = [value if value.startswith(label) else f"{label}: {value}" for label, value in facts]
    return ", ".join(said)


def _brief(kind: Kind, label: str, value: Any) -> str:
    """Say a value without its label where it speaks for itself: "Roma", "Orders 3", "VIP"."""
    if kind is Kind.BOOLEAN:
        return label
    if kind is Kind.NUMBER:
        return f"{label} {value}"
    return show_value(value, kind)
