"""Parts of a sorted list of which an index has the order; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, FromClause, UnaryExpression, bindparam, tuple_

from webapp.contacts.filters import Filters
from webapp.core.paging import Value


@dataclass(frozen=True)
class Stretch:
    """A part of a sorted list: sorted by columns that are filled in it; one may be empty in it."""

    names: tuple[str, ...]
    empty: str = ""

    @property
    def by_id(self) -> bool:
        """True where all of it is sorted by id alone, the order in which contacts were added."""
        return self == BY_ID

    @property
    def by_change(self) -> bool:
        """True where it is sorted by the last change on a channel, so that all of it has one."""
        return self.names[0].endswith("_changed_at")

    def bounds(
        self, of: FromClause, *, continued: bool, descending: bool
    ) -> Iterator[ColumnElement[bool]]:
        """Give what holds of its rows, beyond the place of `place_values` where `continued`."""
        if self.empty:
            yield of.c[self.empty].is_(None)
        if continued:
            columns = [of.c[name] for name in self.names]
            here: Any = tuple_(*columns) if len(columns) > 1 else columns[0]
            marks = [_mark(nth, column) for nth, column in enumerate(columns)]
            there: Any = tuple_(*marks) if len(marks) > 1 else marks[0]
            yield here < there if descending else here > there
        elif not self.empty and len(self.names) > 1:
            # An index has the empty ones too; they are the next stretch.
            yield of.c[self.names[0]].is_not(None)

    def order(self, of: FromClause, *, descending: bool) -> list[UnaryExpression[Any]]:
        """Give the columns that sort it."""
        columns = [of.c[name] for name in self.names]
        return [column.desc() if descending else column.asc() for column in columns]

    def place_values(self, values: tuple[Value, ...]) -> dict[str, Value]:
        """Give the values of a place for the parameters of `bounds`."""
        return {f"place_{nth}": value for nth, value in enumerate(values[-len(self.names) :])}


BY_ID = Stretch(("id",))


def stretches_of(filters: Filters) -> list[Stretch]:
    """Give the parts of the list in its order, whichever way round it is read.

    Contacts get their ids in the order in which they are added, so the newest have the highest.
    """
    if filters.sort.column == "created":
        return [BY_ID]
    if filters.sort.column == "name":
        return [Stretch(("name_folded", "id"))]
    changed = f"{filters.channel}_changed_at"
    if filters.days or filters.source:
        return [Stretch((changed, "id"))]
    # Whose consent never changed comes last in either direction.
    return [Stretch((changed, "id")), Stretch(("id",), empty=changed)]


def _mark(nth: int, column: ColumnElement[Any]) -> BindParameter[Any]:
    return bindparam(f"place_{nth}", type_=column.type)
