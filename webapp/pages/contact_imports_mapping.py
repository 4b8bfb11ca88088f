"""What the form shows in which somebody says what the columns of a list of contacts hold."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from webapp.consent.forms import HOW
from webapp.core.words import listed
from webapp.core.zones import reader_zone
from webapp.imports.contact_cells import guess_kind
from webapp.imports.contact_fields import (
    ATTRIBUTE,
    CONSENT,
    CONSENT_ALL,
    CONSENT_NO,
    COUNTRY,
    EMAIL,
    EVIDENCE_FIELDS,
    FIRST_NAME,
    IGNORE,
    LAST_NAME,
    NAME,
    PHONE,
    TAGS,
    WHATSAPP,
)
from webapp.imports.contact_reading import ContactReading, cells
from webapp.pages.contact_imports_forms import SEPARATORS, kinds_of_new

PERSON = (
    (NAME, "Name"),
    (FIRST_NAME, "First name"),
    (LAST_NAME, "Last name"),
    (PHONE, "Phone"),
    (WHATSAPP, "WhatsApp number"),
    (EMAIL, "Email"),
    (COUNTRY, "Country of the number"),
    (TAGS, "Tags"),
)
EVIDENCE_WORDS = ("Consent: how", "Consent: when", "Consent: where", "Consent: the wording")
Choices = list[tuple[str, list[tuple[str, str]]]]

ALL_CHANNELS = (
    (CONSENT_NO, "All channels: who said no"),
    (CONSENT_ALL, "All channels: agreed or said no"),
)


class Column(NamedTuple):
    """A column of the list: its place, title and first cells, and what it would be if it is new."""

    place: int
    title: str
    samples: list[str]
    kind: str


def columns(reading: ContactReading) -> list[Column]:
    """Give the list's columns as they are shown beside the choice of what they hold."""
    found = []
    for place in range(len(reading.columns or ())):
        samples = [text for row in reading.samples for text in cells(row, [place]) if text]
        kind = dict(kinds_of_new())[f"new.{guess_kind(samples)}"]
        found.append(Column(place, reading.title_of(place), samples, kind))
    return found


def choices(reading: ContactReading) -> Choices:
    """Give what a column may hold, in groups."""
    channels = [
        (field, f"{channel.label}: agreed or said no") for field, channel in CONSENT.items()
    ]
    said = list(zip(EVIDENCE_FIELDS, EVIDENCE_WORDS, strict=True))
    known = [(f"{ATTRIBUTE}{name}", label) for name, label in reading.known]
    new = [(value, f"New attribute: {word}") for value, word in kinds_of_new()]
    return [
        ("", [(IGNORE, "– leave out –")]),
        ("Contact", list(PERSON)),
        ("Attributes", [*known, *new]),
        ("Consent", [*channels, *ALL_CHANNELS]),
        ("Evidence of the consent", said),
    ]


def ways() -> list[tuple[str, str]]:
    """Give how people can agree, for a choice."""
    return [("", "Choose…"), *((how, how) for how in HOW)]


def local_when(reading: ContactReading) -> str:
    """Give when the record for the whole file was given, as its field shows it."""
    if not reading.when:
        return ""
    moment = datetime.fromisoformat(reading.when).astimezone(reader_zone())
    return f"{moment:%Y-%m-%dT%H:%M}"


def separators() -> list[tuple[str, str]]:
    """Give what may stand between the tags of a cell, for a choice."""
    return list(SEPARATORS)


def ignored(reading: ContactReading) -> str:
    """Name the columns that are left out."""
    return listed([f"“{title}”" for title in reading.ignored()])
