"""Whom a task is for: those who matched when it was started, written down by id."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from webapp.bulk.selection import Selection
from webapp.contacts.matching import stream_ids
from webapp.tasks import files
from webapp.tasks.rules import NAMELESS

ROLE = "people"
ID = "q"  # eight bytes each, so that a piece of a file ends where an id does
TOGETHER = 4 * files.PART // 8


def ids_of(selection: Selection) -> array[int]:
    """Give all whom a selection is for now, by id. Raises Invalid."""
    return array(ID, stream_ids(selection.conditions()))


def keep(task_id: int, ids: array[int]) -> None:
    """Write them down with a task, in the open transaction."""
    file_id = files.begin(task_id, ROLE, NAMELESS, "application/octet-stream")
    for start in range(0, len(ids), TOGETHER):
        files.append(file_id, ids[start : start + TOGETHER].tobytes())


def kept(task_id: int, skip: int) -> Iterator[int]:
    """Give who was written down, but for the first of them, with no transaction open in between.

    Raises NotFound where the file is gone.
    """
    file_id = files.file_of(task_id, ROLE).id
    for piece in files.pieces_of(file_id):
        ids = array(ID, piece)
        yield from ids[skip:]
        skip = max(0, skip - len(ids))
