"""What differs between PostgreSQL and SQLite: all of it, and nothing else, lives here.

But for loading many rows at once, which is in `payloads.py` and `loading.py`.
"""

from webapp.core.dialect.connecting import LONGEST_WAIT, SAFE_METHODS, read_alone
from webapp.core.dialect.ids import continue_ids, next_ids, reuses_ids
from webapp.core.dialect.inserting import Insert, insert_or_ignore, own_insert
from webapp.core.dialect.kinds import BigId, Json, UtcDateTime, is_postgres, written_json
from webapp.core.dialect.lists import KEY, SEPARATOR, one_of, texts
from webapp.core.dialect.locking import lock, try_lock, writes_alone
from webapp.core.dialect.members import (
    ascii_lower,
    hex_of,
    json_holds,
    json_list_has,
    json_number,
    json_shown,
    json_text,
)
from webapp.core.dialect.planning import kept_apart, often, past_index, read_first, word
from webapp.core.dialect.times import DATABASE_NOW, database_now, now_after, statement_time

__all__ = [
    "DATABASE_NOW",
    "KEY",
    "LONGEST_WAIT",
    "SAFE_METHODS",
    "SEPARATOR",
    "BigId",
    "Insert",
    "Json",
    "UtcDateTime",
    "ascii_lower",
    "continue_ids",
    "database_now",
    "hex_of",
    "insert_or_ignore",
    "is_postgres",
    "json_holds",
    "json_list_has",
    "json_number",
    "json_shown",
    "json_text",
    "kept_apart",
    "lock",
    "next_ids",
    "now_after",
    "often",
    "one_of",
    "own_insert",
    "past_index",
    "read_alone",
    "read_first",
    "reuses_ids",
    "statement_time",
    "texts",
    "try_lock",
    "word",
    "writes_alone",
    "written_json",
]
