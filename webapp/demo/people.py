"""The people of the demo: who they are, where they live, and how they can be reached."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any

from webapp.contacts.folding import fold_name
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, State, address_key
from webapp.demo.countries import COUNTRIES, City, Country
from webapp.demo.hard_cases import HardCase, hard_case
from webapp.demo.ids import Ids
from webapp.demo.paces import Pace, pace_at
from webapp.demo.traits import attributes, named

SEED = "heed demo 1"
CUSTOMERS_SINCE = timedelta(days=730)
# Domains that RFC 2606 keeps for examples.
DOMAINS = ("example.com", "example.org", "example.net", "mail.example", "post.example")


# A contact's read copy before anything happened.
NO_RECORD: dict[str, Any] = {
    name: value
    for channel in Channel
    for name, value in (
        (f"{channel}_state", State.UNKNOWN),
        (f"{channel}_changed_at", None),
        (f"{channel}_source", None),
        (f"{channel}_held", False),
    )
}
NOTHING = (None, None)
WEIGHTS = list(accumulate(country.weight for country in COUNTRIES))
Reached = tuple[Address, bytes]
folded = lru_cache(maxsize=1 << 16)(fold_name)


@dataclass(slots=True)
class Person:
    """One contact to be; `rng` is their own chance, so nobody's life depends on another's.

    `phone`, `email` and `whatsapp_id` are the addresses that they have, each with its key.
    """

    id: int
    place: int
    pace: Pace
    rng: Random
    name: str
    called: str
    country: Country
    created_at: datetime
    phone: Reached | None
    email: Reached | None
    whatsapp_id: Reached | None
    attributes: dict[str, Any]
    tags: list[str]
    copies: dict[str, Any] = field(default_factory=dict)

    def reached(self, channel: Channel) -> Reached | None:
        """Give the address and key by which a channel reaches this person, if any."""
        if channel is Channel.EMAIL:
            return self.email
        return self.phone or (self.whatsapp_id if channel is Channel.WHATSAPP else None)

    def row(self) -> dict[str, Any]:
        """Give the row of the contacts table, with the read copy as far as it was written."""
        phone, phone_key = self.phone or NOTHING
        email, email_key = self.email or NOTHING
        whatsapp_id, whatsapp_id_key = self.whatsapp_id or NOTHING
        return {
            **NO_RECORD,
            "id": self.id,
            "name": self.name,
            "name_folded": folded(self.name),
            "phone": phone and phone.value,
            "email": email and email.value,
            "whatsapp_id": whatsapp_id and whatsapp_id.value,
            "phone_key": phone_key,
            "email_key": email_key,
            "whatsapp_id_key": whatsapp_id_key,
            "attributes": self.attributes,
            "created_at": self.created_at,
            "updated_at": self.created_at,
            **self.copies,
        }


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
        country = rng.choices(COUNTRIES, cum_weights=WEIGHTS)[0]
        city = rng.choice(country.cities)
        names = country.choose_names(rng)
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
            country=country,
            created_at=self._created_at(rng, place),
            phone=self._reached(addresses, AddressKind.PHONE),
            email=self._reached(addresses, AddressKind.EMAIL),
            whatsapp_id=self._reached(addresses, AddressKind.WHATSAPP_ID),
            attributes=attributes(rng, names, city),
            tags=[tag for tag, share in pace.tags.items() if rng.random() < share],
        )

    def stranger(self, rng: Random) -> Address:
        """Give an address that is no contact's."""
        country = rng.choices(COUNTRIES, cum_weights=WEIGHTS)[0]
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
