"""The bare statements of pages, filters and searches: one each, with the tags in it."""

from __future__ import annotations

TAGS = {
    "postgresql": "string_agg(t.name, ', ' ORDER BY t.folded)",
    "sqlite": "group_concat(t.name, ', ')",
}
SHOWN = """
SELECT c.id, c.name, coalesce(c.phone, c.whatsapp_id) AS address, c.whatsapp_state AS state,
    c.attributes, c.created_at, c.whatsapp_changed_at AS changed_at, c.whatsapp_source AS source,
    (SELECT {tags} FROM contact_tags AS ct JOIN tags AS t ON t.id = ct.tag_id
     WHERE ct.contact_id = c.id) AS tags
FROM {found}
LIMIT 50
"""
PAGE = "contacts AS c WHERE c.id < :id ORDER BY c.id DESC"
# The index of attributes gives candidates (OFFSET 0 pins that); who has the tag and, on SQLite,
# who is opted out is asked of indexes too, before a contact's row is read.
FILTER = {
    "postgresql": """
(SELECT contact_id AS id FROM contact_search WHERE facts @> ARRAY[:fact] OFFSET 0) AS s
JOIN contact_tags AS ct
    ON ct.contact_id = s.id AND ct.tag_id = (SELECT id FROM tags WHERE folded = :tag)
JOIN contacts AS c ON c.id = s.id AND c.whatsapp_state = 'opted_out'
ORDER BY c.id DESC""",
    "sqlite": """
contact_facts AS s
CROSS JOIN contacts AS o INDEXED BY ix_contacts_whatsapp_state
    ON o.whatsapp_state = 'opted_out' AND o.id = s.rowid
CROSS JOIN contact_tags AS ct
    ON ct.contact_id = s.rowid AND ct.tag_id = (SELECT id FROM tags WHERE folded = :tag)
CROSS JOIN contacts AS c ON c.id = s.rowid
WHERE contact_facts MATCH :fact ORDER BY s.rowid DESC""",
}
# Where many fulfil all of it, PostgreSQL meets a page of them sooner along the index of states
# (its LIMIT pins that); SQLite reads its candidates one by one, and stops at a page as well.
FILTER_MANY = FILTER | {
    "postgresql": """
(SELECT * FROM contacts WHERE whatsapp_state = 'opted_out' ORDER BY id DESC LIMIT 20000) AS c
WHERE EXISTS (SELECT FROM contact_tags AS ct WHERE ct.contact_id = c.id
    AND ct.tag_id = (SELECT id FROM tags WHERE folded = :tag))
  AND lower(c.attributes ->> 'language') = split_part(:fact, '=', 2)
ORDER BY c.id DESC""",
}
TWO_CHANNELS = (
    "contacts AS c WHERE c.email_state = 'opted_out' AND c.whatsapp_state = 'opted_in'"
    " ORDER BY c.id DESC"
)
# Every three characters of what is searched for give candidates; then come the words themselves.
SEARCH = {
    "postgresql": """
(SELECT contact_id AS id FROM contact_search
 WHERE heed_grams(words) @@ CAST(:grams AS tsquery){words}
 ORDER BY contact_id DESC LIMIT 50) AS s
JOIN contacts AS c ON c.id = s.id ORDER BY c.id DESC""",
    "sqlite": """
contact_search AS s JOIN contacts AS c ON c.id = s.rowid
WHERE contact_search MATCH :grams{words} ORDER BY s.rowid DESC""",
}
WORD = {
    "postgresql": " AND words LIKE '%' || :word{n} || '%'",
    "sqlite": " AND (instr(c.name_folded, :word{n}) OR instr(c.email, :word{n}))",
}
NUMBER = {
    "postgresql": WORD["postgresql"],
    "sqlite": " AND (instr(c.name_folded, :word{n}) OR instr(c.email, :word{n})"
    " OR instr(c.phone, :word{n}))",
}


def page_of(database: str) -> str:
    """Give the statement of a page without a filter."""
    return _shown(database, PAGE)


def filtered(database: str, *, many: bool = False) -> str:
    """Give the statement of the newest who carry a tag and an attribute and are opted out."""
    return _shown(database, (FILTER_MANY if many else FILTER)[database])


def named(database: str, words: int) -> str:
    """Give the statement of the newest with so many words in their name or email."""
    wanted = "".join(WORD[database].format(n=n) for n in range(words))
    return _shown(database, SEARCH[database].format(words=wanted))


def numbered(database: str) -> str:
    """Give the statement of the newest with digits in their name, email or number."""
    return _shown(database, SEARCH[database].format(words=NUMBER[database].format(n=0)))


def on_two_channels(database: str) -> str:
    """Give the statement of the newest who are out on email and in on WhatsApp."""
    return _shown(database, TWO_CHANNELS)


def grams(database: str, *words: str) -> str:
    """Give what asks an index for every three characters of some words."""
    threes = {word[place : place + 3] for word in words for place in range(len(word) - 2)}
    quote, both = ("'", " & ") if database == "postgresql" else ('"', " AND ")
    return both.join(f"{quote}{three}{quote}" for three in sorted(threes))


def fact(database: str, name: str, value: str) -> str:
    """Give what asks an index for an attribute's value."""
    said = f"{name}={value}".lower()
    return said if database == "postgresql" else said.encode().hex().upper()


def _shown(database: str, found: str) -> str:
    return SHOWN.format(tags=TAGS[database], found=found.strip())
