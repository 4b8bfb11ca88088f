"""What may be asked of the consent on each channel, on several at once; pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from webapp.contacts.rules import Channel, State
from webapp.core.errors import Invalid

CONSENT = "consent."

Word = TypeVar("Word", bound=enum.StrEnum)


class Standing(enum.StrEnum):
    """How a contact stands on a channel: one of the states, or a hold that stops marketing."""

    OPTED_IN = "opted_in"
    OPTED_OUT = "opted_out"
    UNKNOWN = "unknown"
    HELD = "held"

    @property
    def label(self) -> str:
        """The words for it: those of the state."""
        return self.state.label if self.state else "On hold"

    @property
    def option(self) -> str:
        """The words among which a filter is chosen: people look for “Unsubscribed” there too."""
        return f"Unsubscribed ({self.label})" if self is Standing.OPTED_OUT else self.label

    @property
    def state(self) -> State | None:
        """The state that it is; None for a hold, which goes with any."""
        return None if self is Standing.HELD else State(self.value)


@dataclass(frozen=True)
class ConsentFilter:
    """How a contact must stand on one channel."""

    channel: Channel
    standing: Standing

    @property
    def param(self) -> tuple[str, str]:
        """The parameter of an address that asks for it."""
        return f"{CONSENT}{self.channel}", str(self.standing)

    @property
    def label(self) -> str:
        """What it asks, in words."""
        return f"{self.channel.label}: {self.standing.label}"


def parse_consents(args: Mapping[str, Sequence[str]]) -> tuple[ConsentFilter, ...]:
    """Read the parameters `consent.<channel>`; empty ones count as absent.

    Raises Invalid with the parameter's name as field for a channel or a word that is none, and
    for two different words on one channel: one of them would be lost.
    """
    found: list[ConsentFilter] = []
    for name in (name for name in args if name.startswith(CONSENT)):
        texts = list(dict.fromkeys(value.strip() for value in args[name] if value.strip()))
        if not texts:
            continue
        channel = word_of(name.removeprefix(CONSENT), Channel, name)
        if len(texts) > 1:
            raise Invalid(f"Ask for one state on {channel.label}.", field=name)
        found.append(ConsentFilter(channel, word_of(texts[0], Standing, name)))
    return tuple(sorted(found, key=lambda asked: list(Channel).index(asked.channel)))


def word_of(text: str, words: type[Word], field: str) -> Word:
    """Read one of some words, the value of the parameter `field`. Raises Invalid."""
    if text not in set(words):
        raise Invalid(f"“{text[:40]}” is none of: {', '.join(words)}.", field=field[:80])
    return words(text)
