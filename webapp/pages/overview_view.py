"""What the overview's templates show: where each number leads, and what the chart is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request, url_for

from webapp.contacts.filters import Filters
from webapp.contacts.rules import Channel, Source, State
from webapp.core import clock
from webapp.core.days import Days
from webapp.core.zones import reader_zone, short_day
from webapp.outbox.dispatch import Asked, Tab
from webapp.overview.opt_outs import OptOuts

RANGES = (7, 30, 90)
USUAL_RANGE = 30
USUAL_CHANNEL = Channel.WHATSAPP


@dataclass(frozen=True)
class Asking:
    """Who looks, and at which opt-outs: the zone and its day, `days` back, on a channel."""

    zone: ZoneInfo
    today: date
    days: int
    channel: Channel

    def words(self, **other: object) -> dict[str, str]:
        """Give this, or something other, as an address has it; what is usual is left out."""
        asked = {"days": self.days, "channel": self.channel, **other}
        usual = {"days": USUAL_RANGE, "channel": USUAL_CHANNEL}
        return {name: str(value) for name, value in asked.items() if value != usual[name]}


def asked_for() -> Asking:
    """Read the address; what is not offered asks for the usual."""
    zone, days, channel = reader_zone(), request.args.get("days"), request.args.get("channel")
    return Asking(
        zone,
        clock.now().astimezone(zone).date(),
        next((each for each in RANGES if str(each) == days), USUAL_RANGE),
        next((each for each in Channel if each == channel), USUAL_CHANNEL),
    )


def audience_url(channel: Channel, state: State) -> str:
    """Give the list of a channel's contacts in a state."""
    return _with("audience.show", Filters(channel=channel, state=state))


def exclusions_url(channel: Channel) -> str:
    """Give a channel's exclusion list."""
    return _with("exclusions.show", Filters(channel=channel))


class OptOutLinks:
    """Where the numbers of opt-outs lead: built from one address, since there are hundreds."""

    def __init__(self, found: OptOuts) -> None:
        self._list = exclusions_url(found.channel)
        self._ends = found.days[0], found.days[-1]

    def on(self, day: date, source: Source | None = None) -> str:
        """Give the exclusion list of a day, of a source alone."""
        return self._of(day, day, source)

    def by(self, source: Source | None = None) -> str:
        """Give the exclusion list of all the days, of a source alone."""
        return self._of(*self._ends, source)

    def _of(self, first: date, last: date, source: Source | None) -> str:
        return f"{self._list}{f'&source={source}' if source else ''}&from={first}&to={last}"


def history_url(days: Days, **asked: object) -> str:
    """Give the dispatcher's history of some days, narrowed by the names of its filters."""
    return url_for("dispatcher.show", **Asked(Tab.HISTORY, days=days, **asked).words())  # type: ignore[arg-type]


def say_day(day: date) -> str:
    """Say a date where no element may stand."""
    return short_day(day)


def chart_of(found: OptOuts) -> dict[str, object]:
    """Give what the chart draws: a stack a day, a series a source, and where each leads."""
    return {
        "days": [day.isoformat() for day in found.days],
        "labels": [short_day(day, year=False) for day in found.days],
        "series": [
            {
                "source": source,
                "label": source.label,
                "values": [found.of(day, source) for day in found.days],
            }
            for source in found.sources
        ],
        "list": exclusions_url(found.channel),
    }


def described(found: OptOuts) -> str:
    """Say in words what the chart shows."""
    most = max(found.days, key=found.on)
    by = ", ".join(f"{source.label} {found.by(source):,}" for source in found.sources)
    return (
        f"Opt-outs from {found.channel.label} by day, "
        f"{short_day(found.days[0])} to {short_day(found.days[-1])}: {found.total:,} in all, "
        f"the most on {short_day(most)} ({found.on(most):,}). By source: {by}."
    )


def _with(endpoint: str, filters: Filters) -> str:
    return f"{url_for(endpoint)}?{urlencode(filters.params())}"
