"""Ids that this load gives out itself, so that rows can refer to each other before they exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, Protocol

from sqlalchemy import func, select

from webapp.core.db import db


class Numbered(Protocol):
    """Something that gets an id."""

    id: int


class Ids:
    """Rising ids for some tables, from the first that is free; nobody else writes meanwhile."""

    def __init__(self, first: Mapping[Any, int]) -> None:
        self._left = {model: count(number) for model, number in first.items()}

    def next(self, model: Any) -> int:
        """Give the next id of a table."""
        return next(self._left[model])

    def number(self, model: Any, things: Iterable[Numbered]) -> None:
        """Give each of these its id, in their order."""
        for thing in things:
            thing.id = self.next(model)


def free_ids(models: Iterable[Any]) -> dict[Any, int]:
    """Give the first id above those that each of these tables has."""
    return {m: (db.session.scalar(select(func.max(m.id))) or 0) + 1 for m in models}
