"""The people of the demo: who they are, where they live, and how they can be reached."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, State, address_key
from webapp.demo.countries import COUNTRIES, City, Country, Series
from webapp.demo.hard_cases import HardCase, hard_case
from webapp.demo.ids import Ids
from webapp.demo.traits import TAGS, attributes, named

SEED = "heed demo 1"
CUSTOMERS_SINCE = timedelta(days=730)
# Domains that RFC 2606 keeps for examples.
DOMAINS = ("example.com", "example.org", "example.net", "mail.example", "post.example")


@dataclass(slots=True)
class Person:
    """One contact to be; `rng` is their own chance, so nobody's life depends on another's."""

    id: int
    place: int
    rng: Random
    name: str
    called: str
    country: Country
    created_at: datetime
    addresses: dict[AddressKind, Address]
    keys: dict[AddressKind, bytes]
    attributes: dict[str, Any]
    tags: list[str]
    copies: dict[str, Any] = field(default_factory=dict)

    def reached(self, channel: Channel) -> tuple[Address, bytes] | None:
        """Give the address and key by which a channel reaches this person, if any."""
        kinds = [AddressKind.EMAIL if channel is Channel.EMAIL else AddressKind.PHONE]
        if channel is Channel.WHATSAPP:
            kinds.append(AddressKind.WHATSAPP_ID)
        return next(
            ((self.addresses[kind], self.keys[kind]) for kind in kinds if kind in self.addresses),
            None,
        )

    def row(self) -> dict[str, Any]:
        """Give the row of the contacts table, with the read copy as far as it was written."""
        row: dict[str, Any] = {"id": self.id, "name": self.name, "attributes": self.attributes}
        for kind in AddressKind:
            address = self.addresses.get(kind)
            row[kind.value] = address.value if address else None
            row[f"{kind}_key"] = self.keys.get(kind)
        row["created_at"] = row["updated_at"] = self.created_at
        for channel in Channel:
            row[f"{channel}_state"] = State.UNKNOWN
            row[f"{channel}_changed_at"] = row[f"{channel}_source"] = None
            row[f"{channel}_held"] = False
        return {**row, **self.copies}


class Population:
    """Makes people one after the other; the same place gives the same person everywhere."""

    def __init__(self, count: int, ids: Ids, now: datetime, account_key: str) -> None:
        self.count = count
        self._ids = ids
        self.now = now
        self._account_key = account_key
        self._weights = [country.weight for country in COUNTRIES]
        self._numbers: Counter[Series] = Counter()
        self._handles: Counter[str] = Counter()

    def person(self, place: int) -> Person:
        """Make the person at a place, counted from 0; call it for each place in turn."""
        rng = Random(f"{SEED} {place}")
        from_the_end = self.count - 1 - place
        case = hard_case(from_the_end)
        country = rng.choices(COUNTRIES, self._weights)[0]
        city = rng.choice(country.cities)
        names = rng.choices([n for _, n in country.names], [w for w, _ in country.names])[0]
        name, called, handle = named(rng, names)
        if case is not None and case.name is not None:
            name, called, handle = case.name, case.called, f"hard.case.{from_the_end}"
        addresses = self._addresses(rng, country, city, handle, case)
        return Person(
            id=self._ids.next(Contact),
            place=from_the_end,
            rng=rng,
            name=name,
            called=called,
            country=country,
            created_at=self._created_at(rng, place),
            addresses=addresses,
            keys={k: address_key(a, self._account_key) for k, a in addresses.items()},
            attributes=attributes(rng, names, city),
            tags=[tag for tag in TAGS if rng.random() < 0.11],
        )

    def stranger(self, rng: Random) -> Address:
        """Give an address that is no contact's."""
        country = rng.choices(COUNTRIES, self._weights)[0]
        if rng.random() < 0.7:
            return self._phone(country, rng.choice(country.cities))
        return self._email(rng, named(rng, country.names[0][1])[2])

    def _created_at(self, rng: Random, place: int) -> datetime:
        """Spread the customers over two years, in the order of their ids."""
        age = CUSTOMERS_SINCE * ((self.count - place - rng.random()) / self.count)
        return self.now - timedelta(hours=6) - age

    def _addresses(
        self, rng: Random, country: Country, city: City, handle: str, case: HardCase | None
    ) -> dict[AddressKind, Address]:
        email, phone = self._email(rng, handle), self._phone(country, city)
        chance = rng.random()
        only = case.only if case else None
        if case is None and chance < 0.05:
            only = AddressKind.EMAIL
        elif case is None and chance < 0.13:
            only = AddressKind.PHONE
        elif case is None and chance < 0.135:
            only = AddressKind.WHATSAPP_ID
        if only is AddressKind.WHATSAPP_ID:
            scoped = f"{country.code}.{rng.randrange(10**16, 10**17)}"
            return {only: Address(only, scoped)}
        return {a.kind: a for a in (phone, email) if only in (None, a.kind)}

    def _phone(self, country: Country, city: City) -> Address:
        for series in (*city.series, country.overflow):
            nth = self._numbers[series]
            if nth < series.size:
                self._numbers[series] += 1
                return Address(AddressKind.PHONE, series.number(nth))
        raise ValueError(f"there are no more numbers for {country.code}")

    def _email(self, rng: Random, handle: str) -> Address:
        self._handles[handle] += 1
        nth = self._handles[handle]
        value = f"{handle}{nth if nth > 1 else ''}@{rng.choice(DOMAINS)}"
        return Address(AddressKind.EMAIL, value)
