"""What a row of a dry run would change in its contact, as its page shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from webapp.contacts.attributes import show_value
from webapp.imports.contact_fields import EMAIL, NAME, PHONE, TAGS
from webapp.imports.contact_queries import standing

FIRST = (NAME, PHONE, EMAIL)  # and tags last


class Change(NamedTuple):
    """A part of a contact: what stands there now, empty for nothing, and what would.

    Of tags only what is added: `before` is None.
    """

    label: str
    before: str | None
    after: str


def row_changes(
    rows: Sequence[Mapping[str, Any]], label_of: Callable[[str], str]
) -> dict[int, list[Change]]:
    """Give what shown rows of a check would change, by the number of the row.

    What stands now is read now: of who was erased, or merged, nothing is there to be shown.
    """
    changing = [row for row in rows if row.get("changes")]
    now = standing([row["contact_id"] for row in changing])
    return {
        row["row"]: [
            _change(label_of(part), before.get(part), row["changes"][part])
            for part in sorted(row["changes"], key=_place)
            if before.get(part) != row["changes"][part]
        ]
        for row in changing
        if (before := now.get(row["contact_id"])) is not None
    }


def _place(part: str) -> tuple[int, str]:
    """Put the name and the addresses first, then attributes, then tags."""
    return (FIRST.index(part) if part in FIRST else len(FIRST) + (part == TAGS), part)


def _change(label: str, before: Any, after: Any) -> Change:
    if isinstance(after, list):
        return Change(label, None, f"+ {', '.join(after)}")
    return Change(label, show_value(before), show_value(after))
