"""Files of a long result, written by the database where it can: CSV, without holding it in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from psycopg.errors import InvalidParameterValue
from sqlalchemy import Connection, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from webapp.core.errors import Invalid
from webapp.core.streams import driver_of, reading_through

log = structlog.get_logger(__name__)
# Rows that leave as one piece: some tens of kilobytes.
PIECE = 500
Piece = tuple[bytes, int]  # and how many rows it has
# Until the transaction ends. Compiling the many expressions takes longer than it saves.
SETTINGS = "SELECT set_config('TimeZone', %s, true), set_config('jit', 'off', true)"
READY: Piece = (b"", 0)
LINE_END = b"\r\n"  # RFC 4180
# Our web server (Granian) ends an answer properly also after an error in it, and would pass a part
# off as the whole. So the part says what it is; its quote that nobody closes makes it an error for
# whatever reads the file strictly (RFC 4180, section 2, 5).
BROKEN_OFF = '"THIS FILE IS NOT COMPLETE: an error ended it here. Export it again.\r\n'


class local_time(FunctionElement[str]):  # a function of SQL
    """The text of a moment in the zone of `stream_csv`: RFC 3339 with the offset, to the second."""

    name = "local_time"
    inherit_cache = True


@compiles(local_time, "postgresql")
def _to_char(element: local_time, compiler: SQLCompiler, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    return f"""to_char({moment}, 'YYYY-MM-DD"T"HH24:MI:SSTZH:TZM')"""


@compiles(local_time, "sqlite")
def _in_python(element: local_time, compiler: SQLCompiler, **kw: Any) -> str:
    return f"heed_local_time({compiler.process(element.clauses, **kw)})"


def stream_csv(
    header: str,
    statement: Select[*tuple[Any, ...]],
    zone: ZoneInfo,
    say: Callable[[int], None] | None = None,
) -> Generator[bytes]:
    """Give a CSV file in UTF-8 piece by piece: `header`, then the rows of `statement`.

    The statement selects texts and numbers, NULL for an empty cell, as they are to stand in the
    file; moments by `local_time`, which says them in `zone`. Uses a connection of its own until
    the last row or until it is closed. Raises Invalid for a zone that the database does not know;
    the rows are asked for after the header was taken. An error among them is raised, after a line
    that says in the file that it is not whole. `say` hears after each piece how many rows have
    left.
    """
    pieces = _pieces(header, statement, zone, say or (lambda _rows: None))
    next(pieces)
    return pieces


def _pieces(
    header: str,
    statement: Select[*tuple[Any, ...]],
    zone: ZoneInfo,
    say: Callable[[int], None],
) -> Generator[bytes]:
    with ExitStack() as stack:
        connection = stack.enter_context(reading_through())
        connection.begin()
        read = _copied if connection.dialect.name == "postgresql" else _written
        # Closed before the connection: a COPY that still runs would not let it go.
        pieces = stack.enter_context(closing(read(connection, statement, zone)))
        next(pieces)
        yield b""  # ready
        yield header.encode()
        left = 0
        for piece, rows in _marked(pieces):
            yield piece
            left += rows
            say(left)


def _marked(pieces: Generator[Piece]) -> Generator[Piece]:
    """Say in the file that it is not whole, where an error ends it."""
    try:
        yield from pieces
    except Exception as error:
        log.exception("stream.broke_off", error=repr(error))
        yield BROKEN_OFF.encode(), 0
        raise


def _copied(
    connection: Connection, statement: Select[*tuple[Any, ...]], zone: ZoneInfo
) -> Generator[Piece]:
    """Let PostgreSQL write the lines (COPY). Closed early, it stops the query."""
    sql, values = _as_sent(connection, statement)
    with driver_of(connection).cursor() as cursor:
        try:
            cursor.execute(SETTINGS, [zone.key])
        except InvalidParameterValue:
            raise Invalid(f"The database does not know the time zone {zone.key}.") from None
        yield READY  # PostgreSQL keeps its first word to itself until the first rows are there
        copy = f"COPY ({sql}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')"
        with cursor.copy(copy, values) as lines:
            # A line each, with the server's own end (protocol, "COPY Operations").
            while piece := [line[:-1] for line in islice(lines, PIECE)]:
                yield LINE_END.join([*piece, b""]), len(piece)


def _written(
    connection: Connection, statement: Select[*tuple[Any, ...]], zone: ZoneInfo
) -> Generator[Piece]:
    """Write the lines here: SQLite has no server to do it."""
    sql, values = _as_sent(connection, statement)
    raw = driver_of(connection)
    raw.create_function("heed_local_time", 1, _sayer(zone), deterministic=True)
    yield READY
    cursor = raw.execute(sql, values)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    while rows := cursor.fetchmany(PIECE):
        writer.writerows(rows)
        yield buffer.getvalue().encode(), len(rows)
        buffer.seek(0)
        buffer.truncate()


def _sayer(zone: ZoneInfo) -> Callable[[str | None], str | None]:
    """Give what says a moment, as SQLite keeps them, in a zone; hour by hour, since that is cheap.

    In most hours of most zones the offset is one, and of whole hours: then minutes and seconds
    stay as they are.
    """

    def local(moment: str) -> str:
        utc = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        return utc.astimezone(zone).isoformat(timespec="seconds")

    @cache
    def around(hour: str) -> tuple[str, str] | None:
        first, last = local(f"{hour}:00:00"), local(f"{hour}:59:59")
        whole = first[13:19] == ":00:00" and first[:13] == last[:13] and first[19:] == last[19:]
        return (first[:13], first[19:]) if whole else None

    def said(moment: str | None) -> str | None:
        if moment is None:
            return None
        known = around(moment[:13])
        return f"{known[0]}{moment[13:19]}{known[1]}" if known else local(moment)

    return said


def _as_sent(connection: Connection, statement: Select[*tuple[Any, ...]]) -> tuple[str, Any]:
    """Give a statement and its values as they go to the driver."""
    compiled = statement.compile(dialect=connection.dialect)
    state = compiled.construct_expanded_state()
    one_of = {new: old for old, many in state.parameter_expansion.items() for new in many}
    values = {}
    for name, value in state.parameters.items():
        kind = compiled.binds[one_of.get(name, name)].type.dialect_impl(connection.dialect)
        process = kind.bind_processor(connection.dialect)
        values[name] = process(value) if process else value
    if state.positiontup is None:
        return state.statement, values
    return state.statement, [values[name] for name in state.positiontup]
