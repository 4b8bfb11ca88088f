"""Sets of contacts that an index knows, and among which all are whom a tree asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select, union

from webapp.contacts.candidates import Candidates, candidates_of
from webapp.contacts.conditions import Definitions
from webapp.contacts.filters import Filters
from webapp.contacts.kept_params import Meaning
from webapp.contacts.sizes import size_of
from webapp.contacts.tree import Condition, Group, How, Node, What
from webapp.contacts.tree_conditions import word_of
from webapp.contacts.tree_filters import filters_of
from webapp.contacts.whole import Whole
from webapp.core import clock
from webapp.core.db import db
from webapp.core.text_index import GRAM, has_index, holding

MOST_SETS = 6  # of which the smallest is looked for; each costs a count


def sets_of(whole: Whole, zone: ZoneInfo, known: Definitions) -> list[Candidates]:
    """Give the sets, each with everybody who belongs to it; none where no index knows one."""
    return _Finding(whole, zone, known).of(whole.root)[:MOST_SETS]


@dataclass(frozen=True)
class _Finding:
    whole: Whole
    zone: ZoneInfo
    known: Definitions

    def of(self, asked: Meaning | Node) -> list[Candidates]:
        if isinstance(asked, Filters):
            return candidates_of(asked, self.zone, self.known)
        if isinstance(asked, Condition):
            return self._of_condition(asked)
        if asked.negated:
            return []
        if asked.any and len(asked.parts) > 1:
            return list(self._either(asked))
        return [found for part in asked.parts for found in self.of(part)]

    def _of_condition(self, asked: Condition) -> list[Candidates]:
        if asked.what is What.SEGMENT and asked.how is How.IS:
            return self.of(self.whole.segments[int(asked.values[0])])
        if asked.how is How.CONTAINS and asked.what in (What.NAME, What.EMAIL, What.PHONE):
            return list(_texts(word_of(asked).texts))
        if asked.what is What.COUNTRY and asked.how is How.IS:
            return list(_texts(asked.values))
        today = clock.now().astimezone(self.zone).date()
        either = filters_of(asked, today)
        if len(either) == 1:
            return candidates_of(either[0], self.zone, self.known)
        return list(self._union([candidates_of(one, self.zone, self.known) for one in either]))

    def _either(self, group: Group) -> Iterator[Candidates]:
        return self._union([self.of(part) for part in group.parts])

    def _union(self, parts: list[list[Candidates]]) -> Iterator[Candidates]:
        """Give one set for several parts of which one is enough, if each of them has one."""
        if not parts or not all(parts):
            return
        sets = [min(found, key=size_of) for found in parts]
        together = union(*(each.ids.order_by(None) for each in sets)).subquery("either")
        name = tuple(word for each in sets for word in ("either", *each.name))
        yield Candidates(select(together.c.id.label("id")), name)


def _texts(texts: tuple[str, ...]) -> Iterator[Candidates]:
    """Give those that the search index knows; of two letters it knows too many."""
    session = db.session()
    if has_index(session) and min(map(len, texts)) >= GRAM:
        for nth, ids in enumerate(holding(session, [texts], [])):
            yield Candidates(ids, ("text", str(nth), *texts))
