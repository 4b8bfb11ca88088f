"""What the list of opportunities is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.core.errors import Invalid
from webapp.core.web import read_id
from webapp.opportunities.rules import Stage

LONGEST_SEARCH = 200  # characters
SORTS = {
    "-updated": "Last changed first",
    "-amount": "Largest first",
    "amount": "Smallest first",
    "expected": "Expected soonest",
}
DEFAULT = "-updated"


@dataclass(frozen=True)
class Asked:
    """Filters and sort of the list; None and an empty search ask for all."""

    stage: Stage | None = None
    owner_id: int | None = None
    q: str = ""
    sort: str = DEFAULT

    def words(self) -> dict[str, Any]:
        """Give what is set, as an address has it."""
        sort = "" if self.sort == DEFAULT else self.sort
        said = {"stage": self.stage, "owner": self.owner_id, "q": self.q, "sort": sort}
        return {name: str(value) for name, value in said.items() if value}

    @property
    def filtered(self) -> bool:
        """True where anything narrows the list."""
        return bool(self.stage or self.owner_id or self.q)


def read_asked(args: Mapping[str, str]) -> Asked:
    """Read an address; a stage or sort that nobody knows asks for all, by the default.

    Raises Invalid for a search that is too long.
    """
    q = args.get("q", "").strip()
    if len(q) > LONGEST_SEARCH or "\x00" in q:
        raise Invalid(f"A search has {LONGEST_SEARCH} characters at most.", field="q")
    stage = args.get("stage", "")
    sort = args.get("sort", "")
    return Asked(
        Stage(stage) if stage in set(Stage) else None,
        read_id(args.get("owner", "")),
        q,
        sort if sort in SORTS else DEFAULT,
    )
