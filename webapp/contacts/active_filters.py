"""The filters in use, in words, each with what remains without it; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from webapp.contacts.filters import AttributeFilter, Filters
from webapp.core.days import EVER, Days


@dataclass(frozen=True)
class Active:
    """An active filter: what it asks, in words, and the filters without it."""

    label: str
    without: Filters


def active_filters(
    filters: Filters,
    labels: Mapping[str, str],
    changed: str = "Changed",
    *,
    channel_said: bool = False,
    segment: str = "",
) -> Iterator[Active]:
    """Give each active filter with the filters that remain without it.

    `labels` are the attributes' labels by name, `changed` the word for what the days are of. With
    `channel_said` each names the channel that it is of, where a list shows more than one. `segment`
    is the name of the segment that is asked for.
    """
    of = f"{filters.channel.label}: " if channel_said else ""
    yield from _of_words(filters)
    yield from _of_state(filters, of)
    yield from _of_tags(filters)
    yield from _of_attributes(filters, labels)
    yield from _of_change(filters, of, changed)
    yield from _of_choice(filters, segment)


def _of_words(filters: Filters) -> Iterator[Active]:
    if filters.search:
        yield Active(f"“{filters.search}”", replace(filters, search=""))


def _of_state(filters: Filters, of: str) -> Iterator[Active]:
    if filters.state:
        yield Active(f"{of}{filters.state.label}", replace(filters, state=None))
    for asked in filters.consents:
        rest = tuple(other for other in filters.consents if other != asked)
        yield Active(asked.label, replace(filters, consents=rest))


def _of_tags(filters: Filters) -> Iterator[Active]:
    for place, tag in enumerate(filters.tags):
        left = tuple(other for other in filters.tags if other != tag)
        any_tag = filters.any_tag and len(left) > 1
        word = "or" if filters.any_tag and place else "Tag"
        yield Active(f"{word}: {tag}", replace(filters, tags=left, any_tag=any_tag))


def _of_attributes(filters: Filters, labels: Mapping[str, str]) -> Iterator[Active]:
    for asked in filters.attributes:
        others = tuple(other for other in filters.attributes if other != asked)
        label = f"{labels.get(asked.name, asked.name)}: {_said(asked)}"
        yield Active(label, replace(filters, attributes=others))


def _of_change(filters: Filters, of: str, changed: str) -> Iterator[Active]:
    if filters.source:
        yield Active(f"{of}Source: {filters.source.label}", replace(filters, source=None))
    if filters.days:
        yield Active(f"{of}{changed} {days_in_words(filters.days)}", replace(filters, days=EVER))


def _of_choice(filters: Filters, segment: str) -> Iterator[Active]:
    if filters.ids:
        said = f"{len(filters.ids)} chosen" if len(filters.ids) > 1 else "1 chosen"
        yield Active(said, replace(filters, ids=()))
    if filters.segment:
        name = segment or f"number {filters.segment}"
        yield Active(f"Segment: {name}", replace(filters, segment=0))


def _said(asked: AttributeFilter) -> str:
    parts = (" or ".join(asked.values), range_in_words(asked.least, asked.most))
    return ", ".join(part for part in parts if part)


def days_in_words(days: Days) -> str:
    """Say days: “in the last 30 days”, “from 1 Jan 2026”."""
    if days.recent:
        return "today" if days.recent == 1 else f"in the last {days.recent} days"
    return range_in_words(_day(days.first), _day(days.last))


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else ""


def range_in_words(first: str, last: str) -> str:
    """Say a range of which either end may be open, which is empty then."""
    if first and last:
        return f"{first} to {last}" if first != last else first
    if first:
        return f"from {first}"
    return f"up to {last}" if last else ""
