"""What a segment keeps, read: filters that were saved, or a tree that was built; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from webapp.contacts.filters import Filters, parse_filters
from webapp.contacts.tree import Group, read_tree

# What a segment stands for.
Meaning = Filters | Group


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
