"""A segment with everything that it names: read once, and refused where part of it is gone.

A segment without one of its conditions would be another one: with more people, as a rule. So
nothing here leaves a part out; whoever acts on its people gets a sentence instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, select

from webapp.contacts.attributes import Definition
from webapp.contacts.filters import Filters
from webapp.contacts.kept_params import Meaning, meaning_of
from webapp.contacts.segment_models import Segment
from webapp.contacts.tags import unknown_tags
from webapp.contacts.tree import Group, What, names_in
from webapp.contacts.tree_check import problems
from webapp.core.db import table_of
from webapp.core.errors import Invalid
from webapp.core.prepared import Prepared

Definitions = Sequence[Definition]

MOST_READ = 50  # segments that one segment reaches, itself among them
MOST_USES = 200  # times that a segment stands in another one, all through
_TABLE = table_of(Segment)
_ONE = Prepared(select(_TABLE.c.name, _TABLE.c.params).where(_TABLE.c.id == bindparam("id")))
ROUND = "A segment cannot be part of itself."
LARGE = "This segment takes in too many others."


@dataclass(frozen=True)
class Whole:
    """What is asked of contacts, with the meaning of each segment that stands in it, by id."""

    root: Meaning
    segments: Mapping[int, Meaning] = field(default_factory=dict)


def whole_of(root: Meaning, known: Definitions, *, inside: int = 0, name: str = "") -> Whole:
    """Give a meaning with all that it names; `known` are the attribute definitions.

    `inside` is the id of the segment that it is or will be, 0 for none; `name` is what it is
    called in a sentence. Raises Invalid where a tag, an attribute or a segment is gone, where a
    value means nothing, and where segments would contain themselves.
    """
    reading = _Reading(known)
    reading.read(root, (inside,) if inside else (), name)
    return Whole(root, reading.found)


def whole_segment(segment_id: int, known: Definitions) -> Whole:
    """Give a saved segment with all that it names. Raises Invalid as `whole_of` does."""
    name, meaning = _saved(segment_id)
    return whole_of(meaning, known, inside=segment_id, name=name)


def uses(meaning: Meaning) -> list[int]:
    """Give the ids of the segments that stand in a meaning itself, each once."""
    if isinstance(meaning, Filters):
        return [meaning.segment] if meaning.segment else []
    return [int(text) for text in names_in(meaning, What.SEGMENT)]


def tags_in(meaning: Meaning) -> list[str]:
    """Give the names of the tags that a meaning asks for."""
    if isinstance(meaning, Filters):
        return list(meaning.tags)
    return names_in(meaning, What.TAG)


def attributes_in(meaning: Meaning) -> list[str]:
    """Give the names in data of the attributes that a meaning asks for."""
    if isinstance(meaning, Filters):
        return [asked.name for asked in meaning.attributes]
    return names_in(meaning, What.ATTRIBUTE)


def gone_in(meaning: Meaning, known: Definitions) -> list[str]:
    """Give what a meaning itself names and nobody has any more, in words."""
    names = {definition.name for definition in known}
    gone = [f"the attribute “{n}”" for n in attributes_in(meaning) if n not in names]
    return gone + [f"the tag “{name}”" for name in unknown_tags(tags_in(meaning))]


@dataclass
class _Reading:
    known: Definitions
    found: dict[int, Meaning] = field(default_factory=dict)
    used: int = 0

    def read(self, meaning: Meaning, path: tuple[int, ...], name: str) -> None:
        self._check(meaning, name)
        for segment_id in uses(meaning):
            if segment_id in path:
                raise Invalid(ROUND)
            self.used += 1
            called, self.found[segment_id] = _saved(segment_id)
            if len(self.found) > MOST_READ or self.used > MOST_USES:
                raise Invalid(LARGE)
            self.read(self.found[segment_id], (*path, segment_id), called)

    def _check(self, meaning: Meaning, name: str) -> None:
        who = f"The segment “{name}”" if name else "This"
        gone = gone_in(meaning, self.known)
        if gone:
            raise Invalid(f"{who} asks for {gone[0]}, which is {'gone' if name else 'not there'}.")
        if isinstance(meaning, Group):
            wrong = problems(meaning, {d.name: d for d in self.known})
            if wrong:
                raise Invalid(f"{who} cannot be used as it is: {next(iter(wrong.values()))}")


def _saved(segment_id: int) -> tuple[str, Meaning]:
    row = _ONE.first({"id": segment_id})
    if row is None:
        raise Invalid("A segment that is asked for is gone.", field="segment")
    return row[0], meaning_of(row[1])
