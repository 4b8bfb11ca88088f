"""Making the rows of a demo, a few thousand people at a time. It needs no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from webapp.core.payloads import Form, Payload
from webapp.demo import chats
from webapp.demo.chunks import Rows, rows_of
from webapp.demo.ids import Ids
from webapp.demo.lives import live
from webapp.demo.pen import Desk
from webapp.demo.population import Population
from webapp.demo.stories import Cast, Life
from webapp.demo.strangers import strangers

CHUNK = 2000
PHONES_KNOWN = timedelta(days=30)
Phones = list[dict[str, Any]]


@dataclass(frozen=True)
class Plan:
    """All that decides which rows a demo has, but for the chance in its chains.

    `first_ids` are the first free ids by model, `tag_ids` the tags' by name.
    """

    contacts: int
    desk: Desk
    tag_ids: Mapping[str, int]
    account_key: str
    first_ids: Mapping[Any, int]


@dataclass(frozen=True)
class Batch:
    """Some people's rows as a database takes them, by table in an order of insertion.

    `phones` are those of them that the sandbox should know; `rows` says how many rows there are.
    """

    people: int
    rows: int
    tables: list[tuple[str, tuple[str, ...], Payload]]
    phones: Phones


def made(plan: Plan, chunk: int = CHUNK) -> Iterator[tuple[Rows, Phones]]:
    """Make a plan's rows by table, and the phones that the sandbox should know, in chunks."""
    cast, ids = plan.desk.cast, Ids(plan.first_ids)
    people = Population(plan.contacts, ids, cast.now, plan.account_key)
    for first in range(0, plan.contacts, chunk):
        places = range(first, min(first + chunk, plan.contacts))
        lives = [live(people.person(place), cast) for place in places]
        unknown = list(strangers(people, places, cast, plan.account_key))
        yield rows_of(lives, unknown, plan.desk, ids, plan.tag_ids), _phones(lives, cast)


def batches(plan: Plan, *, postgres: bool) -> Iterator[Batch]:
    """Make a plan's rows, written down for a kind of database."""
    forms: dict[Any, Form] = {}
    for number, (rows, phones) in enumerate(made(plan)):
        tables = []
        for model, some in rows.items():
            if some:
                form = forms.get(model) or Form(model.__table__, some[0], postgres=postgres)
                forms[model] = form
                tables.append((form.table.name, form.names, form.payload(some)))
        people = min(CHUNK, plan.contacts - number * CHUNK)
        yield Batch(people, sum(map(len, rows.values())), tables, phones)


def _phones(lives: list[Life], cast: Cast) -> Phones:
    """Give the phones that the sandbox should know: of people who wrote lately."""
    known = [phone for life in lives if (phone := chats.phone(life)) is not None]
    return [phone for phone in known if phone["last_inbound_at"] > cast.now - PHONES_KNOWN]
