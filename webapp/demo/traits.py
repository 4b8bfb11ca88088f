"""What people are like: names, attributes, tags."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from webapp.demo.countries import City, Names

PLANS = ("Free", "Free", "Free", "Pro", "Pro", "Business")
TAGS = (
    "Newsletter",
    "Loyalty",
    "Wholesale",
    "Café owner",
    "Black Friday",
    "Trade fair 2026",
    "Referral",
    "Gift card",
    "Tasting club",
    "Office delivery",
    "Decaf",
    "Press",
)


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
    lasts = rng.sample(names.lasts, names.families)
    name = " ".join([first.written, *(last.written for last in lasts)])
    return name, first.written, f"{first.plain}.{lasts[0].plain}"
