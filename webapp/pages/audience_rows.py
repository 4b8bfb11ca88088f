"""What the rows of the list show, worked out before the template, which only writes it down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from webapp.contacts.attributes import Definition
from webapp.contacts.rows import Row
from webapp.contacts.rules import State
from webapp.pages.facts import Fact, Facts, in_words
from webapp.pages.times import Times
from webapp.pages.toggle_terms import Look, ToggleTerms

FACTS, TAGS = 3, 2  # as many as a row has room for


class Line(NamedTuple):
    """What one row shows. `address` is empty where the name says it; `more_…` is what is hidden."""

    id: int
    name: str
    address: str
    reached: bool
    look: Look
    held: bool
    changed: Markup | None
    source: str
    facts: list[Fact]
    more_facts: str
    more_facts_count: int
    tags: list[str]
    more_tags: str
    more_tags_count: int
    created: Markup


def lines_of(rows: Iterable[Row], known: Sequence[Definition], terms: ToggleTerms) -> list[Line]:
    """Give what each row shows, for whoever asks."""
    facts, times = Facts(known), Times.of_reader()
    return [_line(row, facts, times, terms.looks) for row in rows]


def _line(row: Row, facts: Facts, times: Times, looks: dict[State, Look]) -> Line:
    name, address = row.display_name, row.address
    said, tags = facts.of(row.attributes), row.tags
    return Line(
        row.id,
        name,
        address if address and address != name else "",
        address is not None,
        looks[row.state],
        row.held,
        times.moment(row.changed_at) if row.changed_at else None,
        row.source.label if row.source else "",
        said[:FACTS],
        in_words(said[FACTS:]) if len(said) > FACTS else "",
        len(said) - FACTS,
        tags[:TAGS],
        ", ".join(tags[TAGS:]) if len(tags) > TAGS else "",
        len(tags) - TAGS,
        times.day(row.created_at),
    )
