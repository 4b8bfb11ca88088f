"""Between trees and the list's filters: what either can say of the other; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from webapp.contacts.attributes import YES, Kind
from webapp.contacts.consent_filters import ConsentFilter, Standing
from webapp.contacts.filters import AttributeFilter, Filters
from webapp.contacts.rules import Channel, Source
from webapp.contacts.tree import Condition, Group, How, Node, What
from webapp.core.days import EVER, Days, parse_days
from webapp.core.errors import Invalid

DAY = timedelta(days=1)
NOT_SAID = "These filters cannot be opened as a segment to build."
FIRST, LAST = date.min.isoformat(), date.max.isoformat()


def filters_of(asked: Condition, today: date) -> tuple[Filters, ...]:
    """Give filters of which one holds exactly where the condition does; none where they cannot say.

    `today` is the reader's. The comparisons with an opposite are not among them: whoever asks
    turns the answer round.
    """
    what, values = asked.what, asked.values
    if what is What.ATTRIBUTE:
        return _of_attribute(asked, today)
    if what is What.TAG and asked.how is How.HAS:
        return (Filters(tags=values),)
    if what is What.SEARCH:
        return (Filters(search=" ".join(values[0].split())),)
    if what is What.CONTACT:
        return (Filters(ids=tuple(map(int, values))),)
    if what is What.CHANGED and asked.how in (How.LAST, How.BETWEEN):
        return (Filters(Channel(asked.of), days=days_of(asked)),)
    if asked.how not in (How.IS, How.ONE_OF):
        return ()
    if what is What.CONSENT:
        channel = Channel(asked.of)
        stands = (ConsentFilter(channel, Standing(value)) for value in values)
        return tuple(Filters(consents=(each,)) for each in stands)
    if what is What.SOURCE:
        return tuple(Filters(Channel(asked.of), source=Source(value)) for value in values)
    return ()


def days_of(asked: Condition) -> Days:
    """Give the days that a condition asks for: the last so many, or from one to another."""
    if asked.how is How.LAST:
        return Days(recent=int(asked.values[0]))
    return parse_days(*asked.values)


def tree_of(filters: Filters, kinds: Mapping[str, Kind]) -> Group:
    """Give filters as a tree for the same contacts; `kinds` are those of the attributes by name.

    Raises Invalid where it could not say all of them.
    """
    channel, parts = filters.channel.value, list[Node]()
    rest = Filters(channel=filters.channel)
    if filters.search:
        parts.append(Condition(What.SEARCH, How.CONTAINS, values=(filters.search,)))
    if filters.state:
        parts.append(Condition(What.CONSENT, How.IS, channel, (filters.state.value,)))
    for each in filters.consents:
        parts.append(Condition(What.CONSENT, How.IS, each.channel.value, (each.standing.value,)))
    tags = tuple(Condition(What.TAG, How.HAS, values=(tag,)) for tag in filters.tags)
    parts += [Group(tags, any=True)] if filters.any_tag else tags
    for attribute in filters.attributes:
        parts += _attribute_parts(attribute, kinds.get(attribute.name, Kind.TEXT))
    if filters.source:
        parts.append(Condition(What.SOURCE, How.IS, channel, (filters.source.value,)))
    if filters.days:
        parts.append(_days_part(filters.days, channel))
    if filters.ids:
        parts.append(Condition(What.CONTACT, How.ONE_OF, values=tuple(map(str, filters.ids))))
    if filters.segment:
        parts.append(Condition(What.SEGMENT, How.IS, values=(str(filters.segment),)))
    if _without_said(filters) != rest:
        raise Invalid(NOT_SAID)  # a filter that came later: it must not be lost
    return Group(tuple(parts))


def _of_attribute(asked: Condition, today: date) -> tuple[Filters, ...]:
    how, values, name = asked.how, asked.values, asked.of
    made: AttributeFilter | None = None
    if how in (How.IS, How.ONE_OF):
        made = AttributeFilter(name, values)
    elif how is How.YES:
        made = AttributeFilter(name, ("yes",))
    elif how is How.AT_LEAST:
        made = AttributeFilter(name, least=values[0])
    elif how is How.AT_MOST:
        made = AttributeFilter(name, most=values[0])
    elif how is How.BETWEEN:
        made = AttributeFilter(name, (), *values)
    elif how in (How.BEFORE, How.AFTER, How.LAST, How.NEXT):
        made = AttributeFilter(name, (), *_dates(how, values[0], today))
    return (Filters(attributes=(made,)),) if made else ()


def _dates(how: How, value: str, today: date) -> tuple[str, str]:
    """Give the first and the last date, both inclusive; of the last and next days today is one."""
    if how is How.BEFORE:
        day = date.fromisoformat(value)
        return "", (day - DAY).isoformat() if day > date.min else FIRST
    if how is How.AFTER:
        day = date.fromisoformat(value)
        return (day + DAY).isoformat() if day < date.max else LAST, ""
    far = timedelta(days=int(value) - 1)
    first, last = (today - far, today) if how is How.LAST else (today, today + far)
    return first.isoformat(), last.isoformat()


def _attribute_parts(asked: AttributeFilter, kind: Kind) -> Iterator[Node]:
    name, values = asked.name, asked.values
    if kind is Kind.BOOLEAN:
        said = (How.YES if value.casefold() in YES else How.NO for value in values)
        either = tuple(Condition(What.ATTRIBUTE, how, name) for how in dict.fromkeys(said))
        yield from either if len(either) == 1 else [Group(either, any=True)] if either else ()
    elif values:
        how = How.ONE_OF if len(values) > 1 else How.IS
        yield Condition(What.ATTRIBUTE, how, name, values)
    if asked.least or asked.most:
        if not kind.ranged:
            raise Invalid(NOT_SAID)  # its kind has changed since: the range must not be lost
        yield Condition(What.ATTRIBUTE, How.BETWEEN, name, (asked.least, asked.most))


def _days_part(days: Days, channel: str) -> Condition:
    if days.recent:
        return Condition(What.CHANGED, How.LAST, channel, (str(days.recent),))
    ends = tuple(day.isoformat() if day else "" for day in (days.first, days.last))
    return Condition(What.CHANGED, How.BETWEEN, channel, ends)


def _without_said(filters: Filters) -> Filters:
    return replace(
        filters.essence,
        search="",
        state=None,
        tags=(),
        any_tag=False,
        attributes=(),
        source=None,
        days=EVER,
        ids=(),
        consents=(),
        segment=0,
    )
