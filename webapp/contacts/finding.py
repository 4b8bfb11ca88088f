"""The way to a page of a list: which index is read, so that no filter makes a page wait.

Both planners go by guesses here: how many contacts hold a text, carry a tag and are opted out at
once. A wrong guess reads a million rows for fifty. So the way is chosen by looking, and the
statements leave no other: a glance at the first rows of the list often shows the page. Else a small
set of candidates that an index knows is gathered and sorted; where all sets are large, the list is
walked on for a while before that.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from webapp.contacts.asked import Asked, Part
from webapp.contacts.candidates import Candidates, of_change
from webapp.contacts.rows import Row
from webapp.contacts.ways import ALL, all_of, gather, read_sorted, walk
from webapp.core.db import run

GLANCE = 500  # rows, read in a millisecond
COMMON = 5  # in a glance; then a walk meets fifty sooner
WALK = 20_000  # rows
FEW = 25_000  # candidates, looked at and sorted as fast


def find(asked: Asked, part: Part) -> list[Row]:
    """Read the rows of a part of a list."""
    stretch = part.stretch
    if not asked.narrow and (stretch.by_id or asked.filters.state is None):
        return read_sorted(asked, part)
    found = asked.candidates
    if stretch.by_id and any(each.ordered for each in found):
        return gather(asked, part, smallest(found))
    rows = walk(asked, part, GLANCE)
    if len(rows) == part.need:
        return rows
    if stretch.by_change and asked.filters.state:
        found = [of_change(asked.filters, asked.zone), *found]
    if len(rows) < COMMON and (few := _few(found)):
        return gather(asked, part, few)
    rows = walk(asked, part, WALK)
    if len(rows) == part.need:
        return rows
    if not found and stretch.by_id:
        return walk(asked, part, ALL)
    return gather(asked, part, smallest(found) if found else all_of(asked))


def smallest(candidates: Sequence[Candidates]) -> Candidates:
    """Choose the set with the fewest, as far as it matters; of large ones the first."""
    if len(candidates) == 1:
        return candidates[0]
    return min(zip(_sizes(candidates), candidates, strict=True), key=lambda pair: pair[0])[1]


def _few(candidates: Sequence[Candidates]) -> Candidates | None:
    """Give the set with the fewest, if that is a small one; the only one is taken for one."""
    if len(candidates) < 2:
        return next(iter(candidates), None)
    size, found = min(zip(_sizes(candidates), candidates, strict=True), key=lambda pair: pair[0])
    return found if size < FEW else None


def _sizes(candidates: Sequence[Candidates]) -> Sequence[int]:
    """Count each set, as far as it matters."""
    counts = (
        select(func.count()).select_from(each.ids.limit(FEW).subquery()).scalar_subquery()
        for each in candidates
    )
    return run(select(*counts)).one()
