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
FROM (SELECT * FROM contacts WHERE {narrow}
      ORDER BY created_at DESC, id DESC LIMIT 50) AS c
ORDER BY c.created_at DESC, c.id DESC
"""
KEYSET = "(created_at, id) < (:created, :id)"
TAGGED = """
whatsapp_state = 'opted_out' AND {attribute}
AND EXISTS (SELECT 1 FROM contact_tags AS ct WHERE ct.contact_id = contacts.id
            AND ct.tag_id = (SELECT id FROM tags WHERE folded = :tag))
"""
ATTRIBUTE = {
    "postgresql": "attributes @> jsonb_build_object(CAST(:name AS text), CAST(:value AS text))",
    "sqlite": "json_extract(attributes, '$.' || :name) = :value",
}
WORD = "(name_folded LIKE :word{n} OR email LIKE :word{n})"
DIGITS = "phone LIKE :digits"


def page_of(database: str) -> str:
    """Give the statement of a page without a filter."""
    return _shown(database, KEYSET)


def filtered(database: str) -> str:
    """Give the statement of the newest who carry a tag and an attribute and are opted out."""
    return _shown(database, TAGGED.format(attribute=ATTRIBUTE[database]))


def named(database: str, words: int) -> str:
    """Give the statement of the newest with so many words in their name or email."""
    return _shown(database, " AND ".join(WORD.format(n=n) for n in range(words)))


def numbered(database: str) -> str:
    """Give the statement of the newest with digits in their number."""
    return _shown(database, DIGITS)


def _shown(database: str, narrow: str) -> str:
    return SHOWN.format(tags=TAGS[database], narrow=narrow)
