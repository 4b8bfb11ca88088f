"""What differs between PostgreSQL and SQLite: all of it, and nothing else, lives here.

But for loading many rows at once, which is in `payloads.py` and `loading.py`.
"""

from __future__ import annotations

import enum
import select as select_module
import sqlite3
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from json import JSONEncoder
from random import uniform
from typing import Any

from flask import has_request_context, request
from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    FromClause,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    TypeDecorator,
    UnaryExpression,
    bindparam,
    case,
    event,
    func,
    literal,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.sql.selectable import Join

from webapp.core import clock

BigId = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")

_one_spelling = JSONEncoder(sort_keys=True, separators=(",", ":"))

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SEPARATOR = "\x1f"
KEY = 32  # bytes of the key that stands for an address
LONGEST_WAIT = 30  # seconds for SQLite's write lock


def written_json(value: Any) -> str:
    """Give the text that a JSON column keeps: in one spelling, as jsonb has no order of keys."""
    return "{}" if value == {} else _one_spelling.encode(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime: timestamptz on PostgreSQL, sortable text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; SQLite keeps UTC without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        if value.tzinfo is not UTC:
            value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_postgres(session: Session) -> bool:
    """Tell whether this session talks to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


@event.listens_for(Engine, "connect")
def _prepare_sqlite(raw: Any, _record: Any) -> None:
    """WAL, foreign keys, and BEGIN in our own hands (stack: deferred upgrades fail at once)."""
    if isinstance(raw, sqlite3.Connection):
        raw.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            f"busy_timeout={LONGEST_WAIT * 1000}",
            "foreign_keys=ON",
            "cache_size=-65536",
        ):
            raw.execute(f"PRAGMA {pragma}")
        raw.create_function("clock_timestamp", 0, _sqlite_now)


def _sqlite_now() -> str:
    """Give this machine's time as SQLite stores times; it has no other."""
    return clock.now().replace(tzinfo=None).isoformat(" ", "microseconds")


@event.listens_for(Engine, "do_connect")
def _ping_lightly(dialect: Dialect, _record: Any, _args: Any, _params: Any) -> None:
    """Let the pool look at a connection of PostgreSQL instead of asking over it."""
    if dialect.name == "postgresql":
        dialect.do_ping = _is_open  # type: ignore[method-assign, assignment]


def _is_open(raw: Any) -> bool:
    """Tell whether an idle connection still stands: one that the server closed can be read from.

    Asking would take a round trip before each request's first statement.
    """
    if raw.closed:
        return False
    poll = select_module.poll()
    poll.register(raw.fileno(), select_module.POLLIN)
    return not poll.poll(0)


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Take SQLite's write lock at once, save in requests that only read, or when told so.

    A deferred transaction that reads and then writes fails with "database is locked" as soon as
    somebody else wrote in between, whatever the time-out.
    """
    if connection.dialect.name == "sqlite":
        asked = has_request_context() and request.method in SAFE_METHODS
        if asked or connection.get_execution_options().get("reads_only"):
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_immediate(connection)


def _begin_immediate(connection: Connection) -> None:
    """Take SQLite's write lock, looking often.

    SQLite's own wait looks ten times a second and gives the lock to whoever asks at the right
    moment: beside a caller who writes one transaction after the other, an opt-out waited 12
    seconds. Looking every few milliseconds it waits for half a second.
    """
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA busy_timeout=0")
    try:
        end = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < end:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(uniform(0.0005, 0.004))
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        raw.execute(f"PRAGMA busy_timeout={LONGEST_WAIT * 1000}")


# The database's time at the moment of its evaluation, in a statement that is built once.
DATABASE_NOW: ColumnElement[datetime] = func.clock_timestamp(type_=UtcDateTime())
_SELECT_NOW = select(DATABASE_NOW)


def read_alone(session: Session) -> None:
    """Let each statement of a request that only reads stand for itself, if none has run yet.

    PostgreSQL reads no other way at READ COMMITTED, and need not be told where a transaction
    begins and ends. On SQLite a transaction costs nothing.
    """
    if is_postgres(session) and not session.in_transaction():
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


def database_now(session: Session) -> datetime:
    """Give the database's time; on SQLite that is this machine's, there is no other."""
    if is_postgres(session):
        return session.connection().execute(_SELECT_NOW).scalar_one()
    return clock.now()


def now_after(session: Session, delay: timedelta) -> ColumnElement[datetime]:
    """Give an expression for the moment of its evaluation plus `delay`, for use in a statement."""
    if is_postgres(session):
        return func.clock_timestamp() + bindparam(None, delay, unique=True)
    return type_coerce(clock.now() + delay, UtcDateTime())


def statement_time(session: Session, delay: timedelta) -> ColumnElement[datetime]:
    """Give an expression for when its statement began plus `delay`: one moment for all its rows.

    By it an index can be searched. By `now_after` it cannot be, which may be later for each row:
    PostgreSQL then reads the whole index.
    """
    if is_postgres(session):
        return func.statement_timestamp() + bindparam(None, delay, unique=True)
    return type_coerce(clock.now() + delay, UtcDateTime())


def lock(
    session: Session,
    numbers: Iterable[int],
    *,
    shared: bool,
    idle_at_most: timedelta | None = None,
) -> None:
    """Hold the numbered locks until this transaction ends, in sorted order, in one statement.

    `numbers` are 64-bit signed integers. Exclusive waits for shared and the other way round;
    shared holders do not wait for each other. A holder that says nothing for `idle_at_most`
    (its process was stopped) is cut off and rolled back. On SQLite the transaction already holds
    the only write lock (BEGIN IMMEDIATE), so there is nothing to do.
    """
    ordered = sorted(set(numbers))
    if ordered and is_postgres(session):
        session.connection().execute(_locking(shared, idle_at_most), {"numbers": ordered})


@cache
def _locking(shared: bool, idle_at_most: timedelta | None) -> Executable:
    name = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    limit = ""
    if idle_at_most is not None:
        milliseconds = int(idle_at_most.total_seconds() * 1000)
        limit = f", set_config('idle_in_transaction_session_timeout', '{milliseconds}', true)"
    return text(f"SELECT {name}(n){limit} FROM unnest(CAST(:numbers AS bigint[])) AS n")


def writes_alone(session: Session) -> bool:
    """Tell whether the open transaction, if it writes, does so alone: then no lock is needed.

    SQLite gives its one write lock to BEGIN IMMEDIATE, before anything is read.
    """
    return not is_postgres(session)


def reuses_ids(session: Session) -> bool:
    """Tell whether the database may give the id of a deleted row to the next one."""
    return not is_postgres(session)


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


def next_ids(session: Session, model: type[Any], count: int) -> list[int]:
    """Take so many ids from a table's sequence; for a database that has one (PostgreSQL)."""
    sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
    numbers = func.generate_series(1, count).table_valued("n")
    return list(session.connection().scalars(select(func.nextval(sequence)).select_from(numbers)))


def try_lock(session: Session, number: int) -> bool:
    """Hold a numbered lock until this transaction ends, if nobody else does; tells whether.

    On SQLite the transaction already holds the only write lock, so it always does.
    """
    if not is_postgres(session):
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(number))))


