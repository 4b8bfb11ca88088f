"""A row of a list of contacts as it was understood; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from webapp.contacts.attributes import Definition
from webapp.contacts.rules import Address, AddressKind, Channel, State
from webapp.imports.contact_cells import (
    read_attribute,
    read_email,
    read_given,
    read_name,
    read_phone,
    read_tags,
)
from webapp.imports.contact_fields import (
    CONSENT,
    CONSENT_ALL,
    COUNTRY,
    EMAIL,
    EVIDENCE,
    FIRST_NAME,
    LAST_NAME,
    NAME,
    PHONE,
    TAGS,
    WHATSAPP,
)
from webapp.imports.contact_reading import ContactReading, cells
from webapp.imports.lists import cell_of
from webapp.imports.regions import read_region
from webapp.imports.rules import Refused, clean
from webapp.imports.words import read_state

LONGEST_EVIDENCE = 2000
Evidence = tuple[str, datetime, str, str]  # how, when, where, wording


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A row as it was understood. `row` counts the rows of the file from 1.

    `asks` says what becomes of consent on a channel: an opt-in only where there is `evidence` of
    it. `unproven` are channels whose yes has none; they stay as they are. `second` is a further
    number, which is left out.
    """

    row: int
    name: str = ""
    phone: str | None = None
    email: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    asks: dict[Channel, State] = field(default_factory=dict)
    evidence: Evidence | None = None
    unproven: tuple[Channel, ...] = ()
    second: bool = False

    def addresses(self) -> list[Address]:
        """Give the addresses that the row names."""
        found = [Address(AddressKind.PHONE, self.phone)] if self.phone else []
        return [*found, Address(AddressKind.EMAIL, self.email)] if self.email else found

    def asked(self, state: State) -> tuple[Channel, ...]:
        """Give the channels for which a state is asked."""
        return tuple(channel for channel, asked in self.asks.items() if asked is state)


