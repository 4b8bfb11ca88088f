"""What a segment stands for: the audience's filters, in words and compared; pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from webapp.contacts.active_filters import active_filters
from webapp.contacts.filters import Filters
from webapp.contacts.rules import Channel
from webapp.core.errors import Invalid

LONGEST_NAME = 80


def same(one: Filters, other: Filters) -> bool:
    """Tell whether two filters give the same people, whatever their order and, if it is all one
    to them, their channel.
    """
    return _anywhere(one) == _anywhere(other)


def words_of(filters: Filters, labels: Mapping[str, str]) -> list[str]:
    """Say each of the filters in words, the channel first where it matters.

    `labels` are the attributes' labels by name.
    """
    found = [active.label for active in active_filters(filters, labels)]
    return [filters.channel.label, *found] if filters.by_channel else found


def suggested_name(words: Sequence[str]) -> str:
    """Give a name made of what the filters say."""
    name = ", ".join(words)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip(' ,')}…"


def missing(filters: Filters, known: Collection[str]) -> list[str]:
    """Give the attributes that the filters name and nobody has any more."""
    return [asked.name for asked in filters.attributes if asked.name not in known]


def without(filters: Filters, names: Collection[str]) -> Filters:
    """Give the filters without what they ask of these attributes."""
    kept = tuple(asked for asked in filters.attributes if asked.name not in names)
    return replace(filters, attributes=kept)


def clean_name(text: str) -> str:
    """Give a segment's name as it is kept. Raises Invalid."""
    name = " ".join(text.replace("\x00", "").split())
    if not name:
        raise Invalid("Give the segment a name.", field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"A name has at most {LONGEST_NAME} characters.", field="name")
    return name


def fold(name: str) -> str:
    """Give what names are compared by: two that differ by case alone are one."""
    return name.casefold()[:LONGEST_NAME]


def _anywhere(filters: Filters) -> Filters:
    essence = filters.essence
    essence = replace(essence, tags=tuple(sorted(essence.tags)))
    return essence if essence.by_channel else replace(essence, channel=Channel.WHATSAPP)
