"""Everything that a list is asked for, as conditions of SQL: its filters and its segment."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause

from webapp.contacts.conditions import CONTACTS, Definitions, own_conditions
from webapp.contacts.filters import Filters
from webapp.contacts.tree_conditions import whole_condition
from webapp.contacts.whole import Whole, whole_segment


def conditions(
    filters: Filters,
    zone: ZoneInfo,
    known: Definitions,
    of: FromClause = CONTACTS,
    ids: FromClause | None = None,
    whole: Whole | None = None,
) -> list[ColumnElement[Any]]:
    """Give what must hold of a row of `of`, which has the columns of the contacts.

    Dates are read in `zone`, attributes by their definitions. `ids` has the same id where it can
    be asked for before the row is read; `whole` is the segment where it has been read already.
    Raises Invalid for a filter that means nothing, and for a segment that is gone or names what is
    gone: without it the list would be of everybody.
    """
    found: list[ColumnElement[Any]] = own_conditions(filters, zone, known, of, ids)
    whole = whole or asked_segment(filters, known)
    return [*found, whole_condition(whole, zone, known, of, ids)] if whole else found


def asked_segment(filters: Filters, known: Definitions) -> Whole | None:
    """Give the segment that a list is restricted to, with all it names. Raises Invalid."""
    return whole_segment(filters.segment, known) if filters.segment else None
