"""A row of a list of contacts as it was understood; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from webapp.contacts.attributes import Definition
from webapp.contacts.rules import Address, AddressKind, Channel, State
from webapp.imports.contact_cells import (
    read_attribute,
    read_email,
    read_name,
    read_phone,
    read_tags,
)
from webapp.imports.contact_fields import (
    COUNTRY,
    EMAIL,
    FIRST_NAME,
    LAST_NAME,
    NAME,
    PHONE,
    TAGS,
    WHATSAPP,
)
from webapp.imports.contact_reading import ContactReading, cells
from webapp.imports.contact_saying import Evidence, Saying
from webapp.imports.lists import cell_of
from webapp.imports.regions import read_region
from webapp.imports.rules import Refused, clean, read_address

_NOTHING: Mapping[Any, Any] = {}


class ContactRow(NamedTuple):
    """A row as it was understood. `row` counts the rows of the file from 1.

    `asks` says what becomes of consent on a channel: an opt-in only where there is `evidence` of
    it. `unproven` are channels whose yes has none; they stay as they are. `out_at` says since when
    somebody is opted out, where the list does; else it counts from the import on. `further` are
    addresses that are left out, no contact gets them: a second number, or all of a row that is
    `refused`. Only a no of the row counts for them. `again`: its person stands in a row above too,
    as the dry run found.
    """

    row: int
    name: str = ""
    phone: str | None = None
    email: str | None = None
    attributes: Mapping[str, Any] = _NOTHING
    tags: tuple[str, ...] = ()
    asks: Mapping[Channel, State] = _NOTHING
    evidence: Evidence | None = None
    unproven: tuple[Channel, ...] = ()
    out_at: Mapping[Channel, datetime] = _NOTHING
    further: tuple[Address, ...] = ()
    refused: bool = False
    again: bool = False

    def addresses(self) -> list[Address]:
        """Give the addresses that the row names and its contact may get."""
        found = [Address(AddressKind.PHONE, self.phone)] if self.phone else []
        return [*found, Address(AddressKind.EMAIL, self.email)] if self.email else found

    def asked(self, state: State) -> tuple[Channel, ...]:
        """Give the channels for which a state is asked."""
        return tuple(channel for channel, asked in self.asks.items() if asked is state)

    def as_refused(self) -> ContactRow | None:
        """Give what is left of the row where it is refused: its no; None where it says none."""
        out = dict.fromkeys(self.asked(State.OPTED_OUT), State.OPTED_OUT)
        named = (*self.addresses(), *self.further)
        if not out or not named:
            return None
        return ContactRow(self.row, asks=out, out_at=self.out_at, further=named, refused=True)


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
        self._saying = Saying(reading)

    def understand(self, number: int, row: Sequence[str]) -> ContactRow:
        """Read a row of the list, `number` counted from 1. Raises Refused."""
        try:
            numbers, email = self._numbers(row), self._email_in(row)
        except Refused:
            raise Refused(self._wrong_addresses(row)) from None
        if not numbers and email is None:
            raise Refused("There is neither a phone number nor an email address in this row.")
        said = self._saying.read(row)
        return ContactRow(
            number,
            read_name(*(cell_of(row, place) for place in self._names)),
            numbers[0] if numbers else None,
            email,
            self._values(row),
            self._labels(row),
            said.asks,
            said.evidence,
            said.unproven,
            said.out_at,
            tuple(Address(AddressKind.PHONE, each) for each in numbers[1:]),
        )

    def refused(self, number: int, row: Sequence[str]) -> ContactRow | None:
        """Read the no of a row that is refused, with what can be read of its addresses.

        None where it says no no. Without an address nobody can be told whom it is about.
        """
        said = self._saying.no(row)
        if not said.asks:
            return None
        cells = (cell_of(row, place) for place in (self._phone, self._whatsapp, self._email))
        found = dict.fromkeys(a for cell in cells if (a := self._any_address(row, cell)))
        return ContactRow(
            number, asks=said.asks, out_at=said.out_at, further=tuple(found), refused=True
        )

    def _any_address(self, row: Sequence[str], cell: str) -> Address | None:
        try:
            return read_address(cell, self._region(row, cell)) if clean(cell) else None
        except Refused:
            return None

    def _numbers(self, row: Sequence[str]) -> list[str]:
        """Read the number that a contact has, and another one that the row has beside it."""
        cells = (cell_of(row, self._phone), cell_of(row, self._whatsapp))
        found = (read_phone(c, self._region(row, c)) for c in cells if c and not c.isspace())
        return list(dict.fromkeys(number for number in found if number))

    def _email_in(self, row: Sequence[str]) -> str | None:
        return read_email(cell_of(row, self._email))

    def _wrong_addresses(self, row: Sequence[str]) -> str:
        """Say what is wrong with the numbers and with the email address of a row."""
        reasons = []
        for read in (self._numbers, self._email_in):
            try:
                read(row)
            except Refused as error:
                reasons.append(str(error))
        return " ".join(reasons)

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


@dataclass(slots=True)
class Understood:
    """Some rows of a list by their number, as they were understood, or the reasons why not.

    Of a refused row its no is in `rows`; `lost` counts those that say no of nobody can tell whom.
    """

    cells: dict[int, list[str]]
    rows: list[ContactRow] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    lost: int = 0


def understood(understanding: Understanding, cells: dict[int, list[str]]) -> Understood:
    """Read rows of a list, by their number counted from 1."""
    found = Understood(cells)
    for number, row in cells.items():
        try:
            found.rows.append(understanding.understand(number, row))
        except Refused as error:
            found.refused[number] = str(error)
            no = understanding.refused(number, row)
            if no is not None and no.further:
                found.rows.append(no)
            found.lost += no is not None and not no.further
    return found


_SINGLE = (PHONE, WHATSAPP, EMAIL, NAME, FIRST_NAME, LAST_NAME, COUNTRY)


def _attributes(
    reading: ContactReading, definitions: Sequence[Definition]
) -> list[tuple[int, Definition]]:
    known = {definition.name: definition for definition in definitions}
    return [
        (place, known.get(name) or Definition(0, name, reading.title_of(place), kind, []))
        for place, name, kind in reading.attributes()
    ]


def plan_line(row: ContactRow, person: int, *, again: bool) -> list[Any]:
    """Give a row as a line of the plan (JSON); `person` is who it is, as the check found.

    `again`: a row above it has the same person.
    """
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
        {channel: moment.isoformat() for channel, moment in row.out_at.items()} or None,
        [(address.kind, address.value) for address in row.further] or None,
        row.refused,
        again,
    ]


def planned(line: Sequence[Any]) -> ContactRow:
    """Read a line of the plan."""
    row, _, name, phone, email, attributes, tags, *consent = line
    asks, shown, out_at, further, refused, *again = consent  # older plans end before the last
    evidence = (shown[0], _moment(shown[1]), shown[2], shown[3]) if shown else None
    return ContactRow(
        row,
        name,
        phone,
        email,
        attributes,
        tuple(tags),
        {Channel(channel): State(state) for channel, state in asks.items()} if asks else {},
        evidence,
        (),
        {Channel(channel): _moment(text) for channel, text in out_at.items()} if out_at else {},
        tuple(Address(AddressKind(kind), value) for kind, value in further or ()),
        refused,
        again == [True],
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
