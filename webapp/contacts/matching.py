"""Who fulfils some filters, by id: for work that goes through all of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, select

from webapp.contacts.models import Contact

Conditions = Sequence[ColumnElement[bool]]


def ids_after(
    connection: Connection, matching: Conditions, after: int, up_to: int, limit: int
) -> list[int]:
    """Give the next contacts that fulfil `matching`, by id, from `after` on up to `up_to`."""
    query = (
        select(Contact.id)
        .where(*matching, Contact.id > after, Contact.id <= up_to)
        .order_by(Contact.id)
        .limit(limit)
    )
    return list(connection.scalars(query))


def highest_id(connection: Connection) -> int:
    """Give the id of the newest contact; who comes later has a higher one. 0 where there is none."""
    return connection.scalar(select(func.max(Contact.id))) or 0
