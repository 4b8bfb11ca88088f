"""The search index beside the contacts: ids by pieces of text and by facts, on either database.

Made and kept in step by triggers (webapp/migrations/search_tables.py). It finds candidates: all who
hold the asked texts are among them, but not every candidate does, so they are looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Engine,
    Integer,
    Select,
    Text,
    cast,
    column,
    false,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.orm import Session

from webapp.core.dialect import is_postgres

GRAM = 3  # characters
Ids = Select[tuple[int]]
# Of each group one must be there.
Groups = Sequence[Sequence[str]]

_SEARCH = table(
    "contact_search",
    column("contact_id", Integer),
    column("words", Text),
    column("facts", ARRAY(Text)),
)
_GRAMS = table("contact_grams", column("term", Text), column("doc", Integer))
_LAST = "\U0010ffff"
_there: WeakKeyDictionary[Engine, bool] = WeakKeyDictionary()


def has_index(session: Session) -> bool:
    """Tell whether the index is there: an old SQLite may lack what it is made of."""
    if is_postgres(session):
        return True
    engine = session.get_bind().engine
    if engine not in _there:
        made = text("SELECT count(*) FROM sqlite_master WHERE name = 'contact_search'")
        _there[engine] = bool(session.connection().execute(made).scalar_one())
    return _there[engine]


def holding(session: Session, texts: Groups, facts: Groups) -> list[Ids]:
    """Give selects of the ids (as `id`) of those who hold one text and one fact of each group.

    Whoever fulfils all of it is in each of them; PostgreSQL joins all in one, SQLite keeps texts
    and facts apart and gives ids in their order, either way, as they are asked for. Texts are of
    three characters or more; facts are "name=value", A to Z in lower case.
    """
    if is_postgres(session):
        return [_of_postgres(texts, facts)] if texts or facts else []
    words = [[_all_grams(piece) for piece in group] for group in texts]
    said = [[_token(fact) for fact in group] for group in facts]
    found = (_of_sqlite("contact_search", words), _of_sqlite("contact_facts", said))
    return [ids for ids in found if ids is not None]


def beginning(session: Session, texts: Sequence[str]) -> Ids:
    """Give the same of those who hold one of some shorter texts: a gram begins at each place.

    It is for rare texts: what many hold takes long.
    """
    if is_postgres(session):
        return _of_postgres([texts], [])
    term = _GRAMS.c.term
    met = or_(*((term >= text) & (term < text + _LAST) for text in texts))
    return select(_GRAMS.c.doc.label("id")).where(met).distinct()


def grams(piece: str) -> list[str]:
    """Give every three characters of a text that follow each other; of a shorter one itself."""
    return [piece[place : place + GRAM] for place in range(max(1, len(piece) - GRAM + 1))]


def _of_postgres(texts: Groups, facts: Groups) -> Ids:
    found = select(_SEARCH.c.contact_id.label("id"))
    if texts:
        asked = " & ".join(f"({' | '.join(map(_tsquery, group))})" for group in texts)
        match: Any = func.heed_grams(_SEARCH.c.words).op("@@")(cast(asked, TSQUERY))
        found = found.where(match)
    for group in facts:
        found = found.where(_SEARCH.c.facts.overlap(list(group)))
    return found


def _tsquery(piece: str) -> str:
    """Write the grams of a text as lexemes that must all be there; a short one as a beginning."""
    quoted = ["'" + g.replace("\\", "\\\\").replace("'", "''") + "'" for g in grams(piece)]
    return " & ".join(quoted) if len(piece) >= GRAM else f"{quoted[0]}:*"


def _of_sqlite(index: str, groups: Groups) -> Ids | None:
    if not groups:
        return None
    id_column: Any = literal_column("rowid", Integer).label("id")
    ids = select(id_column).select_from(table(index))
    if not all(groups):
        return ids.where(false())  # a group of nothing (days from a later to an earlier one)
    asked = " AND ".join(f"({' OR '.join(group)})" for group in groups)
    return ids.where(literal_column(index).op("MATCH")(asked))


def _all_grams(piece: str) -> str:
    return "(" + " AND ".join('"' + g.replace('"', '""') + '"' for g in grams(piece)) + ")"


def _token(fact: str) -> str:
    return fact.encode().hex()
