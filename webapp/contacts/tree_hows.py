"""Which comparisons a condition has, how they are called, and how many values each takes; pure."""

from __future__ import annotations

from webapp.contacts.attributes import Kind
from webapp.contacts.tree import How, What

_PRESENT = (How.SET, How.UNSET)
_TEXT = (How.CONTAINS, *_PRESENT)
_DAYS = (How.LAST, How.BETWEEN)
_HOWS: dict[What, tuple[How, ...]] = {
    What.TAG: (How.HAS, How.HAS_NOT),
    What.CONSENT: (How.IS, How.IS_NOT, How.ONE_OF),
    What.SOURCE: (How.IS, How.IS_NOT, How.ONE_OF),
    What.CHANGED: (*_DAYS, *_PRESENT),
    What.CREATED: _DAYS,
    What.NAME: _TEXT,
    What.PHONE: _TEXT,
    What.EMAIL: _TEXT,
    What.COUNTRY: (How.IS, How.IS_NOT),
    What.SEARCH: (How.CONTAINS,),
    What.CONTACT: (How.ONE_OF,),
    What.SEGMENT: (How.IS, How.IS_NOT),
}
_EQUAL = (How.IS, How.IS_NOT, How.ONE_OF)
_COMPARED = (How.AT_LEAST, How.AT_MOST, How.MORE, How.LESS, How.BETWEEN)
_DATED = (How.LAST, How.NEXT, How.BEFORE, How.AFTER, How.BETWEEN, *_EQUAL)
_OF_KIND: dict[Kind, tuple[How, ...]] = {
    Kind.TEXT: (*_EQUAL, How.CONTAINS, How.BEGINS, *_PRESENT),
    Kind.NUMBER: (*_EQUAL, *_COMPARED, *_PRESENT),
    Kind.DATE: (*_DATED, *_PRESENT),
    Kind.CHOICE: (*_EQUAL, *_PRESENT),
    Kind.BOOLEAN: (How.YES, How.NO, *_PRESENT),
}
_LABELS = {
    How.HAS: "has",
    How.HAS_NOT: "has not",
    How.IS: "is",
    How.IS_NOT: "is not",
    How.ONE_OF: "is one of",
    How.CONTAINS: "contains",
    How.BEGINS: "starts with",
    How.LESS: "is less than",
    How.AT_MOST: "is at most",
    How.MORE: "is more than",
    How.AT_LEAST: "is at least",
    How.BETWEEN: "is between",
    How.BEFORE: "is before",
    How.AFTER: "is after",
    How.LAST: "is in the last",
    How.NEXT: "is in the next",
    How.YES: "is yes",
    How.NO: "is no",
    How.SET: "is set",
    How.UNSET: "is not set",
}
_OWN_LABELS = {
    (What.CHANGED, How.SET): "is known",
    (What.CHANGED, How.UNSET): "is not known: it never changed",
    (What.SEGMENT, How.IS): "is in",
    (What.SEGMENT, How.IS_NOT): "is not in",
}
OPPOSITES = {How.HAS_NOT: How.HAS, How.IS_NOT: How.IS, How.NO: How.YES, How.UNSET: How.SET}
NO_VALUE = frozenset({How.YES, How.NO, How.SET, How.UNSET})
IN_DAYS = frozenset({How.LAST, How.NEXT})


def hows_of(what: What, kind: Kind = Kind.TEXT) -> tuple[How, ...]:
    """Give the comparisons for what is looked at, the usual one first; `kind` of an attribute."""
    return _OF_KIND[kind] if what is What.ATTRIBUTE else _HOWS[what]


def label_of(what: What, how: How) -> str:
    """Give a comparison's name, as it stands between what is looked at and the value."""
    return _OWN_LABELS.get((what, how)) or _LABELS[how]


def values_of(how: How) -> tuple[int, int]:
    """Give how many values a comparison takes at least and at most; of a range one may be empty."""
    if how in NO_VALUE:
        return 0, 0
    if how is How.BETWEEN:
        return 2, 2
    return (1, 1000) if how is How.ONE_OF else (1, 1)
