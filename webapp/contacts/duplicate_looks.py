"""One look at a bounded part of the list for pairs of contacts who are alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from webapp.contacts.likeness import (
    DOTLESS,
    SHORTEST_NAME,
    Likeness,
    other_numbers,
    plain_email,
    split_number,
)
from webapp.contacts.models import Contact
from webapp.core.db import run, table_of

CONTACTS = table_of(Contact)
ROWS = {Likeness.NAME: 20_000, Likeness.EMAIL: 20_000, Likeness.PHONE: 250}  # looked at in one go
PAIRS = 10  # on a page
CODES = 8  # country codes that a number is looked for under: the commonest
SAMPLE = 20_000  # contacts among whom they are
TOGETHER = 5_000  # addresses in one question

Pair = tuple[int, int]
Place = tuple[Any, ...]


@dataclass(frozen=True)
class Look:
    """What one look at a part of the list found: each pair with the place right after it."""

    pairs: list[tuple[Pair, Place]]
    looked: int
    end: Place | None


def by_name(at: Place | None) -> Look:
    """Look along the index of names, at each beside the one before it.

    It begins with the last that was looked at, which the next may be alike to.
    """
    columns = (CONTACTS.c.name_folded, CONTACTS.c.id)
    rows = select(*columns).order_by(*columns).limit(ROWS[Likeness.NAME])
    if at is not None:
        rows = rows.where(tuple_(*columns) >= tuple_(*at))
    else:
        rows = rows.where(CONTACTS.c.name_folded > "")
    part = rows.subquery("part")
    order = (part.c.name_folded, part.c.id)
    before_name = func.lag(part.c.name_folded).over(order_by=order).label("before_name")
    before_id = func.lag(part.c.id).over(order_by=order).label("before_id")
    beside = select(part.c.name_folded, part.c.id, before_name, before_id).subquery("beside")
    alike = select(beside.c.before_id, beside.c.id, beside.c.name_folded).where(
        beside.c.name_folded == beside.c.before_name,
        func.length(beside.c.name_folded) >= SHORTEST_NAME,
    )
    found = run(alike.order_by(beside.c.name_folded, beside.c.id).limit(PAIRS + 1)).all()
    looked = run(select(func.count()).select_from(part)).scalar_one()
    last = run(select(*order).order_by(*(column.desc() for column in order)).limit(1)).first()
    ended = looked < ROWS[Likeness.NAME] or last is None
    return Look([((one, two), (name, two)) for one, two, name in found], looked, _end(last, ended))


def by_email(at: Place | None) -> Look:
    """Look at the newest for addresses that are another one's, and ask whether that is there."""
    email = CONTACTS.c.email
    marked = or_(email.contains("+"), *(email.endswith(f"@{domain}") for domain in DOTLESS))
    rows, looked, end = _newest(at, Likeness.EMAIL, email, marked)
    plain = {contact_id: one for contact_id, mail in rows if (one := plain_email(mail)) != mail}
    there = _owners(email, set(plain.values()))
    found = [(nth, there[mail]) for nth, mail in plain.items() if mail in there]
    return Look([((min(pair), max(pair)), (pair[0],)) for pair in found], looked, end)


def by_phone(at: Place | None) -> Look:
    """Look at the newest, and ask whether an older contact has the digits under another code."""
    phone = CONTACTS.c.phone
    rows, looked, end = _newest(at, Likeness.PHONE, phone, phone.is_not(None))
    codes = _codes()
    others = {contact_id: other_numbers(number, codes) for contact_id, number in rows}
    there = _owners(phone, {number for numbers in others.values() for number in numbers})
    found = [
        (there[number], contact_id)
        for contact_id, numbers in others.items()
        for number in numbers
        if there.get(number, contact_id) < contact_id
    ]
    return Look([(pair, (pair[1],)) for pair in found], looked, end)


def _newest(
    at: Place | None, likeness: Likeness, column: ColumnElement[Any], asked: ColumnElement[bool]
) -> tuple[list[tuple[int, str]], int, Place | None]:
    """Give ids and addresses of those in a part who are `asked`, its size, and where it ends."""
    ids = select(CONTACTS.c.id).order_by(CONTACTS.c.id.desc()).limit(ROWS[likeness])
    if at is not None:
        ids = ids.where(CONTACTS.c.id < at[0])
    part = ids.subquery("part")
    looked, last = run(select(func.count(), func.min(part.c.id)).select_from(part)).one()
    if not looked:
        return [], 0, None
    within = CONTACTS.c.id >= last
    if at is not None:
        within &= CONTACTS.c.id < at[0]
    rows = run(
        select(CONTACTS.c.id, column).where(within, asked).order_by(CONTACTS.c.id.desc())
    ).all()
    return [(row[0], row[1]) for row in rows], looked, _end((last,), looked < ROWS[likeness])


def _owners(column: ColumnElement[Any], addresses: set[str]) -> dict[str, int]:
    """Give who has each of these addresses, as far as anybody has."""
    asked = sorted(addresses)
    found: dict[str, int] = {}
    for start in range(0, len(asked), TOGETHER):
        some = select(column, CONTACTS.c.id).where(column.in_(asked[start : start + TOGETHER]))
        found |= {row[0]: row[1] for row in run(some)}
    return found


def _codes() -> list[str]:
    """Give the country codes that are common among the newest contacts."""
    some = select(CONTACTS.c.phone).order_by(CONTACTS.c.id.desc()).limit(SAMPLE).subquery()
    begin = func.substr(some.c.phone, 1, 4)
    counted: Counter[str] = Counter()
    for text, number in run(select(begin, func.count()).group_by(begin)):
        counted[split_number(text or "")[0]] += number
    return [code for code, _ in counted.most_common(CODES + 1) if code][:CODES]


def _end(last: Any, ended: bool) -> Place | None:
    return None if ended else tuple(last)
