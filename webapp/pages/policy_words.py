"""The choices of the consent policy in words."""

from __future__ import annotations

from webapp.consent.policies import Changes
from webapp.contacts.rules import Channel

LABELS = {
    "needs_opt_in": "Marketing needs a recorded opt-in",
    "exempts_utility": "Utility and authentication may still be sent",
    "stop_on_one_stops_all": "A stop on one channel stops all",
    "only_admins_change_consent": "Only admins change consent",
    "only_admins_resubscribe": "Only admins resubscribe",
    "manual_sends_blocked": "Sends by hand to people who opted out are blocked",
}


def label_of(name: str) -> str:
    """Say a choice by its name; one of a channel with the channel before it."""
    first, point, rest = name.partition(".")
    if not point:
        return LABELS.get(name, name)
    return f"{Channel(first).label}: {LABELS.get(rest, rest)}"


def lines_of(changed: Changes) -> list[tuple[str, str]]:
    """Give each changed choice by its label, and what it is now: On or Off."""
    return [(label_of(name), "On" if now else "Off") for name, (_, now) in changed.items()]
