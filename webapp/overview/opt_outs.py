"""Who is on the exclusion lists since when and by what: opt-outs by the day they took effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Integer,
    SQLColumnExpression,
    case,
    func,
    literal_column,
    select,
    text,
    union_all,
)

from webapp.consent.exclusions import OPTED_OUT, nobody
from webapp.consent.models import ConsentState
from webapp.contacts.rules import Channel, Source
from webapp.core.days import Days
from webapp.core.db import db
from webapp.figures.service import Counted

LONGEST = 90  # days
DAY = timedelta(days=1)


@dataclass(frozen=True)
class OptOuts:
    """A channel's opt-outs of some days, by day and source; without those, there were none."""

    channel: Channel
    days: list[date]
    counts: dict[tuple[date, Source], int]
    totals: dict[Channel, int]

    @cached_property
    def sources(self) -> list[Source]:
        """The sources that occur."""
        seen = {source for _, source in self.counts}
        return [source for source in Source if source in seen]

    def of(self, day: date, source: Source) -> int:
        """How many opted out on a day by a source."""
        return self.counts.get((day, source), 0)

    def on(self, day: date) -> int:
        """How many opted out on a day."""
        return sum(self.of(day, source) for source in self.sources)

    def by(self, source: Source) -> int:
        """How many opted out by a source."""
        return sum(self.of(day, source) for day in self.days)

    @property
    def total(self) -> int:
        """How many opted out of the channel."""
        return self.totals[self.channel]


def count_opt_outs(today: date, zone: ZoneInfo) -> Counted:
    """Count all exclusion lists by channel, source and the day in `zone`, the last 90 days.

    The same rows, between the same moments, as the exclusion list shows for each of these days.
    """
    days = [today - nth * DAY for nth in reversed(range(LONGEST))]
    starts = [_start(day, zone) for day in days]
    end = _start(today + DAY, zone)
    nth_day = _place(ConsentState.since, starts, 0, len(starts)).label("nth")
    place = (ConsentState.channel, ConsentState.source, nth_day)
    among = (
        ConsentState.state == OPTED_OUT,
        ConsentState.channel.in_(list(Channel)),
        ConsentState.since >= starts[0],
        ConsentState.since < end,
    )
    listed = select(*place).where(*among).group_by(*place[:2], text("nth"))
    found: Counter[tuple[str, str, int]] = Counter()
    both = union_all(
        listed.add_columns(func.count()), listed.add_columns(-func.count()).where(nobody())
    )
    for channel, source, nth, count in db.session.execute(both):
        found[str(channel), str(source), nth] += count
    lines = [(*where, count) for where, count in found.items() if count]
    value = {"today": today.isoformat(), "lines": lines}
    return Counted(value, sum(count for *_, count in lines))


def read_opt_outs(value: Any, channel: Channel, days: int) -> OptOuts:
    """Read from what `count_opt_outs` gave the last `days` days of a channel."""
    today = date.fromisoformat(value["today"])
    wanted = [today - nth * DAY for nth in reversed(range(days))]
    counts: dict[tuple[date, Source], int] = {}
    totals = dict.fromkeys(Channel, 0)
    for name, source, nth, count in value["lines"]:
        day = today - (LONGEST - 1 - nth) * DAY
        if day >= wanted[0]:
            totals[Channel(name)] += count
            if name == channel:
                counts[day, Source(source)] = count
    return OptOuts(channel, wanted, counts, totals)


def _start(day: date, zone: ZoneInfo) -> datetime:
    start, _ = Days(first=day).moments(zone)
    assert start is not None
    return start


def _place(
    moment: SQLColumnExpression[Any], starts: Sequence[datetime], low: int, high: int
) -> ColumnElement[int]:
    """Give which stretch a moment lies in, asked as a search by halves: seven questions a row."""
    if high - low == 1:
        return literal_column(str(low), Integer())
    middle = (low + high) // 2
    earlier = _place(moment, starts, low, middle)
    return case((moment < starts[middle], earlier), else_=_place(moment, starts, middle, high))
