"""Keeping numbers that take long to count, and letting one asker at a time count them again.

Who counts is settled by a row, not by a lock held meanwhile: on SQLite that lock would be the only
one for writing, and no opt-out may wait until somebody's overview is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.dialect import insert_or_ignore
from webapp.figures.models import KeptFigure

# A count that reads no more rows than this takes milliseconds: then every asker counts.
SMALL = 10_000
# Between two counts of more than that, while things change.
REST = timedelta(seconds=30)
# Rows may also change without a word (a restored backup, demo data): then look this often.
UNTOLD = timedelta(minutes=5)
# After this long without its end, a count's process must have died.
LOST = timedelta(seconds=60)
KEPT = timedelta(days=7)
COUNTING = " (counting)"


@dataclass(frozen=True)
class Counted:
    """What a count gave: `value` (JSON), and how many rows it had to read."""

    value: Any
    rows: int


@dataclass(frozen=True)
class Figure:
    """A number or more of `counted_at`; `exact` where nothing can have changed since then."""

    value: Any
    rows: int
    counted_at: datetime
    exact: bool

    @property
    def small(self) -> bool:
        """True where counting again costs next to nothing."""
        return self.rows <= SMALL


def at_once(
    name: str, number: str, count: Callable[[], Counted], *, about: str = ""
) -> Figure | None:
    """Give a figure without waiting: counted now where that is quick, else as it was kept.

    None where it was never counted, or is `about` something else (the reader's day). `number` is
    the change number of now, a word; `count` reads, and writes nothing.
    """
    found = _kept(name, number, about)
    return _now(count()) if found and found.small else found


def up_to_date(
    name: str, number: Callable[[], str], count: Callable[[], Counted], *, about: str = ""
) -> Figure | None:
    """Give a figure, counted again if it has moved and has rested; None while it is first counted.

    Where others count at this moment it is given as it was kept. Ends the open transaction and
    commits its own: the caller may have read, and must not have written.
    """
    found = _kept(name, number(), about)
    if found and found.small:
        live = _now(count())
        if live.small:
            return live
    elif found and _still_good(found):
        return found
    return _count_alone(name, number, count, about) or found


def forget_old() -> None:
    """Remove what nobody has asked for lately (a time zone's figures), in the open transaction."""
    db.session.execute(delete(KeptFigure).where(KeptFigure.counted_at < clock.now() - KEPT))


def _now(counted: Counted) -> Figure:
    return Figure(counted.value, counted.rows, clock.now(), exact=True)


def _still_good(figure: Figure) -> bool:
    return figure.counted_at > clock.now() - (UNTOLD if figure.exact else REST)


def _kept(name: str, number: str, about: str) -> Figure | None:
    row = db.session.execute(
        select(KeptFigure.value, KeptFigure.change_number, KeptFigure.counted_at).where(
            KeptFigure.name == name
        )
    ).one_or_none()
    if row is None or row.value["about"] != about:
        return None
    exact = row.change_number == number
    return Figure(row.value["value"], row.value["rows"], row.counted_at, exact)


def _count_alone(
    name: str, number: Callable[[], str], count: Callable[[], Counted], about: str
) -> Figure | None:
    """Count and keep a figure, unless somebody else does at this moment; then give None."""
    # SQLite lets nobody write upon an old view of the data, so what was read ends here.
    db.session.rollback()
    if not transaction(lambda: _take(name)):
        return None
    try:
        # In this order: what changes while the rows are read makes the number differ.
        moment, at = clock.now(), number()
        counted = count()
        db.session.rollback()
        kept = {"about": about, "rows": counted.rows, "value": counted.value}
        transaction(lambda: _keep(name, kept, at, moment))
    finally:
        db.session.rollback()
        transaction(lambda: _let_go(name))
    return Figure(counted.value, counted.rows, moment, exact=True)


def _take(name: str) -> bool:
    """Say in the open transaction that we count; gives False where somebody does already."""
    now = clock.now()
    lost = (KeptFigure.name == name + COUNTING) & (KeptFigure.counted_at < now - LOST)
    taken = update(KeptFigure).where(lost).values(counted_at=now).returning(KeptFigure.name)
    if db.session.execute(taken).all():
        return True
    return insert_or_ignore(db.session(), KeptFigure, [_row(name + COUNTING, {}, "", now)]) == 1


def _keep(name: str, value: dict[str, Any], number: str, moment: datetime) -> None:
    row = _row(name, value, number, moment)
    kept = update(KeptFigure).where(KeptFigure.name == name).values(row).returning(KeptFigure.name)
    if not db.session.execute(kept).all():
        insert_or_ignore(db.session(), KeptFigure, [row])


def _let_go(name: str) -> None:
    db.session.execute(delete(KeptFigure).where(KeptFigure.name == name + COUNTING))


def _row(name: str, value: dict[str, Any], number: str, moment: datetime) -> dict[str, Any]:
    return {"name": name, "value": value, "change_number": number, "counted_at": moment}
