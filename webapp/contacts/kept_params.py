"""What a segment keeps, read: filters that were saved, or a tree that was built; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from webapp.contacts.filters import Filters, parse_filters
from webapp.contacts.tree import Condition, Group, How, What, as_json, mapped, read_tree

# What a segment stands for.
Meaning = Filters | Group
Kept = list[list[str]] | dict[str, Any]
# What conditions look for that somebody typed, and that may name a person. Tags are the account's.
SAID = (What.NAME, What.PHONE, What.EMAIL, What.SEARCH, What.ATTRIBUTE)


def meaning_of(params: Sequence[Any] | Mapping[str, Any]) -> Meaning:
    """Read what a segment keeps, of either kind. Raises Invalid where it can no longer be read."""
    return read_tree(params) if isinstance(params, Mapping) else filters_of(params)


def filters_of(params: Iterable[Sequence[str]]) -> Filters:
    """Read the pairs of a segment. Raises Invalid where a word of them is no longer known."""
    args: dict[str, list[str]] = {}
    for name, value in params:
        args.setdefault(name, []).append(value)
    return parse_filters(args).essence


def pairs_of(filters: Filters) -> list[list[str]]:
    """Give filters as the pairs that a segment keeps."""
    return [[name, str(value)] for name, value in filters.essence.params()]


def params_of(meaning: Meaning) -> Kept:
    """Give what a segment keeps of a meaning."""
    return as_json(meaning) if isinstance(meaning, Group) else pairs_of(meaning)


def said_otherwise(meaning: Meaning, say: Callable[[str], str]) -> Meaning:
    """Give a meaning with `say` of each text that it looks for.

    A number that is no number any more is looked for as a name: nobody has it either.
    """
    if isinstance(meaning, Group):
        return mapped(meaning, lambda asked: _said_otherwise(asked, say))
    attributes = tuple(
        replace(
            asked,
            values=tuple(map(say, asked.values)),
            least=say(asked.least) if asked.least else "",
            most=say(asked.most) if asked.most else "",
        )
        for asked in meaning.attributes
    )
    search = say(meaning.search) if meaning.search else ""
    return replace(meaning, search=search, attributes=attributes)


def _said_otherwise(asked: Condition, say: Callable[[str], str]) -> Condition:
    values = tuple(say(value) if value else "" for value in asked.values)
    if asked.what not in SAID or values == asked.values:
        return asked
    if asked.what is What.PHONE:
        return Condition(What.NAME, How.CONTAINS, values=values)
    return replace(asked, values=values)