Insert = postgresql.Insert | sqlite.Insert


def own_insert(session: Session) -> Callable[[Any], Insert]:
    """Give this database's own INSERT, which has ON CONFLICT. The same every time: a cache's key."""
    return postgresql.insert if is_postgres(session) else sqlite.insert


def insert_or_ignore(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> int:
    """Insert rows, leaving those that break a uniqueness; gives how many went in."""
    if not rows:
        return 0
    statement = _inserting_or_ignoring(own_insert(session), model.__table__)
    return len(session.connection().execute(statement, rows).all())


@cache
def _inserting_or_ignoring(insert: Callable[[Any], Insert], table: Table) -> Executable:
    return insert(table).on_conflict_do_nothing().returning(literal(1))


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


def word(member: enum.StrEnum) -> ColumnElement[Any]:
    """Give a word of the domain as it stands in SQL, where it should be no parameter.

    A partial index serves a plan only where its condition is written out; and what never
    changes need not be converted and sent each time that a statement runs.
    """
    return literal_column(f"'{member}'")


class _ReadFirst(Join):
    """A join of which SQLite reads the left side first, whatever its planner thinks."""

    inherit_cache = True


@compiles(_ReadFirst, "sqlite")
def _cross_join(join: _ReadFirst, compiler: Any, **more: Any) -> str:
    """Write it as SQLite's documentation says ("Manual control of query plans using CROSS JOIN")."""
    more["asfrom"] = True
    left, right = (compiler.process(side, **more) for side in (join.left, join.right))
    return f"{left} CROSS JOIN {right} ON {compiler.process(join.onclause, **more)}"


def read_first(left: FromClause, right: FromClause, on: ColumnElement[bool]) -> FromClause:
    """Join two sides, the left one read first, where the planner would have to guess."""
    return _ReadFirst(left, right, on)


def past_index(session: Session, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give a column as one that SQLite uses no index for, where its planner would take that first.

    It has no statistics, and takes an equality for rarer than any range. See its documentation
    ("Disqualifying WHERE clause terms using unary plus").
    """
    return column if is_postgres(session) else UnaryExpression(column, operator=_PLUS)


_PLUS: custom_op[Any] = custom_op("+")


def kept_apart(session: Session, wanted: Select[Any], name: str) -> FromClause:
    """Give a query as a table of another one that PostgreSQL works out by itself, as it stands."""
    if is_postgres(session):
        return wanted.cte(name).prefix_with("MATERIALIZED")
    return wanted.subquery(name)


class often(FunctionElement[bool]):
    """A condition that many rows fulfil: SQLite, which keeps no statistics, is told so.

    By itself it takes "equals" for rare, and searches a million rows by it to sort them after.
    """

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> often:
        """Stay as it is: a function's result would be compared with 1."""
        return self


@compiles(often)
def _as_it_is(element: often, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(often, "sqlite")
def _as_likely(element: often, compiler: SQLCompiler, **options: Any) -> str:
    return f"likelihood({compiler.process(element.clauses, **options)}, 0.9)"


def json_text(column: Any, name: str) -> ColumnElement[str]:
    """Give the text of one member of a JSON object column."""
    return column[name].as_string()  # type: ignore[no-any-return]


def hex_of(session: Session, column: ColumnElement[bytes]) -> ColumnElement[str]:
    """Give bytes as text, two digits a byte, a to f small."""
    if is_postgres(session):
        return func.encode(column, "hex")
    return func.lower(func.hex(column))


def ascii_lower(session: Session, text: ColumnElement[str]) -> ColumnElement[str]:
    """Give a text with A to Z in lower case, and all else as it is, whatever the locale."""
    return func.lower(text.collate("C")) if is_postgres(session) else func.lower(text)


def json_holds(
    session: Session, column: Any, name: str, value: str | float | bool
) -> ColumnElement[bool]:
    """Give the condition "this member of a JSON object column is exactly `value`".

    Containment on PostgreSQL, which a GIN index serves.
    """
    if is_postgres(session):
        return type_coerce(column, JSONB).contains({name: value})
    return _extracted(column, name) == value


def json_list_has(session: Session, column: Any, name: str, value: int) -> ColumnElement[bool]:
    """Give the condition "this member of a JSON object column is a list with `value` in it"."""
    if is_postgres(session):
        return type_coerce(column, JSONB).contains({name: [value]})
    items = func.json_each(column, _path(name)).table_valued("value", name="items")
    return select(literal_column("1")).select_from(items).where(items.c.value == value).exists()


def json_number(session: Session, column: Any, name: str) -> ColumnElement[float]:
    """Give one member of a JSON object column as a number, NULL where it is none.

    Its type is asked first, so that a text that happens to stand there is never cast.
    """
    if is_postgres(session):
        member = type_coerce(column, JSONB)[name]
        return case((func.jsonb_typeof(member) == "number", member.as_float()), else_=None)
    kind = func.json_type(column, _path(name))
    return case((kind.in_(("integer", "real")), _extracted(column, name)), else_=None)


def json_shown(
    session: Session, column: Any, name: str, *, yes: str, no: str
) -> ColumnElement[str | None]:
    """Give one member of a JSON object column as a text to read; NULL where there is none.

    A number is written as it is kept, true and false are `yes` and `no`.
    """
    if is_postgres(session):
        member = type_coerce(column, JSONB)[name]
        truth = case((member.as_string() == "true", yes), else_=no)
        return case((func.jsonb_typeof(member) == "boolean", truth), else_=member.as_string())
    kind = func.json_type(column, _path(name))
    # As JSON: as SQLite's own real it would lose digits.
    number = type_coerce(column, Text).op("->")(_path(name))
    return case(
        (kind == "true", yes),
        (kind == "false", no),
        (kind.in_(("integer", "real")), number),
        else_=_extracted(column, name),
    )


def _extracted(column: Any, name: str) -> ColumnElement[Any]:
    return func.json_extract(column, _path(name))


def _path(name: str) -> str:
    """Give SQLite's path of a member; a quote would end it early, and no such member exists."""
    return '$."{}"'.format(name.replace('"', ""))


def continue_ids(session: Session, models: Iterable[Any]) -> None:
    """Let ids of these tables go on above those that were given out by hand.

    SQLite does so by itself; a sequence of PostgreSQL has to be told.
    """
    if not is_postgres(session):
        return
    for model in models:
        column = model.__table__.c.id
        sequence = func.pg_get_serial_sequence(model.__tablename__, column.name)
        highest = select(func.max(column)).scalar_subquery()
        session.execute(select(func.setval(sequence, func.coalesce(highest, 1))))
