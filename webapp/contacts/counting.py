"""How many contacts a list holds, as far as is worth knowing.

A count of what an index does not sum up costs a look at every contact. Beyond some number nobody
reads it, and after some time nobody waits for it: so it stops there and says "10,000+" or "900+".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import FromClause, func, select

from webapp.contacts.asked import Asked
from webapp.contacts.conditions import CONTACTS, has_state
from webapp.contacts.finding import GLANCE, smallest
from webapp.contacts.rules import State
from webapp.core.db import db, run
from webapp.core.dialect import kept_apart, read_first

AT_MOST = 10_000
MANY = GLANCE // 10  # of a glance: then a walk meets as many as are counted
LOOKS = (20_000, 100_000)  # contacts looked at before a count is given up


class Count(NamedTuple):
    """A number of contacts; with `more` it is at least that many."""

    number: int
    more: bool = False

    @property
    def said(self) -> str:
        """How it is written; empty where nothing is known."""
        if not self.more:
            return f"{self.number:,}"
        unit = 10 ** (len(str(self.number)) - 1)
        return f"{self.number // unit * unit:,}+" if self.number else ""


def count(asked: Asked) -> Count:
    """Count the contacts that are asked for."""
    return _counts(asked, ())[0]


def count_states(asked: Asked) -> tuple[Count, dict[State, Count]]:
    """Count the contacts that are asked for, and among them those of each state."""
    if not asked.narrow:
        return count(asked), {state: count(asked.in_state(state)) for state in State}
    total, *each = _counts(asked, list(State))
    return total, dict(zip(State, each, strict=True))


def _counts(asked: Asked, states: Sequence[State]) -> list[Count]:
    """Count all who are asked for, and of these those of each of some states."""
    if not asked.narrow:
        return [_counted_by_index(asked)]
    for most in LOOKS:
        looked, *met = _looked_at(asked, states, most)
        if looked <= most or met[0] > AT_MOST:
            break
    if looked > most or met[0] > AT_MOST:
        return [Count(min(number, AT_MOST), more=True) for number in met]
    return [Count(number) for number in met]


def capped(found: int) -> Count:
    """Give a number that was counted up to one more than AT_MOST."""
    return Count(min(found, AT_MOST), found > AT_MOST)


def _counted_by_index(asked: Asked) -> Count:
    ids = select(CONTACTS.c.id).where(*asked.holds()).limit(AT_MOST + 1)
    return capped(run(select(func.count()).select_from(ids.subquery())).scalar_one())


def _looked_at(asked: Asked, states: Sequence[State], most: int) -> list[int]:
    """Look at `most` contacts and at one more, where there are so many.

    Gives how many those are, how many of them are asked for, and of these those of each state.
    """
    looked, rows, of = _candidates(asked, most + 1) if _by_candidates(asked) else _newest(most + 1)
    state = of.c[f"{asked.filters.channel}_state"]
    met = select(state).select_from(rows).where(*asked.holds(of, looked)).limit(AT_MOST + 1)
    within = met.subquery("met")
    of_states = (
        func.count().filter(has_state(asked.filters.channel, each, within)) for each in states
    )
    how_many = select(func.count()).select_from(looked).scalar_subquery()
    return list(run(select(how_many, func.count(), *of_states).select_from(within)).one())


def _by_candidates(asked: Asked) -> bool:
    """Tell whether a set that an index knows is the better place to look."""
    if any(each.ordered for each in asked.candidates):
        return True
    if not asked.candidates:
        return False
    _, rows, of = _newest(GLANCE)
    glance = select(func.count()).select_from(rows).where(*asked.holds(of))
    return bool(run(glance).scalar_one() < MANY)


# What is looked at: the ids, the rows to look at, and what has their columns.
Looks = tuple[FromClause, FromClause, FromClause]


def _candidates(asked: Asked, most: int) -> Looks:
    hits = kept_apart(db.session(), smallest(asked.candidates).ids.limit(most), "hits")
    return hits, read_first(hits, CONTACTS, CONTACTS.c.id == hits.c.id), CONTACTS


def _newest(most: int) -> Looks:
    newest = select(CONTACTS).order_by(CONTACTS.c.id.desc()).limit(most).subquery("walked")
    return newest, newest, newest
