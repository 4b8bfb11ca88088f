"""Pairs of contacts who are likely one person, found by looking at a bounded part of the list.

Nobody is held against everybody: names that are alike lie beside each other in their index, and
of an email address or a number it is known how the other would be written, which an index finds.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.contacts.duplicate_looks import PAIRS, Pair, Place, by_email, by_name, by_phone
from webapp.contacts.likeness import Likeness
from webapp.core.paging import Cursor, decode

GOES = 5  # looks for one page


@dataclass(frozen=True)
class Found:
    """Some pairs of ids, the older contact first; `looked` at so many, and where to go on.

    `cursor` is None once the end of the list is reached.
    """

    pairs: list[Pair]
    looked: int
    cursor: str | None


def find_pairs(likeness: Likeness, cursor: str | None) -> Found:
    """Look for pairs from a place on, until a page is full or enough was looked at.

    By name they come by alphabet, else the newest first. Raises Invalid for an odd cursor.
    """
    kinds = (str, int) if likeness is Likeness.NAME else (int,)
    place = decode(cursor, likeness, kinds)
    at: Place | None = place.values if place else None
    looks = {Likeness.NAME: by_name, Likeness.EMAIL: by_email, Likeness.PHONE: by_phone}
    pairs: list[Pair] = []
    looked = 0
    last: Place = ()
    for _ in range(GOES):
        went = looks[likeness](at)
        looked += went.looked
        for pair, after in went.pairs:
            if len(pairs) >= PAIRS and after != last:  # all of one contact stay on one page
                return Found(pairs, looked, Cursor(likeness, last).encode())
            pairs.append(pair)
            last = after
        at = went.end
        if at is None:
            break
    return Found(pairs, looked, Cursor(likeness, at).encode() if at else None)
