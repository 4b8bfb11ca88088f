"""Making the people of the demo: where they live, their addresses, when they came."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random

from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, address_key
from webapp.demo.countries import COUNTRIES, City, Country
from webapp.demo.draws import Draw
from webapp.demo.hard_cases import HardCase, hard_case
from webapp.demo.ids import Ids
from webapp.demo.paces import pace_at
from webapp.demo.people import Person, Reached
from webapp.demo.traits import attributes, named

SEED = "heed demo 1"
CUSTOMERS_SINCE = timedelta(days=730)
# Domains that RFC 2606 keeps for examples.
DOMAINS = ("example.com", "example.org", "example.net", "mail.example", "post.example")
WHERE = Draw((country.weight, country) for country in COUNTRIES)


class Population:
    """Makes people one after the other; the same place gives the same person everywhere."""

    def __init__(self, count: int, ids: Ids, now: datetime, account_key: str) -> None:
        self.count = count
        self._ids = ids
        self.now = now
        self._account_key = account_key
        self._numbers: Counter[int] = Counter()
        self._handles: Counter[str] = Counter()

    def person(self, place: int) -> Person:
        """Make the person at a place, counted from 0; call it for each place in turn."""
        rng = Random(f"{SEED} {place}")
        from_the_end = self.count - 1 - place
        pace, case = pace_at(from_the_end), hard_case(from_the_end)
        country = WHERE.one(rng)
        city = rng.choice(country.cities)
        names = country.draw.one(rng)
        name, called, handle = named(rng, names)
        if case is not None and case.name is not None:
            name, called, handle = case.name, case.called, f"hard.case.{from_the_end}"
        addresses = self._addresses(rng, country, city, handle, case)
        return Person(
            id=self._ids.next(Contact),
            place=from_the_end,
            pace=pace,
            rng=rng,
            name=name,
            called=called,
            created_at=self._created_at(rng, place),
            phone=self._reached(addresses, AddressKind.PHONE),
            email=self._reached(addresses, AddressKind.EMAIL),
            whatsapp_id=self._reached(addresses, AddressKind.WHATSAPP_ID),
            attributes=attributes(rng, names, city),
            tags=[tag for tag, share in pace.tags.items() if rng.random() < share],
        )

    def stranger(self, rng: Random) -> Address:
        """Give an address that is no contact's."""
        country = WHERE.one(rng)
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

    def _reached(self, addresses: dict[AddressKind, Address], kind: AddressKind) -> Reached | None:
        address = addresses.get(kind)
        return (address, address_key(address, self._account_key)) if address else None

    def _phone(self, country: Country, city: City) -> Address:
        for series in (*city.series, country.overflow):
            nth = self._numbers[id(series)]
            if nth < series.size:
                self._numbers[id(series)] += 1
                return Address(AddressKind.PHONE, series.number(nth))
        raise ValueError(f"there are no more numbers for {country.code}")

    def _email(self, rng: Random, handle: str) -> Address:
        self._handles[handle] += 1
        nth = self._handles[handle]
        value = f"{handle}{nth if nth > 1 else ''}@{rng.choice(DOMAINS)}"
        return Address(AddressKind.EMAIL, value)
