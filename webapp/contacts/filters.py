"""What the audience page may be asked for: reading its parameters and writing them; pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from webapp.contacts.consent_filters import (
    ConsentFilter,
    Standing,
    Word,
    parse_consents,
    word_of,
)
from webapp.contacts.rules import Channel, Source, State
from webapp.contacts.search_limits import check_search
from webapp.core.days import EVER, Days, parse_days
from webapp.core.errors import Invalid

ATTRIBUTE = "attr."
LEAST, MOST = ".min", ".max"
ANY = "any"
MAX_VALUES = 20
MAX_IDS = 1000
MAX_DIGITS = 19  # of an id; fewer than would pass the database's 64 bits

Params = list[tuple[str, str]]


class Sort(enum.StrEnum):
    """The orders of the list; a minus means the greatest or newest first."""

    NEWEST = "-created"
    OLDEST = "created"
    NAME = "name"
    NAME_BACKWARDS = "-name"
    CHANGED = "-changed"
    CHANGED_FIRST = "changed"

    @property
    def column(self) -> str:
        """What is sorted by: `created`, `name` or `changed`."""
        return self.lstrip("-")

    @property
    def descending(self) -> bool:
        """True where the greatest comes first."""
        return self.startswith("-")


@dataclass(frozen=True)
class AttributeFilter:
    """One attribute: any of `values`, or from `least` to `most`, both inclusive; as texts."""

    name: str
    values: tuple[str, ...] = ()
    least: str = ""
    most: str = ""


@dataclass(frozen=True)
class Filters:
    """Everything that narrows or orders the list. All of it must hold for a contact.

    Of `tags` all, or where `any_tag` one is enough. `state`, `source` and `days` (of the last
    change) are those of `channel`; `consents` ask of each channel by itself. `ids` are contacts
    chosen one by one, `segment` is the id of a segment that they are in. `saved` is that of the
    segment that these filters began as: it narrows nothing.
    """

    channel: Channel = Channel.WHATSAPP
    search: str = ""
    state: State | None = None
    tags: tuple[str, ...] = ()
    attributes: tuple[AttributeFilter, ...] = ()
    source: Source | None = None
    days: Days = EVER
    ids: tuple[int, ...] = ()
    sort: Sort = Sort.NEWEST
    any_tag: bool = False
    segment: int = 0
    saved: int = 0
    consents: tuple[ConsentFilter, ...] = ()

    @property
    def narrow(self) -> bool:
        """True where not every contact fulfils it."""
        return self.essence != Filters(channel=self.channel)

    @property
    def essence(self) -> Filters:
        """What narrows the list: without the order, and where it began."""
        return replace(self, sort=Sort.NEWEST, saved=0)

    @property
    def without_state(self) -> Filters:
        """The same for any state."""
        return replace(self, state=None)

    @property
    def narrowed_beyond_state(self) -> bool:
        """True where more is asked for than a state."""
        return self.without_state.narrow

    @property
    def by_channel(self) -> bool:
        """True where another channel would give other contacts."""
        return bool(self.state or self.source or self.days)

    def standing(self, channel: Channel) -> Standing | None:
        """Give what `consents` ask of a channel."""
        return next((a.standing for a in self.consents if a.channel is channel), None)

    def attribute(self, name: str) -> AttributeFilter:
        """Give what is asked of an attribute."""
        return next((a for a in self.attributes if a.name == name), AttributeFilter(name))

    def asks(self, name: str) -> bool:
        """Tell whether anything is asked of an attribute."""
        return any(asked.name == name for asked in self.attributes)

    def params(self) -> Params:
        """Give the parameters of an address that asks for this, the defaults left out."""
        return list(self._params)

    @cached_property
    def _params(self) -> Params:
        found: Params = [("channel", self.channel)]
        found += [("q", self.search)] if self.search else []
        found += [("state", self.state)] if self.state else []
        found += [asked.param for asked in self.consents]
        found += [("tag", tag) for tag in self.tags]
        found += [("tags", ANY)] if self.any_tag else []
        for asked in self.attributes:
            found += [(f"{ATTRIBUTE}{asked.name}", value) for value in asked.values]
            found += [(f"{ATTRIBUTE}{asked.name}{LEAST}", asked.least)] if asked.least else []
            found += [(f"{ATTRIBUTE}{asked.name}{MOST}", asked.most)] if asked.most else []
        found += [("source", self.source)] if self.source else []
        found += [("last", str(self.days.recent))] if self.days.recent else []
        found += [("from", self.days.first.isoformat())] if self.days.first else []
        found += [("to", self.days.last.isoformat())] if self.days.last else []
        found += [("id", str(number)) for number in self.ids]
        found += [("sort", self.sort)] if self.sort is not Sort.NEWEST else []
        found += [("segment", str(self.segment))] if self.segment else []
        found += [("saved", str(self.saved))] if self.saved else []
        return found


def parse_filters(args: Mapping[str, Sequence[str]]) -> Filters:
    """Read the parameters of `/audience`, each name with its values; empty ones count as absent.

    Raises Invalid with the parameter's name as field; unknown parameters are left to others.
    Whatever narrows the list is read as a whole or refused, never left out: what acts on all who
    match would reach more people than were asked for.
    """
    tags = _several(args, "tag")
    return Filters(
        channel=parse_word(args, "channel", Channel) or Channel.WHATSAPP,
        search=_search(args),
        state=parse_word(args, "state", State),
        tags=tags,
        attributes=_attributes(args),
        source=parse_word(args, "source", Source),
        days=parse_days(_one(args, "from"), _one(args, "to"), _one(args, "last")),
        ids=_ids(args, "id"),
        sort=word_of(_last(args, "sort") or Sort.NEWEST, Sort, "sort"),
        any_tag=_one(args, "tags") == ANY and len(tags) > 1,
        segment=_segment(args),
        saved=max(_ids(args, "saved"), default=0),
        consents=parse_consents(args),
    )


def parse_word(args: Mapping[str, Sequence[str]], name: str, words: type[Word]) -> Word | None:
    """Read a parameter that is one of some words, or absent. Raises Invalid."""
    text = _one(args, name)
    if not text:
        return None
    return word_of(text, words, name)


def _search(args: Mapping[str, Sequence[str]]) -> str:
    text = " ".join(_one(args, "q").split())
    check_search(text)
    return text


def _segment(args: Mapping[str, Sequence[str]]) -> int:
    found = _ids(args, "segment")
    if len(found) > 1:
        raise Invalid("Ask for one segment at a time.", field="segment")
    if 0 in found:
        raise Invalid("There is no segment of this number.", field="segment")
    return found[0] if found else 0


def _attributes(args: Mapping[str, Sequence[str]]) -> tuple[AttributeFilter, ...]:
    found: dict[str, AttributeFilter] = {}
    for parameter in args:
        if not parameter.startswith(ATTRIBUTE):
            continue
        name = parameter.removeprefix(ATTRIBUTE)
        part = next((part for part in (LEAST, MOST) if name.endswith(part)), "")
        name = name.removesuffix(part)
        asked = found.get(name, AttributeFilter(name))
        if part == LEAST:
            asked = replace(asked, least=_one(args, parameter))
        elif part == MOST:
            asked = replace(asked, most=_one(args, parameter))
        else:
            asked = replace(asked, values=_several(args, parameter))
        found[name] = asked
    return tuple(a for _, a in sorted(found.items()) if a.values or a.least or a.most)


def _ids(args: Mapping[str, Sequence[str]], name: str) -> tuple[int, ...]:
    found = [text for text in args.get(name, ()) if text]
    if not all(text.isascii() and text.isdigit() and len(text) < MAX_DIGITS for text in found):
        raise Invalid("An id is a number.", field=name)
    ids = tuple(dict.fromkeys(map(int, found)))
    if len(ids) - (0 in ids) > MAX_IDS:  # 0 is nobody: a list of those who are ticked begins so
        raise Invalid(f"Choose up to {MAX_IDS:,} one by one.", field=name)
    return ids


def _one(args: Mapping[str, Sequence[str]], name: str) -> str:
    """Give the one value that is not empty. Raises Invalid where several differ."""
    values = _filled(args, name)
    if len(values) > 1:
        raise Invalid(f"“{name[:40]}” is asked for twice, and not the same.", field=name[:80])
    return values[0] if values else ""


def _last(args: Mapping[str, Sequence[str]], name: str) -> str:
    """Give the last value that is not empty, for what narrows nothing."""
    return next(reversed(_filled(args, name)), "")


def _several(args: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    values = _filled(args, name)
    if len(values) > MAX_VALUES:
        raise Invalid(f"Ask for at most {MAX_VALUES} at once.", field=name[:80])
    return values


def _filled(args: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    """Give the values that are not empty, each once, without what no database can hold."""
    cleaned = (value.replace("\x00", "").strip() for value in args.get(name, ()))
    return tuple(dict.fromkeys(value for value in cleaned if value))
