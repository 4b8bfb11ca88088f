"""The way to a page of a list: which index is read, so that no filter makes a page wait.

Both planners go by guesses here: how many contacts hold a text, carry a tag and are opted out at
once. A wrong guess reads a million rows for fifty. So the way is chosen by looking, and the
statements leave no other: a glance at the first rows of the list often shows the page. Where it
shows some of it, the list is walked on for as long as that promises the rest; else a set of
candidates that an index knows is gathered and sorted.
"""

from __future__ import annotations

from collections.abc import Sequence

from webapp.contacts.asked import Asked, Part
from webapp.contacts.candidates import Candidates, of_change
from webapp.contacts.rows import Row
from webapp.contacts.sizes import size_of
from webapp.contacts.ways import ALL, all_of, ends_within, gather, read_sorted, walk

GLANCE = 500  # rows, read in a millisecond
WALK = 20_000  # rows
FURTHEST = 200_000  # rows
# A candidate is looked up where it lies, which takes as long as to walk past so many rows.
DEAR = 8


def find(asked: Asked, part: Part) -> list[Row]:
    """Read the rows of a part of a list."""
    stretch = part.stretch
    if not asked.narrow and (stretch.by_id or asked.filters.state is None):
        return read_sorted(asked, part)
    found = asked.candidates
    if stretch.by_id and any(each.ordered for each in found):
        return gather(asked, part, smallest(found))
    if stretch.by_change and asked.filters.state:
        found = [of_change(asked.filters, asked.zone), *found]
    window, rows = GLANCE, walk(asked, part, GLANCE)
    while len(rows) < part.need:
        further = _promising(window, len(rows), part.need, found)
        # Whether the list ends here is worth asking before what costs more.
        if (further or window > GLANCE) and ends_within(asked, part, window):
            return rows
        if not further:
            return _gathered(asked, part, found)
        window, rows = further, walk(asked, part, further)
    return rows


def _gathered(asked: Asked, part: Part, found: Sequence[Candidates]) -> list[Row]:
    if not found and part.stretch.by_id:
        return walk(asked, part, ALL)
    return gather(asked, part, smallest(found) if found else all_of(asked))


def smallest(candidates: Sequence[Candidates]) -> Candidates:
    """Choose the set with the fewest, as far as it matters; of large ones the first."""
    return min(candidates, key=_cost) if len(candidates) > 1 else candidates[0]


def _cost(found: Candidates) -> int:
    """Give how many of a set have to be looked at: of those that come in order not all."""
    size = size_of(found)
    return min(size, WALK) if found.ordered else size


def _promising(window: int, met: int, need: int, candidates: Sequence[Candidates]) -> int:
    """Say how far to walk after so many were met in a window; 0: better gather candidates."""
    if window < WALK and met:
        return WALK
    to_gather = DEAR * min(map(size_of, candidates)) if candidates else FURTHEST
    if window < WALK:
        return WALK if to_gather >= WALK * 10 else 0
    # Half as far again as the page should lie: they do not lie evenly.
    further = window * need * 3 // (2 * met) if met else 0
    return further if window < further <= min(FURTHEST, to_gather) else 0
