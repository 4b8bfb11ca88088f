"""The columns of exported lists: what each selects, and how it stands in a CSV file."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Text,
    case,
    func,
    literal_column,
    select,
    type_coerce,
)

from webapp.contacts.attributes import Definition
from webapp.contacts.models import Contact
from webapp.core.csv_streams import local_time
from webapp.core.db import db
from webapp.core.dialect import json_shown
from webapp.core.spreadsheets import guarded


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


def in_csv(columns: Sequence[Column], rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Select what stands in a CSV file: times with their offset, nothing that is a formula.

    The guard looks at a text several times. OFFSET keeps both databases from working it out anew
    each time.
    """
    plain: Select[*tuple[Any, ...]] = rows.with_only_columns(
        *(column.value.label(f"c{number}") for number, column in enumerate(columns))
    )
    texts = plain.offset(literal_column("0")).subquery().c
    return select(*(_cell(column.kind, text) for column, text in zip(columns, texts, strict=True)))


def _cell(kind: Kind, value: ColumnElement[Any]) -> ColumnElement[Any]:
    if kind is Kind.MOMENT:
        return local_time(value)
    value = type_coerce(value, Text)
    if kind in (Kind.WORD, Kind.ID):
        return value
    # PostgreSQL puts an empty text in quotes, and nothing at all where there is none.
    return func.nullif(guarded(value), literal_column("''"))


def yes(condition: ColumnElement[bool]) -> ColumnElement[str | None]:
    """Give `yes` where a condition holds, else nothing."""
    return case((condition, "yes"))


def attribute(definition: Definition) -> Column:
    """Give the column of an attribute: its label, its value as people read it."""
    kinds = {"number": Kind.FIGURE, "date": Kind.DAY}
    shown = json_shown(db.session(), Contact.attributes, definition.name, yes="Yes", no="No")
    return Column(definition.label, shown, kinds.get(definition.kind, Kind.TEXT))
