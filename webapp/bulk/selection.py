"""Whom a bulk action is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from webapp.contacts.definitions import definitions
from webapp.contacts.filters import Filters
from webapp.contacts.matching import first_ids
from webapp.contacts.narrowing import conditions
from webapp.core.paging import PAGE_SIZE
from webapp.core.reading import reading

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Selection:
    """The contacts that fulfil `filters`, whose dates are those of `zone`."""

    filters: Filters
    zone: ZoneInfo = UTC

    def conditions(self) -> list[ColumnElement[bool]]:
        """Give what must hold of a contact. Raises Invalid for a filter that means nothing now."""
        return conditions(self.filters, self.zone, definitions())

    def ids_at_once(self) -> list[int] | None:
        """Give who it is, where they fit on a page; None where they are more. Raises Invalid."""
        matching = self.conditions()
        with reading() as connection:
            found = first_ids(connection, matching, PAGE_SIZE + 1)
        return found if len(found) <= PAGE_SIZE else None

    def as_json(self) -> dict[str, Any]:
        """Write it down for work that goes on later."""
        asked = [[name, str(value)] for name, value in self.filters.params()]
        return {"filters": asked, "zone": self.zone.key}
