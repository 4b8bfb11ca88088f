"""The form of a country's tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from webapp.demo.draws import Draw

# Letters that have no base letter for Unicode to fall back on.
PLAIN = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "ñ": "n"})


@dataclass(frozen=True)
class Name:
    """A part of a name as it is written, and the plain letters it has in an email address."""

    written: str
    plain: str


@dataclass(frozen=True)
class Names:
    """Given and family names that go together, as comma-separated words.

    A word in another script carries its Latin spelling after an equals sign. `languages` are
    what these people speak, `families` is how many family names each has.
    """

    given: str
    family: str
    languages: tuple[str, ...]
    families: int = 1

    @cached_property
    def firsts(self) -> list[Name]:
        """The given names."""
        return list(_parts(self.given))

    @cached_property
    def lasts(self) -> list[Name]:
        """The family names."""
        return list(_parts(self.family))


@dataclass(frozen=True)
class Series:
    """Numbers that begin with one of `prefixes` (with the country code), then `width` digits."""

    prefixes: tuple[str, ...]
    width: int

    @cached_property
    def size(self) -> int:
        """How many numbers there are."""
        return len(self.prefixes) * int(10**self.width)

    def number(self, nth: int) -> str:
        """Give the nth number in E.164; neighbours look unrelated, and none comes twice."""
        rank, which = divmod(nth, len(self.prefixes))
        # Odd and no multiple of 5, so it has no factor in common with a power of ten.
        rest = (rank * 7_309_211 + 4_721) % 10**self.width
        return f"{self.prefixes[which]}{rest:0{self.width}d}"


@dataclass(frozen=True)
class City:
    """A city and the numbers of its people, the first series first."""

    name: str
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Country:
    """A country: its share of the contacts, its people and their numbers.

    `names` are sets with their weights; `overflow` has numbers when a city has run out.
    """

    code: str
    weight: int
    names: tuple[tuple[int, Names], ...]
    cities: tuple[City, ...]
    overflow: Series

    @cached_property
    def draw(self) -> Draw[Names]:
        """What chooses from which set of names somebody's comes."""
        return Draw(self.names)


def cities(said: dict[str, tuple[str, ...]], width: int) -> tuple[City, ...]:
    """Make cities from their prefixes, all with `width` digits to follow."""
    return tuple(City(name, (Series(prefixes, width),)) for name, prefixes in said.items())


def _parts(words: str) -> Iterator[Name]:
    for word in words.split(","):
        written, _, spelled = word.strip().partition("=")
        yield Name(written, spelled or plain(written))


def plain(text: str) -> str:
    """Give the letters a-z of a name in a Latin script, without accents, spaces and signs."""
    flat = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN))
    return re.sub(r"[^a-z]", "", flat)
