"""How a list is read, and each of its rows as it is understood; pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from webapp.contacts.rules import Address, AddressKind, Channel
from webapp.imports.columns import MOST, Columns, guess
from webapp.imports.moments import days_first, read_moment
from webapp.imports.rules import OptOut, clean, read_address, served
from webapp.imports.words import check_state, read_channels

MONTH_FIRST = frozenset({"US", "PH", "FM", "GU", "PR"})  # 11/22/2026


@dataclass(frozen=True)
class Reading:
    """How a list is read, as somebody chose it; what they left open is None and guessed.

    `channels` are those that it speaks for, `region` the country (ISO 3166) of numbers without
    their country code, `zone` that of times without one. `titles` are the cells of the header,
    which is the row `header_row`; 0 where there is none.
    """

    channels: tuple[Channel, ...] = ()
    region: str | None = None
    zone: str = "UTC"
    columns: Columns | None = None
    day_first: bool | None = None
    titles: tuple[str, ...] = ()
    header_row: int = 0

    def params(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {**vars(self), "columns": self.columns.params() if self.columns else None}

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Reading:
        """Read what `params` wrote."""
        columns = params.get("columns")
        return cls(
            channels=tuple(Channel(word) for word in params["channels"]),
            region=params.get("region"),
            zone=params["zone"],
            columns=Columns(**columns) if columns else None,
            day_first=params.get("day_first"),
            titles=tuple(params.get("titles", ())),
            header_row=params.get("header_row", 0),
        )

    def completed(self, rows: Sequence[Sequence[str]]) -> Reading:
        """Give it with what was left open guessed from the list's first rows."""
        filled = [(number, row) for number, row in enumerate(rows, start=1) if not is_blank(row)]
        columns = self.columns or guess([row for _, row in filled], self.channels)
        head = filled[: int(columns.header)]
        return replace(
            self,
            columns=columns,
            titles=tuple(clean(cell)[:80] for _, row in head for cell in row[:MOST]),
            header_row=head[0][0] if head else 0,
            day_first=self._day_first(cell_of(row, columns.date) for _, row in filled[len(head) :]),
        )

    def understand(self, number: int, row: Sequence[str]) -> OptOut:
        """Read a row of the list, `number` counted from 1. Raises Refused."""
        columns = self.columns or Columns()
        if columns.state is not None:
            title = cell_of(self.titles, columns.state)
            check_state(title, cell_of(row, columns.state))
        wanted = read_channels(cell_of(row, columns.channel)) or self.channels
        address = read_address(cell_of(row, columns.address), self.region)
        channels = served(address, wanted)
        date = clean(cell_of(row, columns.date))
        moment = self._moment(date) if date else None
        return OptOut(number, address, channels, moment, bool(date) and moment is None)

    def _moment(self, text: str) -> datetime | None:
        return read_moment(text, ZoneInfo(self.zone), day_first=self.day_first is not False)

    def _day_first(self, dates: Iterable[str]) -> bool:
        if self.day_first is not None:
            return self.day_first
        told = days_first(dates)
        return self.region not in MONTH_FIRST if told is None else told


def cell_of(row: Sequence[str], column: int | None) -> str:
    """Give a cell, an empty one where the row has none there."""
    return row[column] if column is not None and 0 <= column < len(row) else ""


def is_blank(row: Sequence[str]) -> bool:
    """Tell whether nothing stands in a row."""
    return not any(cell.strip() for cell in row)


def plan_line(opt_out: OptOut) -> list[Any]:
    """Give an opt-out as a line of the plan (JSON)."""
    moment = opt_out.occurred_at.isoformat() if opt_out.occurred_at else None
    address = opt_out.address
    return [opt_out.row, address.kind, address.value, list(opt_out.channels), moment]


def planned(line: Sequence[Any]) -> OptOut:
    """Read a line of the plan."""
    row, kind, value, channels, moment = line
    return OptOut(
        row,
        Address(AddressKind(kind), value),
        tuple(map(Channel, channels)),
        datetime.fromisoformat(moment) if moment else None,
    )
