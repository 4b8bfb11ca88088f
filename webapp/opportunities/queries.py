"""Reading opportunities: the list by key, its sums, one, and those of a contact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, cast, func, select
from sqlalchemy.orm import lazyload

from webapp.accounts.models import User
from webapp.accounts.rules import ConsentLimits, Right, Role, may
from webapp.contacts.models import Activity, Contact
from webapp.contacts.search import words_of
from webapp.core.db import db, table_of
from webapp.core.dialect import json_number
from webapp.core.errors import Invalid, NotFound
from webapp.core.paging import PAGE_SIZE, Page, Value, beyond, cut, decode
from webapp.opportunities.asked import Asked
from webapp.opportunities.models import Money, Opportunity
from webapp.opportunities.rules import Stage

GONE = "That opportunity is not there. It may have been deleted."
MOST_OF_CONTACT = 50
MOST_SUMMED = 200_000  # rows that the sums look at
ACTIVITY = "opportunity"
_CONTACTS = table_of(Contact)
_WORKERS = [role for role in Role if may(role, Right.WORK, ConsentLimits())]
_CAN = User.disabled_at.is_(None) & User.role.in_(_WORKERS)
# A sort's column, the kind of value that a cursor has of it, and how that is read.
_SORTS: dict[str, tuple[Any, type, Callable[[Any], Any]]] = {
    "updated": (Opportunity.updated_at, datetime, lambda value: value),
    "amount": (Opportunity.amount, int, lambda value: Decimal(value) / 100 if value >= 0 else None),
    "expected": (Opportunity.expected_on, str, date.fromisoformat),
}


@dataclass(frozen=True)
class Line:
    """A row of the list: the opportunity, its contact, and its owner's name, empty for none."""

    opportunity: Opportunity
    contact: Contact
    owner: str


@dataclass(frozen=True)
class Total:
    """How many opportunities of a stage are in a currency, and their amounts added up."""

    stage: Stage
    currency: str
    count: int
    amount: Decimal


def opportunity_of(opportunity_id: int) -> Opportunity:
    """Give the opportunity with this id. Raises NotFound."""
    found = db.session.get(Opportunity, opportunity_id)
    if found is None:
        raise NotFound(GONE)
    return found


def line_of(opportunity_id: int) -> Line:
    """Give one opportunity as the list shows it. Raises NotFound."""
    row = db.session.execute(_lines().where(Opportunity.id == opportunity_id)).first()
    if row is None:
        raise NotFound(GONE)
    return _line(row)


def of_contact(contact_id: int, most: int = MOST_OF_CONTACT) -> list[Line]:
    """Give a contact's opportunities, the newest first."""
    own = _lines().where(Opportunity.contact_id == contact_id)
    rows = db.session.execute(own.order_by(Opportunity.id.desc()).limit(most))
    return [_line(row) for row in rows]


def page(asked: Asked, cursor: str = "", limit: int = PAGE_SIZE) -> Page[Line]:
    """Give a page of the list. Raises Invalid for a cursor of another list."""
    column, kind, read = _SORTS[asked.sort.removeprefix("-")]
    here = decode(cursor, asked.sort, (kind, int))
    backwards = here is not None and here.backwards
    descending = asked.sort.startswith("-") is not backwards
    place = (column, Opportunity.id)
    query = _lines().where(*_conditions(asked))
    if here is not None:
        query = query.where(beyond(place, _read(here.values, read), descending=descending))
    order = [one.desc() if descending else one.asc() for one in place]
    rows = [_line(row) for row in db.session.execute(query.order_by(*order).limit(limit + 1))]
    return cut(rows, asked.sort, here, lambda line: _place(line, column.key), limit)


def totals(asked: Asked) -> tuple[list[Total], bool]:
    """Give counts and sums by stage and currency of what is asked for, whatever its stage.

    And whether that is all of it: no more than `MOST_SUMMED` are looked at.
    """
    some = (
        select(Opportunity.stage, Opportunity.currency, Opportunity.amount)
        .where(*_conditions(Asked(None, asked.owner_id, asked.q)))
        .limit(MOST_SUMMED + 1)
        .subquery()
    )
    worth = func.sum(some.c.amount).filter(some.c.amount >= Decimal(0))
    query = select(some.c.stage, some.c.currency, func.count(), cast(worth, Money)).group_by(
        some.c.stage, some.c.currency
    )
    order = list(Stage)
    found = [
        Total(Stage(stage), currency, count, amount or Decimal(0))
        for stage, currency, count, amount in db.session.execute(query)
    ]
    found.sort(key=lambda one: (order.index(one.stage), -one.count, one.currency))
    return found, sum(one.count for one in found) <= MOST_SUMMED


def history_of(opportunity: Opportunity, most: int = 50) -> list[Activity]:
    """Give the stages that an opportunity went through, newest first."""
    told = json_number(db.session(), Activity.data, "opportunity_id") == opportunity.id
    return list(
        db.session.scalars(
            select(Activity)
            .where(Activity.contact_id == opportunity.contact_id, Activity.kind == ACTIVITY, told)
            .order_by(Activity.id.desc())
            .limit(most)
        )
    )


def owners(also: int | None = None) -> list[User]:
    """Give who can look after an opportunity, by name: who can sign in and may work on it.

    And the user `also`, who does so already.
    """
    return _users(_CAN | (User.id == also))


def asked_for(also: int | None = None) -> list[User]:
    """Give whom the list can be narrowed to: who can look after one, or still does; and `also`."""
    still = select(Opportunity.id).where(Opportunity.owner_id == User.id).exists()
    return _users(_CAN | still | (User.id == also))


def last_currency() -> str | None:
    """Give the currency of the opportunity that was added last."""
    newest = select(Opportunity.currency).order_by(Opportunity.id.desc()).limit(1)
    return db.session.scalar(newest)


def _users(which: ColumnElement[bool]) -> list[User]:
    return list(db.session.scalars(select(User).where(which).order_by(User.name, User.id)))


def _lines() -> Select[Opportunity, Contact, str | None]:
    return (
        select(Opportunity, Contact, User.name)
        .join(Contact, Contact.id == Opportunity.contact_id)
        .outerjoin(User, User.id == Opportunity.owner_id)
        .options(lazyload(Contact.tags))
    )


def _line(row: Any) -> Line:
    opportunity, contact, owner = row
    return Line(opportunity, contact, owner or "")


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.stage:
        found.append(Opportunity.stage == asked.stage)
    if asked.owner_id:
        found.append(Opportunity.owner_id == asked.owner_id)
    for word in words_of(asked.q):
        of_contact = (
            select(_CONTACTS.c.id)
            .where(_CONTACTS.c.id == Opportunity.contact_id, word.stands_in(_CONTACTS))
            .correlate(Opportunity)
            .exists()
        )
        own = Opportunity.folded.contains(word.name, autoescape=True)
        found.append(own | of_contact if word.name else of_contact)
    return found


def _place(line: Line, name: str) -> tuple[Value, ...]:
    value = getattr(line.opportunity, name)
    if name == "expected_on":
        value = (value or date.max).isoformat()
    elif name == "amount":
        value = -1 if value is None else int(value * 100)
    return value, line.opportunity.id


def _read(values: tuple[Value, ...], read: Callable[[Any], Any]) -> tuple[Any, ...]:
    """Read a cursor's values as the columns have them. Raises Invalid."""
    first, number = values
    try:
        if first is None or number is None:
            raise ValueError("no place in the list")
        return read(first), number
    except (ValueError, ArithmeticError):
        raise Invalid(
            "That place in the list is not known. Start from its first page.", field="cursor"
        ) from None