class Understanding:
    """Reads rows as a reading says, with the attributes that there are or will be."""

    def __init__(self, reading: ContactReading, definitions: Sequence[Definition]) -> None:
        self._reading = reading
        self._zone = ZoneInfo(reading.zone)
        self._day_first = reading.day_first is not False
        one = {name: next(iter(reading.places(name)), None) for name in _SINGLE}
        self._phone, self._whatsapp, self._email = one[PHONE], one[WHATSAPP], one[EMAIL]
        self._names = [one[part] for part in (NAME, FIRST_NAME, LAST_NAME)]
        self._country, self._tags = one[COUNTRY], reading.places(TAGS)
        self._attributes = list(_attributes(reading, definitions))
        self._consents = list(_consents(reading))
        self._evidence = [next(iter(reading.places(f"evidence.{n}")), None) for n in EVIDENCE]

    def understand(self, number: int, row: Sequence[str]) -> ContactRow:
        """Read a row of the list, `number` counted from 1. Raises Refused."""
        phone, second = self._numbers(row)
        email = read_email(cell_of(row, self._email))
        if phone is None and email is None:
            raise Refused("There is neither a phone number nor an email address in this row.")
        understood = ContactRow(
            number,
            read_name(*(cell_of(row, place) for place in self._names)),
            phone,
            email,
            self._values(row),
            self._labels(row),
            second=second,
        )
        return self._consent(understood, row) if self._consents else understood

    def _numbers(self, row: Sequence[str]) -> tuple[str | None, bool]:
        """Read the number that a contact has, and tell whether the row has another one."""
        found = []
        for cell in (cell_of(row, self._phone), cell_of(row, self._whatsapp)):
            if cell and not cell.isspace():
                found.append(read_phone(cell, self._region(row, cell)))
        numbers = list(dict.fromkeys(filter(None, found)))
        return (numbers[0] if numbers else None), len(numbers) > 1

    def _region(self, row: Sequence[str], cell: str) -> str | None:
        if self._country is None or clean(cell).startswith(("+", "00")):
            return self._reading.region
        return read_region(cell_of(row, self._country)) or self._reading.region

    def _values(self, row: Sequence[str]) -> dict[str, Any]:
        found = {}
        for place, definition in self._attributes:
            cell = cell_of(row, place)
            if cell:
                value = read_attribute(definition, cell, self._zone, day_first=self._day_first)
                if value is not None:
                    found[definition.name] = value
        return found

    def _labels(self, row: Sequence[str]) -> tuple[str, ...]:
        own = read_tags(cells(row, self._tags), self._reading.separator) if self._tags else ()
        return read_tags([*own, self._reading.tag], "\n") if self._reading.tag else own

    def _consent(self, row: ContactRow, found: Sequence[str]) -> ContactRow:
        said: dict[Channel, State] = {}
        for place, title, channels in self._consents:
            state = read_state(title, cell_of(found, place), bare=True)
            for channel in channels if state else ():
                if state is State.OPTED_OUT or channel not in said:
                    assert state is not None
                    said[channel] = state  # of two cells the no counts
        yes = tuple(channel for channel, state in said.items() if state is State.OPTED_IN)
        evidence = self._evidence_of(found) if yes else None
        if yes and evidence is None:
            said = {c: state for c, state in said.items() if c not in yes}
        return replace(row, asks=said, evidence=evidence, unproven=() if evidence else yes)

    def _evidence_of(self, row: Sequence[str]) -> Evidence | None:
        """Give the evidence of a row, its cells before the whole file's; None unless it is whole."""
        how, when, where, wording = (cell_of(row, place) for place in self._evidence)
        given = read_given(when, self._zone, day_first=self._day_first)
        if given is None and self._reading.when:
            given = datetime.fromisoformat(self._reading.when)
        asked = self._reading
        texts = (
            clean(how) or asked.how,
            clean(where) or asked.where,
            clean(wording) or asked.wording,
        )
        if given is None or not all(texts):
            return None
        how, where, wording = (text[:LONGEST_EVIDENCE] for text in texts)
        return how, given, where, wording


_SINGLE = (PHONE, WHATSAPP, EMAIL, NAME, FIRST_NAME, LAST_NAME, COUNTRY)


def _attributes(
    reading: ContactReading, definitions: Sequence[Definition]
) -> list[tuple[int, Definition]]:
    known = {definition.name: definition for definition in definitions}
    return [
        (place, known.get(name) or Definition(0, name, reading.title_of(place), kind, []))
        for place, name, kind in reading.attributes()
    ]


def _consents(reading: ContactReading) -> list[tuple[int, str, tuple[Channel, ...]]]:
    """Give each column about consent: its place, its title, the channels that it speaks for."""
    found = []
    for place, target in enumerate(reading.columns or ()):
        if target == CONSENT_ALL:
            found.append((place, reading.title_of(place), tuple(Channel)))
        elif target in CONSENT:
            found.append((place, reading.title_of(place), (CONSENT[target],)))
    return found


def plan_line(row: ContactRow, person: int) -> list[Any]:
    """Give a row as a line of the plan (JSON); `person` is who it is, as the check found."""
    evidence = row.evidence
    shown = [evidence[0], evidence[1].isoformat(), *evidence[2:]] if evidence else None
    return [
        row.row,
        person,
        row.name,
        row.phone,
        row.email,
        row.attributes,
        row.tags,
        row.asks,
        shown,
    ]


def planned(line: Sequence[Any]) -> ContactRow:
    """Read a line of the plan."""
    row, _, name, phone, email, attributes, tags, asks, shown = line
    evidence = None
    if shown:
        evidence = (shown[0], datetime.fromisoformat(shown[1]).astimezone(UTC), shown[2], shown[3])
    said = {Channel(channel): State(state) for channel, state in asks.items()} if asks else {}
    return ContactRow(row, name, phone, email, attributes, tuple(tags), said, evidence)
