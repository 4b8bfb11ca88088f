"""How a person reads their pages: in which language, and in which zone times are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format, get_timezone_name
from babel.lists import format_list
from phonenumbers import timezone
from sqlalchemy import select

from webapp.contacts.models import Contact
from webapp.contacts.rules import AddressKind
from webapp.core.db import db
from webapp.core.zones import zone_named
from webapp.receipts.languages import LANGUAGES
from webapp.receipts.languages.en import ENGLISH
from webapp.receipts.languages.texts import Texts
from webapp.receipts.people import Person

# The attributes of a contact that are read, the first that says something.
LANGUAGE_ATTRIBUTES = ("language", "locale")
ZONE_ATTRIBUTES = ("time_zone", "timezone")
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Reader:
    """Whoever reads a page: the texts of their language, and their zone."""

    texts: Texts = ENGLISH
    zone: ZoneInfo = UTC

    @property
    def locale(self) -> Locale:
        """How the language writes dates and lists."""
        return Locale.parse(self.texts.locale)

    @property
    def direction(self) -> str:
        """Where lines begin: `ltr` or `rtl`."""
        return self.locale.text_direction

    def moment(self, value: datetime) -> str:
        """Say a moment to the second, with the name of the zone that it is said in."""
        local, locale = value.astimezone(self.zone), self.locale
        day, time = format_date(local, "long", locale), format_time(local, "medium", locale=locale)
        # Where a language sets nothing between the two, a comma tells the year from the hour.
        joined = str(get_datetime_format("long", locale)).replace("{1} {0}", "{1}, {0}")
        said = joined.replace("{1}", day).replace("{0}", time)
        return f"{said} ({get_timezone_name(local, locale=locale)})"

    def listed(self, names: list[str]) -> str:
        """Name several, with an “and” before the last."""
        return format_list(names, locale=self.locale)


def reader_of(person: Person | None, asked: Iterable[str], shown: str = "") -> Reader:
    """Give how somebody reads: as their contact says, else as their browser asks, else in English.

    `asked` are the browser's languages, the preferred one first. `shown` is the code of the
    language that the page they answer was in, which they go on in. Without a zone of the
    contact's it is that of their number, where a number has but one; else UTC.
    """
    known = _attributes(person) if person else {}
    chosen = LANGUAGES.get(shown) or _language(known) or _first(asked) or ENGLISH
    zone = _zone(known) or (_zone_of_number(person) if person else None)
    return Reader(chosen, zone or UTC)


def language_named(name: str) -> Texts | None:
    """Find a language by its code (`pt`, `pt-BR`), its English name or its own; None if unknown."""
    asked = name.strip().casefold()
    return _NAMES.get(asked) or LANGUAGES.get(asked.replace("_", "-").partition("-")[0])


def _names(texts: Texts) -> tuple[str, ...]:
    language = Locale(texts.code)
    return ((language.english_name or "").casefold(), (language.display_name or "").casefold())


_NAMES = {name: texts for texts in LANGUAGES.values() for name in _names(texts)}


def _attributes(person: Person) -> Mapping[str, Any]:
    if person.owner is None:
        return {}
    found = db.session.scalar(select(Contact.attributes).where(Contact.id == person.owner.id))
    return found or {}


def _language(known: Mapping[str, Any]) -> Texts | None:
    return _first(str(known.get(name) or "") for name in LANGUAGE_ATTRIBUTES)


def _first(names: Iterable[str]) -> Texts | None:
    """Give the first language that is one of ours."""
    said = (language_named(name) for name in names)
    return next((texts for texts in said if texts), None)


def _zone(known: Mapping[str, Any]) -> ZoneInfo | None:
    said = (zone_named(str(known.get(name) or "").strip()) for name in ZONE_ATTRIBUTES)
    return next((zone for zone in said if zone), None)


def _zone_of_number(person: Person) -> ZoneInfo | None:
    number = person.owner.phone if person.owner else None
    if number is None and person.token.kind is AddressKind.PHONE:
        number = person.address
    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(number or ""))
    except phonenumbers.NumberParseException:
        return None
    return zone_named(zones[0]) if len(zones) == 1 else None
