"""Hints to a planner that would guess wrong."""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import Boolean, ColumnElement, FromClause, Select, UnaryExpression, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.sql.selectable import Join

from webapp.core.dialect.kinds import is_postgres


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
