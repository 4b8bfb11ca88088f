"""Where Heed itself keeps copies that no key leads to, and what becomes of each.

These alone are searched. What other people said, and the proof of their consent, is theirs.
A segment is no copy, but it may look for one person by their address: that is searched too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, select, true, tuple_, update

from webapp.accounts.models import IdempotentAnswer
from webapp.audit.models import AuditEntry
from webapp.contacts.kept_params import meaning_of, params_of, said_otherwise
from webapp.contacts.segment_models import Segment
from webapp.conversations.models import HandledItem, StoredWebhook
from webapp.conversations.service import MOST_TRIES, forgotten_item
from webapp.core.db import Base, run, table_of
from webapp.core.errors import Invalid
from webapp.events.models import Event
from webapp.privacy.files import is_at_work
from webapp.privacy.marks import ERASED, Marks
from webapp.tasks.models import Task

KIND = "erasure"  # of the task that searches: it knows what it looks for, and forgets it by itself
# What was being written as the erasure committed may be this much younger, by another clock.
AFTERWARDS = timedelta(minutes=1)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Columns of a table that are searched, and what becomes of a row that names the person.

    `clear` tells whether it took the person out of the row. `since` is the column that says when
    a row came: what is younger than the erasure is left. `waits` tells of rows still at work.
    """

    model: type[Base]
    columns: tuple[str, ...]
    names: Callable[[Marks, Any], bool]
    clear: Callable[[Place, Row, Marks], bool]
    since: str = ""
    waits: Callable[[Row], bool] = lambda _row: False

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def table(self) -> Table:
        """The table itself."""
        return table_of(self.model)

    def holds(self, row: Row, marks: Marks) -> bool:
        """Tell whether a row names the person."""
        return any(row[name] and self.names(marks, row[name]) for name in self.columns)

    def key(self, row: Row) -> list[Any]:
        """Give the primary key of a row, as JSON can hold it."""
        return [row[column.name] for column in self.table.primary_key]

    def following(self, key: list[Any] | None, until: datetime | None) -> Select[Any]:
        """Select the rows that follow a key, in its order, as far as an erasure reaches."""
        place = list(self.table.primary_key)
        beyond = tuple_(*place) > tuple_(*key) if key else true()
        of_then = self.table.c[self.since] <= until + AFTERWARDS if until and self.since else true()
        ours = self.table.c.kind != KIND if self.model is Task else true()
        return select(self.table).where(beyond, of_then, ours).order_by(*place)

    def row(self, key: list[Any]) -> Row | None:
        """Read a row afresh in the open transaction, locked; None where it is gone."""
        found = run(select(self.table).where(*self._is(key)).with_for_update()).first()
        return found._asdict() if found else None

    def write(self, row: Row, **values: Any) -> None:
        """Change a row in the open transaction."""
        run(update(self.table).where(*self._is(self.key(row))).values(values))

    def remove(self, row: Row) -> None:
        """Delete a row in the open transaction."""
        run(delete(self.table).where(*self._is(self.key(row))))

    def _is(self, key: list[Any]) -> list[ColumnElement[bool]]:
        return [column == part for column, part in zip(self.table.primary_key, key, strict=True)]


def _redact(place: Place, row: Row, marks: Marks) -> bool:
    """Put "(erased)" where the person is named. A filter that looked for them finds nobody now."""
    place.write(row, **{name: marks.redacted(row[name]) for name in place.columns})
    return True


def _redact_segment(place: Place, row: Row, marks: Marks) -> bool:
    """Put "(erased)" where a segment looks for the person: it finds nobody by that now.

    It stays one that can be read, with every other condition. Its name, if it names them, becomes
    one that no other segment has.
    """
    values: dict[str, Any] = {"params": _segment_redacted(row["params"], marks)}
    if marks.redacted(row["name"]) == ERASED:
        values["name"] = values["folded"] = f"{ERASED} {row['id']}"
    place.write(row, **values)
    return True


def _segment_redacted(params: Any, marks: Marks) -> Any:
    try:
        return params_of(said_otherwise(meaning_of(params), marks.redacted))
    except Invalid:  # it was of no use before
        return marks.redacted(params)


def _wipe_webhook(place: Place, row: Row, _marks: Marks) -> bool:
    """Empty a body; its digest still knows a repeat. What nobody could process may hold a stop."""
    if row["processed_at"] is None:
        return False
    place.write(row, body=b"", error="")
    return True


def _wipe_answer(place: Place, row: Row, marks: Marks) -> bool:
    """Empty a remembered answer, so that its call still has one effect; or all, by its key."""
    if marks.stand_in(row["key"]):
        place.remove(row)
    else:
        place.write(row, body="{}\n")
    return True


def _rename_item(place: Place, row: Row, _marks: Marks) -> bool:
    """Keep the mark that an item was handled, under a word that says nothing."""
    place.write(row, item=forgotten_item(row["item"]))
    return True


def _is_tried_again(row: Row) -> bool:
    return row["processed_at"] is None and row["tries"] < MOST_TRIES


def _needs_what_it_knows(row: Row) -> bool:
    return is_at_work(row["id"])


def _in_body(marks: Marks, said: str | bytes) -> bool:
    return marks.stand_in_json(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)


WEBHOOKS = Place(
    StoredWebhook, ("body", "error"), _in_body, _wipe_webhook, "received_at", _is_tried_again
)
TASKS = Place(
    Task,
    ("title", "params", "position", "result", "error"),
    Marks.is_about,
    _redact,
    "created_at",
    _needs_what_it_knows,
)
PLACES = (
    Place(AuditEntry, ("detail",), Marks.is_about, _redact, "at"),
    Place(Event, ("data",), Marks.is_about, _redact, "at"),
    Place(Segment, ("name", "params"), Marks.is_about, _redact_segment, "created_at"),
    Place(IdempotentAnswer, ("key", "body"), _in_body, _wipe_answer, "created_at"),
    WEBHOOKS,
    TASKS,
)
# Last of all: a webhook that had to wait has left its marks by then.
ITEMS = Place(HandledItem, ("item",), Marks.stand_in, _rename_item)
