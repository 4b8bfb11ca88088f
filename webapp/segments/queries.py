"""Reading segments."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from webapp.contacts.segment_models import Segment
from webapp.core.db import db, table_of
from webapp.core.errors import NotFound
from webapp.core.prepared import Ask, Prepared

MOST = 500


def segments(limit: int = MOST) -> list[Segment]:
    """Give the account's segments by alphabet, for reading: they belong to no database session."""
    prepared, values = ask_all(limit)
    return [Segment(**dict(zip(_NAMES, row, strict=True))) for row in prepared.all(values)]


def ask_all(limit: int = MOST) -> Ask:
    """Give what `segments` asks, to be asked ahead."""
    return _ALL, {"most": limit}


_NAMES = table_of(Segment).c.keys()
_TABLE = table_of(Segment).c
_NAME = Prepared(select(_TABLE.name).where(_TABLE.id == bindparam("id")))
_NAMES_BY_ID = Prepared(
    select(_TABLE.id, _TABLE.name).order_by(_TABLE.folded).limit(bindparam("most"))
)
_ALL = Prepared(select(table_of(Segment)).order_by(Segment.folded).limit(bindparam("most")))


def segment_of(segment_id: int) -> Segment:
    """Give a segment. Raises NotFound."""
    found = db.session.get(Segment, segment_id)
    if found is None:
        raise NotFound("That segment is not there. It may have been deleted.")
    return found


def name_of(segment_id: int) -> str:
    """Give a segment's name; empty where there is none of this id, as there is none of 0."""
    return (_NAME.scalar({"id": segment_id}) or "") if segment_id else ""


def names() -> dict[str, str]:
    """Give the name of each segment by its id, as text."""
    return {str(segment_id): name for segment_id, name in _NAMES_BY_ID.all({"most": MOST})}


def named(folded: str) -> Segment | None:
    """Give the segment whose name reads so, or None."""
    return db.session.scalar(select(Segment).where(Segment.folded == folded))
