"""What is shown for consent: how it was given, where, and with which wording."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from webapp.contacts.rules import Channel

SITE = "https://emberandoak.example"
FORMS = (
    (
        "Sign-up form",
        "/newsletter",
        "Yes, send me offers and news by {channel}. I can stop any time.",
    ),
    ("Box ticked at checkout", "/checkout", "Tell me about offers by {channel}."),
    ("Web form", "/preferences", "Messages by {channel}: on"),
)
FILES = ("shop-customers.csv", "newsletter-list.csv", "trade-fair-stand.csv")
HOWS = (
    ("By phone", "Customer line"),
    ("In person", "Shop, counter"),
    ("Paper form", "Trade fair stand"),
)
ASKED = "May we send you offers by {channel}? You can say no at any time."
OPT_OUT_NOTES = ("Asked on the phone", "Asked in the shop", "", "", "")


def form(rng: Random, channel: Channel, when: datetime) -> dict[str, Any]:
    """Give the evidence of a form that the person filled in."""
    how, page, wording = rng.choice(FORMS)
    return _evidence(how, when, SITE + page, wording, channel)


def file(rng: Random, channel: Channel, when: datetime) -> dict[str, Any]:
    """Give the evidence that a line of an imported file holds."""
    line = rng.randrange(2, 900)
    return _evidence(
        "Newsletter sign-up", when, f"{rng.choice(FILES)}, line {line}", ASKED, channel
    )


def checkout(rng: Random, channel: Channel, when: datetime) -> dict[str, Any]:
    """Give the evidence that the shop system sends along."""
    how, page, wording = FORMS[1]
    evidence = _evidence(how, when, SITE + page, wording, channel)
    return {**evidence, "order": f"EO-{rng.randrange(20000, 40000)}"}


def spoken(rng: Random, channel: Channel, when: datetime) -> dict[str, Any]:
    """Give what a colleague wrote down when the person agreed."""
    how, where = rng.choice(HOWS)
    return _evidence(how, when, where, ASKED, channel)


def _evidence(
    how: str, when: datetime, where: str, wording: str, channel: Channel
) -> dict[str, Any]:
    return {
        "how": how,
        "when": when.isoformat(timespec="seconds"),
        "where": where,
        "wording": wording.format(channel=channel.label),
    }
