"""Moments as `<time>` elements: brief in the reader's zone, exact on hover."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from webapp.core import clock
from webapp.core.zones import as_utc, in_brief, in_full, reader_zone, short_day


class Times:
    """Says moments in one zone, seen from one moment; made once for a page that says many."""

    __slots__ = ("_zone_name", "now", "today", "zone")

    def __init__(self, zone: ZoneInfo, now: datetime) -> None:
        self.zone, self.now = zone, now
        self.today = now.astimezone(zone).date()
        self._zone_name = zone.key

    @classmethod
    def of_reader(cls) -> Times:
        """Give that of whoever asks, now."""
        return cls(reader_zone(), clock.now())

    def moment(self, value: datetime, *, within: bool = False) -> Markup:
        """Say a moment as briefly as its distance allows; `within` a sentence without a capital."""
        local = value.astimezone(self.zone)
        said = in_brief(self.now - value, local, self.today)
        return self._element(value, local, said[0].lower() + said[1:] if within else said)

    def day(self, value: datetime) -> Markup:
        """Say the date of a moment."""
        local = value.astimezone(self.zone)
        return self._element(value, local, short_day(local))

    def _element(self, value: datetime, local: datetime, said: str) -> Markup:
        # All of it is written here, of digits, months and a zone's name: nothing to escape. Made
        # past Markup's own constructor, which would take as long as all the rest.
        at, title = as_utc(value), in_full(local, self._zone_name)
        return str.__new__(Markup, f'<time datetime="{at}" title="{title}">{said}</time>')


def day_element(day: date) -> Markup:
    """Say a date that is no moment."""
    return Markup('<time datetime="%s">%s</time>') % (day.isoformat(), short_day(day))
