"""A crowd to list: names in several scripts, every filter's values, ties on every sort."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from webapp.contacts.attributes import Kind
from webapp.contacts.consent_filters import ConsentFilter, Standing
from webapp.contacts.filters import AttributeFilter, Filters, Sort
from webapp.contacts.folding import fold_name
from webapp.contacts.models import AttributeDefinition, Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.contacts.tags import fold_tag, named
from webapp.core.db import db, table_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONE = ZoneInfo("UTC")
NAMES = (
    "Zoë Müller",
    "Łukasz Nowak",
    "Анна Петрова",
    "田中 太郎",
    'O\'Brien "Bo"',
    "50% Off_Ltd",
    "a\\b C",
    "ann lee",
    "Maria Garcia",
    "Ana Maria",
    "Studio 1975",
    "Agent 007",
    "",
)
CITIES = ("Roma", "Évry", "roma", "Lyon", "")
TAGS = ("VIP", "Café owner", "Press")
STATES = (State.UNKNOWN, State.OPTED_OUT, State.OPTED_IN)
SOURCES = (Source.KEYWORD, Source.API, Source.REVIEW)
DEFINED = (
    ("city", Kind.TEXT),
    ("plan", Kind.CHOICE),
    ("orders", Kind.NUMBER),
    ("born", Kind.DATE),
    ("vip", Kind.BOOLEAN),
)


def add_crowd(size: int = 90) -> list[Contact]:
    """Add a crowd and the definitions of its attributes; commits, and gives it by id."""
    for name, kind in DEFINED:
        made = AttributeDefinition(name=name, label=name.title(), kind=kind, choices=[])
        db.session.add(made)
    db.session.execute(insert(table_of(Contact)), [_person(nth) for nth in range(size)])
    tags = named(TAGS)
    people = list(db.session.query(Contact).order_by(Contact.id))
    for nth, person in enumerate(people):
        person.tags = [tag for place, tag in enumerate(tags) if nth % (place + 2) == 0]
    db.session.commit()
    return people


def _person(nth: int) -> dict[str, Any]:
    changed = NOW - timedelta(days=nth % 7) if nth % 3 else None
    row: dict[str, Any] = {
        "name": NAMES[nth % len(NAMES)],
        "phone": f"+1650555{nth:04d}" if nth % 4 else None,
        "email": f"person.{nth}@example.com" if nth % 2 else None,
        "attributes": {
            "city": CITIES[nth % len(CITIES)],
            "plan": ("Free", "Pro")[nth % 2],
            "orders": (nth % 5, nth % 5 + 0.5)[nth % 2],
            "born": (date(1990, 4, 1) + timedelta(days=nth)).isoformat(),
            "vip": nth % 4 == 0,
        },
        "created_at": NOW - timedelta(days=300 - nth),
    }
    return row | {
        "whatsapp_state": STATES[nth % 3] if changed else State.UNKNOWN,
        "whatsapp_changed_at": changed,
        "whatsapp_source": SOURCES[nth % len(SOURCES)] if changed else None,
        "email_state": STATES[nth % 5 % 3],
        "sms_state": STATES[nth % 4 % 3],
        "sms_held": nth % 6 == 0,
    }


def expected(people: list[Contact], filters: Filters) -> list[int]:
    """Give the ids that a list must hold, in its order: worked out here, not in SQL."""
    found = [person for person in people if fulfils(person, filters)]
    sort = filters.sort
    if sort.column == "created":
        found.sort(key=lambda p: p.id, reverse=sort.descending)
    elif sort.column == "name":
        found.sort(key=lambda p: (p.name_folded.encode(), p.id), reverse=sort.descending)
    else:
        changed = [p for p in found if p.whatsapp_changed_at]
        never = [p for p in found if not p.whatsapp_changed_at]
        changed.sort(key=lambda p: (p.whatsapp_changed_at, p.id), reverse=sort.descending)
        never.sort(key=lambda p: p.id, reverse=sort.descending)
        found = changed + never
    return [person.id for person in found]


def fulfils(person: Contact, filters: Filters) -> bool:
    """Tell whether a contact is one that is asked for, on WhatsApp."""
    assert filters.channel is Channel.WHATSAPP
    changed = person.whatsapp_changed_at
    tags = {tag.folded for tag in person.tags}
    return (
        (filters.state is None or person.whatsapp_state is filters.state)
        and (filters.source is None or person.whatsapp_source is filters.source)
        and (not filters.days.first or bool(changed and changed.date() >= filters.days.first))
        and (not filters.days.last or bool(changed and changed.date() <= filters.days.last))
        and all(_stands(person, asked) for asked in filters.consents)
        and all(fold_tag(tag) in tags for tag in filters.tags)
        and all(_has(person, asked) for asked in filters.attributes)
        and _answers(person, filters.search)
    )


def _stands(person: Contact, asked: ConsentFilter) -> bool:
    if asked.standing is Standing.HELD:
        return bool(getattr(person, f"{asked.channel}_held"))
    return person.state(asked.channel) is asked.standing.state


def _answers(person: Contact, search: str) -> bool:
    if search and set(search) <= set("+0123456789 "):  # one number, however it is spaced
        digits = search.replace("+", "").replace(" ", "").lstrip("0")
        return digits in (person.phone or "") or (search.isdecimal() and _holds(person, search))
    return all(_holds(person, word) for word in search.split())


def _holds(person: Contact, word: str) -> bool:
    digits = word.lstrip("+0")
    return (
        fold_name(word) in person.name_folded
        or word.casefold() in (person.email or "")
        or (digits.isdecimal() and len(digits) >= 3 and digits in (person.phone or ""))
    )


def _has(person: Contact, asked: AttributeFilter) -> bool:
    value = person.attributes.get(asked.name)
    if asked.name == "city":
        return any(str(value).lower() == text.lower() for text in asked.values)
    if asked.name == "vip":
        return all(value is (text == "yes") for text in asked.values)
    if asked.values:
        return any(str(value) == text for text in asked.values)
    if asked.name == "orders":
        least, most = float(asked.least or "-inf"), float(asked.most or "inf")
        return least <= float(str(value)) <= most
    return (asked.least or "0") <= str(value) <= (asked.most or "9")


SORTS = list(Sort)
