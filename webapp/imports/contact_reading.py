"""How a list of contacts is read, as somebody chose it; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from webapp.imports.columns import MOST, Rows, has_header
from webapp.imports.contact_cells import ANY
from webapp.imports.contact_fields import (
    ATTRIBUTE,
    CONSENTS,
    EVIDENCE_FIELDS,
    IGNORE,
    NEW,
    guess,
)
from webapp.imports.lists import MONTH_FIRST, cell_of, is_blank
from webapp.imports.moments import days_first
from webapp.imports.rules import clean
from webapp.imports.words import fold

SAMPLES = 4  # rows that are shown beside the choice of what the columns hold
LONGEST_SAMPLE = 40


@dataclass(frozen=True)
class ContactReading:
    """How a list of contacts is read; what was left open is None and guessed.

    `columns` say of each column what it holds (`contact_fields`), `region` is the country (ISO
    3166) of numbers without their country code, `zone` that of times without one. `overwrite`:
    cells take the place of what a contact has, else they only fill what is empty. `tag` is put on
    everybody. `how`, `when` (ISO 8601), `where` and `wording` are the record of consent for rows
    that bring none of their own. `known` are the attributes there were, by name and label.
    `titles` are the cells of the header, which is the row `header_row`; 0 where there is none.
    """

    region: str | None = None
    zone: str = "UTC"
    columns: tuple[str, ...] | None = None
    header: bool | None = None
    day_first: bool | None = None
    separator: str = ANY
    overwrite: bool = False
    tag: str = ""
    how: str = ""
    when: str = ""
    where: str = ""
    wording: str = ""
    known: tuple[tuple[str, str], ...] = ()
    titles: tuple[str, ...] = ()
    header_row: int = 0
    samples: tuple[tuple[str, ...], ...] = ()

    def params(self) -> dict[str, Any]:
        """Give it as JSON."""
        return dict(vars(self))

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> ContactReading:
        """Read what `params` wrote."""
        said = {field.name: params[field.name] for field in fields(cls) if field.name in params}
        for name in ("columns", "titles"):
            if said.get(name) is not None:
                said[name] = tuple(said[name])
        for name in ("known", "samples"):
            said[name] = tuple(tuple(each) for each in said.get(name, ()))
        return cls(**said)

    def completed(self, rows: Rows) -> ContactReading:
        """Give it with what was left open guessed from the list's first rows."""
        filled = [(number, row) for number, row in enumerate(rows, start=1) if not is_blank(row)]
        header = has_header([row for _, row in filled]) if self.header is None else self.header
        head, body = filled[: int(header)], [row for _, row in filled[int(header) :]]
        titles = tuple(clean(cell)[:80] for _, row in head for cell in row[:MOST])
        known = replace(self, titles=titles)
        columns = known.columns or guess(body, titles, self.known)
        dated = [place for place, target in enumerate(columns) if _is_dated(target)]
        return replace(
            known,
            header=header,
            header_row=head[0][0] if head else 0,
            columns=columns,
            day_first=self._day_first(cell_of(row, place) for row in body for place in dated),
            samples=tuple(
                tuple(clean(cell)[:LONGEST_SAMPLE] for cell in row[:MOST]) for row in body[:SAMPLES]
            ),
        )

    def places(self, target: str) -> list[int]:
        """Give which columns hold something."""
        return [place for place, said in enumerate(self.columns or ()) if said == target]

    def attributes(self) -> Iterator[tuple[int, str, str]]:
        """Give each column with an attribute: its place, the name, the kind of a new one or none."""
        for place, target in enumerate(self.columns or ()):
            if target.startswith(ATTRIBUTE):
                yield place, target.removeprefix(ATTRIBUTE), ""
            elif target.startswith(NEW):
                yield place, self.name_of(place), target.removeprefix(NEW)

    def title_of(self, place: int) -> str:
        """Give what a column is called."""
        title = self.titles[place] if place < len(self.titles) else ""
        return title or f"Column {place + 1}"

    def name_of(self, place: int) -> str:
        """Give the name in data of a new attribute that a column brings."""
        words = "".join(c if c.isascii() and c.isalnum() else "_" for c in self.title_of(place))
        plain = "_".join(filter(None, words.lower().split("_")))[:60]
        return plain if plain[:1].isalpha() else f"column_{place + 1}"

    def ignored(self) -> list[str]:
        """Give the titles of the columns that are left out and hold something."""
        return [
            self.title_of(place)
            for place, target in enumerate(self.columns or ())
            if target == IGNORE and (cell_of(self.titles, place) or self._sampled(place))
        ]

    def _sampled(self, place: int) -> bool:
        return any(fold(cell_of(row, place)) for row in self.samples)

    def _day_first(self, dates: Iterator[str]) -> bool:
        if self.day_first is not None:
            return self.day_first
        told = days_first(dates)
        return self.region not in MONTH_FIRST if told is None else told


def _is_dated(target: str) -> bool:
    return target in EVIDENCE_FIELDS or target.startswith((ATTRIBUTE, NEW, CONSENTS))


def cells(row: Sequence[str], places: Sequence[int]) -> list[str]:
    """Give the cells at some places, empty ones where the row has none."""
    return [cell_of(row, place) for place in places]
