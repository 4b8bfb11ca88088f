"""A segment as a tree: groups of conditions, read from JSON and written to it; pure."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from webapp.core.errors import Invalid

MAX_DEPTH = 5  # groups within each other, the outermost counted
MAX_CONDITIONS = 50
MAX_VALUES = 1000  # of one condition
MAX_TEXT = 500
NONSENSE = "This is no segment that can be read."

Word = TypeVar("Word", bound=enum.StrEnum)


class What(enum.StrEnum):
    """What a condition looks at."""

    TAG = "tag"
    ATTRIBUTE = "attribute"
    CONSENT = "consent"
    SOURCE = "source"
    CHANGED = "changed"
    CREATED = "created"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    COUNTRY = "country"
    SEARCH = "search"
    CONTACT = "contact"
    SEGMENT = "segment"


class How(enum.StrEnum):
    """How it is compared with the values."""

    HAS = "has"
    HAS_NOT = "has_not"
    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    CONTAINS = "contains"
    BEGINS = "begins"
    LESS = "less"
    AT_MOST = "at_most"
    MORE = "more"
    AT_LEAST = "at_least"
    BETWEEN = "between"
    BEFORE = "before"
    AFTER = "after"
    LAST = "last"
    NEXT = "next"
    YES = "yes"
    NO = "no"
    SET = "set"
    UNSET = "unset"


@dataclass(frozen=True)
class Condition:
    """One thing that is asked of a contact.

    `of` is the attribute's name in data, or the channel; `values` are texts as somebody typed
    them: dates as `YYYY-MM-DD`, ids as digits, of a range two, either of them may be empty.
    """

    what: What
    how: How
    of: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Conditions and groups of which all must hold, or `any` one; `negated`: it must not be so."""

    parts: tuple[Node, ...] = ()
    any: bool = False
    negated: bool = False


Node = Condition | Group


def read_tree(written: Any) -> Group:
    """Read a tree from JSON, as `as_json` writes it. Raises Invalid for anything else.

    What its words and values mean is looked at elsewhere (`tree_check`).
    """
    found = _node(written, MAX_DEPTH)
    if not isinstance(found, Group):
        raise Invalid(NONSENSE)
    if sum(1 for _ in conditions_of(found)) > MAX_CONDITIONS:
        raise Invalid(f"A segment has at most {MAX_CONDITIONS} conditions.")
    return found


def as_json(node: Node) -> dict[str, Any]:
    """Write a tree as JSON; what is empty is left out."""
    if isinstance(node, Condition):
        told = {"of": node.of, "values": list(node.values)}
        filled = {name: value for name, value in told.items() if value}
        return {"what": node.what.value, "how": node.how.value, **filled}
    parts = [as_json(part) for part in node.parts]
    match = {"match": "any" if node.any else "all", "parts": parts}
    return {**match, "not": True} if node.negated else match


def walk(node: Node, path: str = "") -> Iterator[tuple[str, Node]]:
    """Give each node with its path, itself first: "" is the root, "1.0" the first of its second."""
    yield path, node
    if isinstance(node, Group):
        for nth, part in enumerate(node.parts):
            yield from walk(part, f"{path}.{nth}" if path else str(nth))


def conditions_of(node: Node) -> Iterator[Condition]:
    """Give every condition of a tree."""
    return (part for _, part in walk(node) if isinstance(part, Condition))


def mapped(group: Group, change: Callable[[Condition], Condition]) -> Group:
    """Give a tree with each of its conditions changed."""
    parts = tuple(
        mapped(part, change) if isinstance(part, Group) else change(part) for part in group.parts
    )
    return replace(group, parts=parts)


def names_in(node: Node, what: What) -> list[str]:
    """Give the names that a tree asks for, each once: of tags, of attributes, ids of segments."""
    asked = (part for part in conditions_of(node) if part.what is what)
    if what is What.ATTRIBUTE:
        return list(dict.fromkeys(part.of for part in asked))
    return list(dict.fromkeys(value for part in asked for value in part.values))


def _node(written: Any, depth: int) -> Node:
    if not isinstance(written, Mapping):
        raise Invalid(NONSENSE)
    if "what" in written:
        values = _texts(written.get("values", []))
        of = _texts([written.get("of", "")])[0]
        return Condition(_word(written, "what", What), _word(written, "how", How), of, values)
    parts, match, negated = written.get("parts"), written.get("match"), written.get("not", False)
    if match not in ("all", "any") or not isinstance(parts, list) or type(negated) is not bool:
        raise Invalid(NONSENSE)
    if depth == 0:
        raise Invalid(f"Groups stand in each other {MAX_DEPTH} deep at most.")
    return Group(tuple(_node(part, depth - 1) for part in parts), match == "any", negated)


def _texts(written: Any) -> tuple[str, ...]:
    if not isinstance(written, Sequence) or isinstance(written, str) or len(written) > MAX_VALUES:
        raise Invalid(NONSENSE)
    if not all(isinstance(text, str) and len(text) <= MAX_TEXT for text in written):
        raise Invalid(NONSENSE)
    return tuple(text.replace("\x00", "").strip() for text in written)


def _word(written: Mapping[str, Any], name: str, words: type[Word]) -> Word:
    text = written.get(name)
    if not isinstance(text, str) or text not in set(words):
        raise Invalid(NONSENSE)
    return words(text)
