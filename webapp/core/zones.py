"""The reader's time zone: reading dates in it, and saying moments in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import has_request_context, request
from flask_login import current_user

COOKIE = "tz"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# Two digits looked up take a third of the time of two digits formatted, and lists show many times.
TWO = tuple(f"{number:02}" for number in range(60))
NEAR = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def zone_named(name: str | None) -> ZoneInfo | None:
    """Give the zone with this IANA name, or None where there is none of that name."""
    try:
        return ZoneInfo(name) if name else None
    except (OSError, ValueError, LookupError):
        return None


def reader_zone() -> ZoneInfo:
    """Give the zone in which whoever asks reads times.

    The user's own setting, else the browser's zone (cookie `tz`), else UTC.
    """
    if not has_request_context():
        return ZoneInfo("UTC")
    chosen = getattr(current_user, "time_zone", None)
    return zone_named(chosen) or zone_named(request.cookies.get(COOKIE)) or ZoneInfo("UTC")


def local_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read what a `datetime-local` input sent (`2026-11-22T09:30`) in `zone`, as UTC.

    Empty text is None. Raises ValueError for anything else. An hour that the clocks skip counts
    as the one after it; one that comes twice counts as its first.
    """
    if not text.strip():
        return None
    read = datetime.fromisoformat(text.strip())
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def exact(moment: datetime, zone: ZoneInfo) -> str:
    """Say a moment in full, like `22 November 2026, 14:32:05 (Europe/Berlin)`."""
    return in_full(moment.astimezone(zone), zone.key)


def in_full(local: datetime, zone_name: str) -> str:
    """Say a moment that is in the zone already, as `exact` does."""
    return (
        f"{local.day} {MONTHS[local.month - 1]} {local.year}, "
        f"{TWO[local.hour]}:{TWO[local.minute]}:{TWO[local.second]} ({zone_name})"
    )


def as_utc(moment: datetime) -> str:
    """Write a moment as `2026-11-22T13:32:05Z`."""
    at = moment.astimezone(UTC)
    day = f"{at.year}-{TWO[at.month]}-{TWO[at.day]}"
    return f"{day}T{TWO[at.hour]}:{TWO[at.minute]}:{TWO[at.second]}Z"


def short_day(day: date, *, year: bool = True) -> str:
    """Say a date, like `22 Nov 2026`, or without the year."""
    said = f"{day.day} {MONTHS[day.month - 1][:3]}"
    return f"{said} {day.year}" if year else said


def spoken(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Say a moment as briefly as its distance from `now` allows: `5 min ago`, `Tomorrow 09:00`."""
    return in_brief(now - moment, moment.astimezone(zone), now.astimezone(zone).date())


def in_brief(distance: timedelta, local: datetime, today: date) -> str:
    """Say a moment that lies `distance` before now, as `spoken` does; `local` is in the zone."""
    if -HOUR < distance < HOUR:
        return _close(distance)
    day = local.date()
    named = NEAR.get(day.toordinal() - today.toordinal())
    if named:
        return f"{named} {TWO[local.hour]}:{TWO[local.minute]}"
    said = short_day(day, year=day.year != today.year)
    past = distance >= timedelta(0)
    return said if past else f"{said}, {TWO[local.hour]}:{TWO[local.minute]}"


def _close(distance: timedelta) -> str:
    """Say a distance of less than an hour; a positive one lies in the past."""
    minutes = abs(distance) // MINUTE
    if minutes == 0:
        return "just now" if distance >= timedelta(0) else "in a moment"
    return f"{minutes} min ago" if distance > timedelta(0) else f"in {minutes} min"
