"""Many values as one: keys in a condition, texts in a result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Dialect,
    FromClause,
    Integer,
    LargeBinary,
    Select,
    Text,
    TypeDecorator,
    bindparam,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.core.dialect.kinds import is_postgres

KEY = 32  # bytes of the key that stands for an address


def one_of(
    session: Session, column: ColumnElement[Any] | InstrumentedAttribute[Any], keys: Iterable[bytes]
) -> ColumnElement[bool]:
    """Give the condition that a column holds one of many keys, all of KEY bytes.

    They travel as one value that the database cuts up: a parameter for each costs several times
    what looking it up does.
    """
    packed = b"".join(keys)
    assert len(packed) % KEY == 0, "keys of one length"
    whole, count = bindparam("packed", packed, LargeBinary(), unique=True), len(packed) // KEY
    if is_postgres(session):
        place = func.generate_series(0, literal(count - 1)).column_valued("place")
        cut = select(func.substr(whole, place * KEY + 1, KEY, type_=LargeBinary()))
        return column == func.any(func.array(cut.scalar_subquery()))
    first = select(literal_column("0", Integer).label("place")).where(literal(count) > 0)
    places = first.cte(recursive=True)
    following = places.c.place + 1
    places = places.union_all(select(following).where(following < literal(count)))
    return column.in_(select(func.substr(whole, places.c.place * KEY + 1, KEY)))


SEPARATOR = "\x1f"


class _Texts(TypeDecorator[list[str]]):
    """Several short texts in one column of a result: an array, on SQLite joined by a separator.

    The separator counts as white space, which names of ours keep only as a blank.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Take an array where there are some."""
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_result_value(self, value: Any, dialect: Dialect) -> list[str]:
        """Give the list."""
        if dialect.name != "postgresql" and value is not None:
            value = value.split(SEPARATOR)
        return list(value or ())


def texts(
    wanted: Select[tuple[str]], *, of: FromClause, postgres: bool
) -> ColumnElement[list[str]]:
    """Give the one column of a query about a row of `of` as a list, in its order."""
    if postgres:
        return func.array(wanted.correlate(of).scalar_subquery(), type_=_Texts())
    column = wanted.correlate(of).subquery().c[0]
    joined = func.group_concat(column, literal_column("char(31)"), type_=_Texts())
    return select(joined).scalar_subquery()
