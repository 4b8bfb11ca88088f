"""The statements that make the index by which contacts are searched, and keep it in step.

It stands beside the contacts and not among their own indexes: a change of consent writes the
contact's row, and PostgreSQL would then write every index of that row anew.

`words` is what a search looks through: name without case and accents, email and number, each
ended by a line break. It is indexed by every three characters that follow each other, whatever
the script, on both databases alike. PostgreSQL's own pg_trgm is faster to write, but knows
letters and digits alone, in a database with the locale C those of English alone, and it finds
nothing by one or two. `facts` are the attributes as "name=value" in lower case (A to Z alone), for
filters that ask for a value.
"""

from __future__ import annotations

POSTGRESQL = [
    # The cost keeps the planner from working it out for every row where the index knows.
    """CREATE FUNCTION heed_grams(words text) RETURNS tsvector
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
        SELECT array_to_tsvector(array_agg(substr(words, place, 3)))
        FROM generate_series(1, length(words)) AS place $$""",
    """CREATE FUNCTION heed_words(name text, email text, phone text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT concat(name, E'\\n', email, E'\\n', phone, E'\\n\\n') $$""",
    """CREATE FUNCTION heed_facts(attributes jsonb) RETURNS text[]
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(lower((key || '=' || value) COLLATE "C")), '{}')
        FROM jsonb_each_text(attributes) WHERE value IS NOT NULL $$""",
    """CREATE TABLE contact_search (
        contact_id bigint PRIMARY KEY, words text NOT NULL, facts text[] NOT NULL)""",
    """INSERT INTO contact_search
        SELECT id, heed_words(name_folded, email, phone), heed_facts(attributes) FROM contacts""",
    "CREATE INDEX ix_contact_search ON contact_search USING gin (heed_grams(words), facts)",
    """CREATE FUNCTION heed_search_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO contact_search
        SELECT id, heed_words(name_folded, email, phone), heed_facts(attributes) FROM added;
        RETURN NULL; END $$""",
    """CREATE FUNCTION heed_search_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE contact_search SET words = heed_words(NEW.name_folded, NEW.email, NEW.phone),
            facts = heed_facts(NEW.attributes) WHERE contact_id = NEW.id;
        RETURN NULL; END $$""",
    """CREATE FUNCTION heed_search_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM contact_search USING removed WHERE contact_id = removed.id;
        RETURN NULL; END $$""",
    """CREATE TRIGGER contact_search_added AFTER INSERT ON contacts
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION heed_search_added()""",
    """CREATE TRIGGER contact_search_changed
        AFTER UPDATE OF name_folded, email, phone, attributes ON contacts FOR EACH ROW
        WHEN ((OLD.name_folded, OLD.email, OLD.phone, OLD.attributes)
            IS DISTINCT FROM (NEW.name_folded, NEW.email, NEW.phone, NEW.attributes))
        EXECUTE FUNCTION heed_search_changed()""",
    """CREATE TRIGGER contact_search_removed AFTER DELETE ON contacts
        REFERENCING OLD TABLE AS removed FOR EACH STATEMENT
        EXECUTE FUNCTION heed_search_removed()""",
]
POSTGRESQL_AWAY = [
    *(
        f"DROP TRIGGER contact_search_{part} ON contacts"
        for part in ("added", "changed", "removed")
    ),
    *(f"DROP FUNCTION heed_search_{part}()" for part in ("added", "changed", "removed")),
    "DROP TABLE contact_search",
    "DROP FUNCTION heed_facts(jsonb)",
    "DROP FUNCTION heed_words(text, text, text)",
    "DROP FUNCTION heed_grams(text)",
]

# SQLite's own full-text index. It keeps no text (content='') and no places (detail=none): a third
# of the size and half of the time to write, and what it finds is looked at again anyway.
SQLITE_PROBE = [
    "CREATE VIRTUAL TABLE temp.heed_probe USING fts5(words, tokenize='trigram')",
    "DROP TABLE temp.heed_probe",
]
_KEPT = "content='', columnsize=0, detail=none"
_WORDS = """{row}.name_folded || char(10) || coalesce({row}.email, '') || char(10)
    || coalesce({row}.phone, '') || char(10) || char(10)"""
# In hexadecimal, so that each is one word of the index.
_FACTS = """coalesce((SELECT group_concat(hex(lower(key || '=' || CASE type
    WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE value END)), ' ')
    FROM json_each({row}.attributes)), '')"""


def _add(row: str, index: str, column: str, value: str) -> str:
    return f"INSERT INTO {index}(rowid, {column}) VALUES ({row}.id, {value.format(row=row)});"


def _remove(index: str, column: str, value: str) -> str:
    """Give what takes an entry out; it has to be told what the entry was."""
    return (
        f"INSERT INTO {index}({index}, rowid, {column}) "
        f"VALUES ('delete', old.id, {value.format(row='old')});"
    )


def _both(write: str) -> str:
    return f"BEGIN {write} END"


_ADDED = _add("new", "contact_search", "words", _WORDS) + _add(
    "new", "contact_facts", "facts", _FACTS
)
_REMOVED = _remove("contact_search", "words", _WORDS) + _remove("contact_facts", "facts", _FACTS)

SQLITE = [
    f"""CREATE VIRTUAL TABLE contact_search USING fts5(
        words, {_KEPT}, tokenize='trigram case_sensitive 1')""",
    f"CREATE VIRTUAL TABLE contact_facts USING fts5(facts, {_KEPT}, tokenize='ascii')",
    # Which contact has which three characters: also finds those that begin with one or two.
    "CREATE VIRTUAL TABLE contact_grams USING fts5vocab('contact_search', 'instance')",
    f"INSERT INTO contact_search(rowid, words) SELECT id, {_WORDS.format(row='contacts')} "
    "FROM contacts",
    f"INSERT INTO contact_facts(rowid, facts) SELECT id, {_FACTS.format(row='contacts')} "
    "FROM contacts",
    f"CREATE TRIGGER contact_search_added AFTER INSERT ON contacts {_both(_ADDED)}",
    f"CREATE TRIGGER contact_search_removed AFTER DELETE ON contacts {_both(_REMOVED)}",
    f"""CREATE TRIGGER contact_search_changed AFTER UPDATE OF name_folded, email, phone ON contacts
        WHEN (old.name_folded, old.email, old.phone) IS NOT (new.name_folded, new.email, new.phone)
        BEGIN {_remove("contact_search", "words", _WORDS)}
        {_add("new", "contact_search", "words", _WORDS)} END""",
    f"""CREATE TRIGGER contact_facts_changed AFTER UPDATE OF attributes ON contacts
        WHEN old.attributes IS NOT new.attributes
        BEGIN {_remove("contact_facts", "facts", _FACTS)}
        {_add("new", "contact_facts", "facts", _FACTS)} END""",
]
SQLITE_AWAY = [
    *(
        f"DROP TRIGGER IF EXISTS {name}"
        for name in (
            "contact_search_added",
            "contact_search_removed",
            "contact_search_changed",
            "contact_facts_changed",
        )
    ),
    *(
        f"DROP TABLE IF EXISTS {name}"
        for name in ("contact_grams", "contact_facts", "contact_search")
    ),
]
