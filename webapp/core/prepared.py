"""Statements that run with every consent change: built once, compiled once, run by the driver.

SQLAlchemy compiles them and converts their values; what it does around each execution costs
several times what such a statement takes, and is left out. Connections, transactions, errors and
events stay its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.type_api import TypeEngine

from webapp.core.db import connection as connection_now

Values = Mapping[str, Any]
Row = tuple[Any, ...]
Convert = Callable[[Any], Any] | None


class Prepared:
    """A Core statement for the session's open transaction, to be run past the ORM.

    Parameters go by name; an INSERT or UPDATE without values takes the columns that are named.
    There are no defaults of Python: an INSERT names every column that the database gives none.
    What the ORM still holds is not flushed first, and objects that it has read do not notice.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._forms: dict[tuple[str, tuple[str, ...]], _Form] = {}

    def all(self, values: Values, *, on: Connection | None = None) -> list[Row]:
        """Run it, on the session's connection or another; gives its rows."""
        connection = on or connection_now()
        answer = _answered(connection, self, values)
        return self._form(connection, values).run(connection, values) if answer is None else answer

    def first(self, values: Values) -> Row | None:
        """Run it; gives its first row, if there is one."""
        rows = self.all(values)
        return rows[0] if rows else None

    def scalar(self, values: Values) -> Any:
        """Run it; gives the first column of its first row, None where there is no row."""
        rows = self.all(values)
        return rows[0][0] if rows else None

    def run(self, values: Values) -> None:
        """Run it for its effect."""
        self.all(values)

    def run_each(self, several: Sequence[Values], *, on: Connection | None = None) -> None:
        """Run it for its effect with each of several values, which name the same parameters."""
        connection = on or connection_now()
        if len(several) == 1:
            self.all(several[0], on=connection)
        elif several:
            self._form(connection, several[0]).run_each(connection, several)

    def _form(self, connection: Connection, values: Values) -> _Form:
        key = (connection.dialect.name, tuple(values))
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _Form(self._statement, connection.dialect, list(values))
        return form


Ask = tuple[Prepared, Values]
# What was asked ahead and is not yet needed, over which connection.
_ahead: ContextVar[tuple[Connection, list[tuple[Prepared, Values, list[Row]]]] | None]
_ahead = ContextVar("ahead", default=None)


def ask_ahead(asks: Sequence[Ask]) -> None:
    """Send queries whose answers will soon be needed in one go, for a request that only reads.

    On PostgreSQL each would take a trip of its own. The answers wait for whoever asks the same,
    once, until the transaction ends. SQLite has no trips, and is asked when the time comes.
    """
    connection = connection_now()
    if connection.dialect.name != "postgresql":
        return
    raw: Any = connection.connection.dbapi_connection
    forms = [prepared._form(connection, values) for prepared, values in asks]
    with raw.pipeline():
        cursors = [
            form.send(connection, values) for form, (_, values) in zip(forms, asks, strict=True)
        ]
    answers = [form.receive(cursor) for form, cursor in zip(forms, cursors, strict=True)]
    _ahead.set((connection, [(*ask, rows) for ask, rows in zip(asks, answers, strict=True)]))


def _answered(connection: Connection, prepared: Prepared, values: Values) -> list[Row] | None:
    """Give the answer that was asked for ahead, if there is one."""
    kept = _ahead.get()
    if kept is None or kept[0] is not connection:
        return None
    for place, (asked, with_values, _) in enumerate(kept[1]):
        if asked is prepared and with_values == values:
            return kept[1].pop(place)[2]
    return None


@event.listens_for(Session, "after_transaction_end")
def _forget_answers(_session: Session, _transaction: Any) -> None:
    if _ahead.get() is not None:
        _ahead.set(None)


class _Form:
    """A statement compiled for one database and one set of named parameters."""

    def __init__(self, statement: Executable, dialect: Dialect, names: list[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)
        assert not compiled.insert_prefetch, f"defaults: {compiled.insert_prefetch}"
        self.sql = str(compiled)
        assert "[POSTCOMPILE" not in self.sql, "a list that is written anew each time"
        # What the driver takes, by place or by name, with the constants in it; and what is given.
        order = compiled.positiontup
        slots: list[tuple[Any, str]] = (
            list(enumerate(order)) if order is not None else [(n, n) for n in compiled.binds]
        )
        self._constants: Any = [None] * len(slots) if order is not None else {}
        self._given: list[tuple[Any, str, Convert]] = []
        for slot, name in slots:
            bind = compiled.binds[name]
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if name in names:
                self._given.append((slot, name, convert))
            else:
                assert not bind.required, f"{name} is not given"
                self._constants[slot] = convert(bind.value) if convert else bind.value
        self._results = [_reader(column.type, dialect) for column in _columns_of(statement)]

    def run(self, connection: Connection, values: Values) -> list[Row]:
        """Run it on the connection; gives its rows."""
        return self._execute(connection, self._parameters(values), many=False)

    def run_each(self, connection: Connection, several: Sequence[Values]) -> None:
        """Run it with each of several values."""
        self._execute(connection, [self._parameters(values) for values in several], many=True)

    def send(self, connection: Connection, values: Values) -> Any:
        """Send it and do not wait; gives the cursor that will have the answer."""
        cursor, parameters = connection.connection.cursor(), self._parameters(values)
        self._tell(connection, cursor, parameters, many=False)
        cursor.execute(self.sql, parameters)
        return cursor

    def receive(self, cursor: Any) -> list[Row]:
        """Read the answer to what was sent."""
        with closing(cursor):
            return self._read(cursor.fetchall())

    def _parameters(self, values: Values) -> Any:
        found = self._constants.copy()
        for slot, name, convert in self._given:
            value = values[name]
            found[slot] = convert(value) if convert else value
        return found

    def _execute(self, connection: Connection, parameters: Any, *, many: bool) -> list[Row]:
        cursor = connection.connection.cursor()
        try:
            self._tell(connection, cursor, parameters, many=many)
            (cursor.executemany if many else cursor.execute)(self.sql, parameters)
            return self._read(cursor.fetchall()) if self._results and not many else []
        except Exception as error:
            raise _told(error, connection, cursor, self.sql, parameters) from error
        finally:
            cursor.close()

    def _tell(self, connection: Connection, cursor: Any, parameters: Any, *, many: bool) -> None:
        """Tell those who listen for statements."""
        for tell in connection.dispatch.before_cursor_execute:
            tell(connection, cursor, self.sql, parameters, None, many)

    def _read(self, rows: Sequence[Sequence[Any]]) -> list[Row]:
        readers = self._results
        return [
            tuple(
                [read(value) if read else value for read, value in zip(readers, row, strict=True)]
            )
            for row in rows
        ]


def _columns_of(statement: Any) -> Sequence[Any]:
    """Give what a query selects, or a write returns."""
    return list(getattr(statement, "exported_columns", ()))


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Convert:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _told(
    error: Exception, connection: Connection, cursor: Any, sql: str, parameters: Any
) -> Exception:
    """Give an error as SQLAlchemy tells it, which leaves a connection that has broken."""
    dialect = connection.dialect
    driver = dialect.loaded_dbapi
    if not isinstance(error, driver.Error):
        return error
    gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
    if gone:
        connection.invalidate(error)
    return DBAPIError.instance(
        sql,
        parameters,
        error,
        driver.Error,
        connection_invalidated=gone,
        dialect=dialect,
    )
