"""What the fields of the segment builder offer: what a condition may look at, and which values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from webapp.contacts.attributes import Definition
from webapp.contacts.consent_filters import Standing
from webapp.contacts.rules import Channel, Source
from webapp.contacts.tags import tag_names
from webapp.contacts.tree import What
from webapp.pages.countries import countries
from webapp.segments import queries

Choices = Sequence[tuple[str, str]]

CONTACT = (
    (What.TAG, "Tag"),
    (What.NAME, "Name"),
    (What.PHONE, "Phone"),
    (What.COUNTRY, "Phone’s country"),
    (What.EMAIL, "Email"),
    (What.CREATED, "Created"),
    (What.SEARCH, "Name, phone or email"),
    (What.SEGMENT, "Another segment"),
)
OF_CHANNEL = (
    (What.CONSENT, "{} consent"),
    (What.CHANGED, "{} last change"),
    (What.SOURCE, "{} source of the last change"),
)
SOURCES = [(source.value, source.label) for source in Source if source is not Source.CORRECTION]
STANDINGS = [(standing.value, standing.label) for standing in Standing]


@dataclass(frozen=True)
class Offered:
    """What the fields of a builder offer; `own` is the id of the segment that is built."""

    known: Mapping[str, Definition]
    own: int = 0

    @cached_property
    def whats(self) -> list[tuple[str, Choices]]:
        """What a condition may look at, in groups."""
        attributes = [(f"attribute:{d.name}", d.label) for d in self.known.values()]
        found: list[tuple[str, Choices]] = [("Contact", [(w.value, said) for w, said in CONTACT])]
        found += [("Attributes", attributes)] if attributes else []
        for channel in Channel:
            here = [(f"{w.value}:{channel}", said.format(channel.label)) for w, said in OF_CHANNEL]
            found.append((channel.label, here))
        return found

    @cached_property
    def tags(self) -> list[str]:
        """Names of tags to choose from while typing."""
        return tag_names(200)

    @cached_property
    def segments(self) -> Choices:
        """The other segments."""
        return [
            (number, name) for number, name in queries.names().items() if number != str(self.own)
        ]

    @cached_property
    def countries(self) -> Choices:
        """The beginnings of phone numbers, by country."""
        return [("+" + label.rsplit("+", 1)[1].rstrip(")"), label) for _, label in countries()]


def by_name(known: Sequence[Definition]) -> dict[str, Definition]:
    """Give the attribute definitions by their names in data."""
    return {definition.name: definition for definition in known}
