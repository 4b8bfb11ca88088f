"""Rows that are loaded past SQLAlchemy read the same as those that went through it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import Table, delete, insert, select

from webapp.consent.models import ConsentState
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import db, table_of
from webapp.core.loading import BLOCK, insert_payload, insert_rows
from webapp.core.payloads import Form

NASTY = ("\\", r"\N", r"\.", "a\tb", "a\nb\r\nc", "'; --", "🌻 é", "", "a\\tb", '{"a": "\\n"}')
MOMENT = datetime(2026, 3, 1, 23, 59, 59, 7, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("context")


def loaded(db_kind: str, model: Any, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Load rows into an empty table; give all that it has then."""
    table: Table = model.__table__
    form = Form(table, rows[0], postgres=db_kind == "postgres")
    insert_payload(db.session(), table.name, form.names, form.payload(rows))
    return kept(table)


def inserted(model: Any, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Insert the same rows by SQLAlchemy, in place of those that are there."""
    db.session.execute(delete(model.__table__))
    db.session.execute(insert(model.__table__), rows)
    return kept(model.__table__)


def kept(table: Table) -> list[dict[str, Any]]:
    first = next(iter(table.primary_key.columns))
    return [dict(row._mapping) for row in db.session.execute(select(table).order_by(first))]


def test_every_kind_of_text_time_and_json(db_kind: str) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": nth,
            "name": name,
            "name_folded": name,
            "email_key": bytes([nth]) * 32 if nth > 1 else None,
            "attributes": {"said": name, "n": nth, "yes": nth % 2 == 0} if nth > 2 else {},
            "created_at": MOMENT,
            "updated_at": MOMENT.replace(microsecond=0),
            "email_changed_at": None,
            "email_source": Source.IMPORT if nth > 2 else None,
            "email_held": nth > 3,
            **{f"{channel}_state": State.OPTED_OUT for channel in Channel},
        }
        for nth, name in enumerate(NASTY, start=1)
    ]
    found = loaded(db_kind, Contact, rows)
    assert [row["name"] for row in found] == list(NASTY)
    assert found == inserted(Contact, rows)


def test_a_table_whose_columns_have_defaults_of_the_database(db_kind: str) -> None:
    row = {
        "channel": Channel.SMS,
        "key": bytes(range(32)),
        "state": State.OPTED_IN,
        "epoch": 3,
        "head_at": MOMENT,
        "head_seq": 1,
        "head_hash": bytes(32),
    }
    found = loaded(db_kind, ConsentState, [row])
    assert found[0]["held"] is False
    assert found == inserted(ConsentState, [row])


def people(count: int) -> Iterator[dict[str, Any]]:
    """Make rows of contacts one after the other; the one after the last cannot be made."""
    for nth in range(count):
        yield {
            "id": nth + 1,
            "name": f"Person {nth}",
            "name_folded": f"person {nth}",
            "attributes": {},
            "created_at": MOMENT,
            "updated_at": MOMENT,
            **{f"{channel}_state": State.UNKNOWN for channel in Channel},
        }
    raise ValueError("there is nobody else")


def test_rows_that_are_made_while_others_are_inserted_all_arrive_in_order(db_kind: str) -> None:
    many = list(islice(people(2 * BLOCK + 2), 2 * BLOCK + 1))
    form = Form(table_of(Contact), many[0], postgres=db_kind == "postgres")
    insert_rows(db.session(), form, iter(many))
    assert [row["name"] for row in kept(table_of(Contact))] == [row["name"] for row in many]


def test_where_a_row_cannot_be_made_none_is_inserted(db_kind: str) -> None:
    names = next(people(1))
    form = Form(table_of(Contact), names, postgres=db_kind == "postgres")
    with pytest.raises(ValueError, match="nobody else"), db.session.begin_nested():
        insert_rows(db.session(), form, people(BLOCK + 1))
    assert kept(table_of(Contact)) == []
