"""The columns of exported lists: what each selects, and how it stands in a CSV file."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, case, func, type_coerce

from webapp.contacts.models import AttributeDefinition, Contact
from webapp.core.db import db
from webapp.core.dialect import json_shown
from webapp.core.spreadsheets import guarded
from webapp.core.streams import local_time


class Kind(enum.StrEnum):
    """What a column holds: a text that somebody wrote, a word of Heed's own, an id, a moment.

    A figure or a day is an attribute: a text that an Excel file shows as what it is.
    """

    TEXT = "text"
    WORD = "word"
    ID = "id"
    MOMENT = "moment"
    FIGURE = "figure"
    DAY = "day"


@dataclass(frozen=True, eq=False)
class Column:
    """A column by the name in its head; `value` is what is selected."""

    header: str
    value: SQLColumnExpression[Any]
    kind: Kind = Kind.TEXT

    def in_csv(self) -> ColumnElement[Any]:
        """Give what stands in a CSV file: times with their offset, nothing that is a formula."""
        if self.kind is Kind.MOMENT:
            return local_time(self.value)
        if self.kind in (Kind.WORD, Kind.ID):
            return type_coerce(self.value, Text)
        # PostgreSQL puts an empty text in quotes, and nothing at all where there is none.
        return func.nullif(guarded(type_coerce(self.value, Text)), "")


def yes(condition: ColumnElement[bool]) -> ColumnElement[str | None]:
    """Give `yes` where a condition holds, else nothing."""
    return case((condition, "yes"))


def attribute(definition: AttributeDefinition) -> Column:
    """Give the column of an attribute: its label, its value as people read it."""
    kinds = {"number": Kind.FIGURE, "date": Kind.DAY}
    shown = json_shown(db.session(), Contact.attributes, definition.name, yes="Yes", no="No")
    return Column(definition.label, shown, kinds.get(definition.kind, Kind.TEXT))
