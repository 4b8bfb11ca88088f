"""Who fulfils some filters, by id: for work that goes through all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, select

from webapp.contacts.models import Contact
from webapp.core.streams import stream

Conditions = Sequence[ColumnElement[bool]]


def first_ids(connection: Connection, matching: Conditions, limit: int) -> list[int]:
    """Give the first contacts who fulfil `matching`, by id."""
    query = select(Contact.id).where(*matching).order_by(Contact.id).limit(limit)
    return list(connection.scalars(query))


def stream_ids(matching: Conditions) -> Iterator[int]:
    """Give all who fulfil `matching`, by id, while the database still reads."""
    return (row.id for row in stream(select(Contact.id).where(*matching).order_by(Contact.id)))
