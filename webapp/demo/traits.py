"""What people are like: names, attributes, tags."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from webapp.demo.countries import City, Names

PLANS = ("Free", "Free", "Free", "Pro", "Pro", "Business")
# Each tag with its share of the people with whom little happens.
TAGS = {
    "Newsletter": 0.5,
    "Loyalty": 0.4,
    "Wholesale": 0.05,
    "Café owner": 0.06,
    "Black Friday": 0.3,
    "Trade fair 2026": 0.04,
    "Referral": 0.15,
    "Gift card": 0.2,
    "Tasting club": 0.1,
    "Office delivery": 0.08,
    "Decaf": 0.1,
    "Press": 0.02,
}


def attributes(rng: Random, names: Names, city: City) -> dict[str, Any]:
    """Give the attributes of somebody who lives in a city."""
    born = date(1948, 1, 1) + timedelta(days=rng.randrange(58 * 365))
    orders = rng.randrange(6) * rng.randrange(6)
    found: dict[str, Any] = {
        "city": city.name,
        "plan": rng.choice(PLANS),
        "language": rng.choice(names.languages),
        "orders": orders,
        "vip": orders >= 15,
    }
    if rng.random() < 0.7:
        found["birthday"] = born.isoformat()
    return found


def named(rng: Random, names: Names) -> tuple[str, str, str]:
    """Give a full name, what this person is called, and the name's part in an email address."""
    first = rng.choice(names.firsts)
    if names.families == 1:
        last = rng.choice(names.lasts)
        return f"{first.written} {last.written}", first.written, f"{first.plain}.{last.plain}"
    lasts = rng.sample(names.lasts, names.families)
    name = " ".join([first.written, *(last.written for last in lasts)])
    return name, first.written, f"{first.plain}.{lasts[0].plain}"
