"""Which column of a list holds what, guessed from its header and its first rows; pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.contacts.rules import AddressKind, Channel, channels_of
from webapp.imports.moments import looks_dated
from webapp.imports.rules import Refused, clean, looks_addressed, read_address
from webapp.imports.words import CHANNELS, IN, OUT, fold

MOST = 100  # columns that are looked at
Rows = Sequence[Sequence[str]]

ADDRESS = re.compile(
    r"phone|mobile|cell|msisdn|telephone|tel$|^to$|^from$|number|whatsapp|waid|recipient|address|"
    r"email|mail|contact|handy|rufnummer|telefon|movil|móvil|celular|correo|numero|número|portable|"
    r"cellulare|customer|subscriber"
)
NO_ADDRESS = re.compile(r"(id|date|time|at|zip|plz|count|amount|price|name|state|status|source)$")
CHANNEL = re.compile(r"channel|medium|kanal|canal")
DATE = re.compile(
    r"date|time|when|since|(?:out|ed|updated|created|changed)at$|datum|zeit|fecha|data$"
)
STATE = re.compile(r"state$|status$|opt(?:ed)?(?:in|out)$|subscribed|^(?:un)?subscri|consent|^dnc$")


@dataclass(frozen=True)
class Columns:
    """Where a list has what, counted from 0; None where it has no such column."""

    address: int = 0
    channel: int | None = None
    date: int | None = None
    state: int | None = None
    header: bool = False

    def params(self) -> dict[str, Any]:
        """Give it as JSON."""
        return dict(vars(self))


def has_header(rows: Rows) -> bool:
    """Tell whether the first row names the columns: there is text in it, and no address."""
    first = [cell for cell in rows[0][:MOST] if clean(cell)] if rows else []
    return bool(first) and not any(looks_addressed(cell) for cell in first)


def guess(rows: Rows, channels: Sequence[Channel], *, header: bool | None = None) -> Columns:
    """Guess the columns of a list from its first rows. `header` None: that too.

    Addresses that the channels do not reach count little: of a number and an email beside each
    other, the list is about the one that it speaks for.
    """
    named = has_header(rows) if header is None else header
    sheet = _Sheet(rows, named)
    address = sheet.take(lambda place: sheet.addressed(place, channels), -1.0)
    return Columns(
        address or 0,
        sheet.take(lambda place: sheet.titled(place, CHANNEL, _is_channel), 0.2),
        sheet.take(lambda place: sheet.titled(place, DATE, looks_dated), 0.5),
        sheet.take(lambda place: sheet.titled(place, STATE, _is_state), 0.2),
        named,
    )


class _Sheet:
    """The first rows of a list, and which of its columns are told already."""

    def __init__(self, rows: Rows, named: bool) -> None:
        width = min(max((len(row) for row in rows), default=1), MOST)
        titles = [fold(cell) for cell in rows[0][:width]] if named and rows else []
        self._titles = titles + [""] * (width - len(titles))
        self._body = rows[1:] if named else rows
        self._left = list(range(width))

    def take(self, score: Callable[[int], float], least: float) -> int | None:
        """Give the column with the highest score, the first of equals, if that is enough."""
        best = max(self._left, key=score, default=None)
        if best is None or score(best) < least:
            return None
        self._left.remove(best)
        return best

    def addressed(self, place: int, channels: Sequence[Channel]) -> float:
        """Tell how much a column looks like that of the addresses."""
        title = self._titles[place]
        hint = bool(ADDRESS.search(title)) - bool(NO_ADDRESS.search(title))
        return self._share(place, lambda cell: _reached(cell, channels)) + 0.5 * hint

    def titled(self, place: int, title: re.Pattern[str], looks: Callable[[str], bool]) -> float:
        """Tell how much the cells of a column of such a title look as they should."""
        if not title.search(self._titles[place]):
            return 0.0
        return 0.2 + self._share(place, looks)

    def _share(self, place: int, looks: Callable[[str], float]) -> float:
        cells = [row[place] for row in self._body if place < len(row) and clean(row[place])]
        return sum(map(looks, cells)) / len(cells) if cells else 0.0


def _is_channel(cell: str) -> bool:
    return fold(cell) in CHANNELS


def _is_state(cell: str) -> bool:
    return fold(cell) in IN | OUT


def _reached(cell: str, channels: Sequence[Channel]) -> float:
    """Tell how much a cell speaks for its column being that of the addresses: 0 to 1."""
    if not looks_addressed(cell):
        return 0.0
    try:
        kind = read_address(cell, None).kind
    except Refused:
        kind = AddressKind.EMAIL if "@" in cell else AddressKind.PHONE
    wanted = set(channels) or set(Channel)
    return 1.0 if wanted & set(channels_of(kind)) else 0.1
