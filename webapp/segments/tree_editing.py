"""A tree while it is built: a part added, a part taken out; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from webapp.contacts.tree import MAX_CONDITIONS, MAX_DEPTH, Condition, Group, How, What
from webapp.contacts.tree import conditions_of as all_conditions
from webapp.core.errors import Invalid

FRESH = Condition(What.TAG, How.HAS)


def begun() -> Group:
    """Give the tree that a new segment begins with: one condition that nobody has filled in."""
    return Group((FRESH,))


def with_condition(tree: Group, path: str) -> Group:
    """Give the tree with one condition more in the group at `path`. Raises Invalid."""
    _ensure_room(tree)
    return _at(tree, _steps(path), lambda group: replace(group, parts=(*group.parts, FRESH)))


def with_group(tree: Group, path: str) -> Group:
    """Give the tree with a group of one condition more in the group at `path`. Raises Invalid."""
    _ensure_room(tree)
    steps = _steps(path)
    if len(steps) + 1 >= MAX_DEPTH:
        raise Invalid(f"Groups stand in each other {MAX_DEPTH} deep at most.")
    inner = Group((FRESH,), any=not _group_at(tree, steps).any)
    return _at(tree, steps, lambda group: replace(group, parts=(*group.parts, inner)))


def without(tree: Group, path: str) -> Group:
    """Give the tree without the part at `path`. Raises Invalid."""
    *steps, last = _steps(path) or [-1]
    if not 0 <= last < len(_group_at(tree, steps).parts):
        raise Invalid("That part is not there any more.")
    return _at(
        tree,
        steps,
        lambda group: replace(group, parts=group.parts[:last] + group.parts[last + 1 :]),
    )


def _ensure_room(tree: Group) -> None:
    if sum(1 for _ in all_conditions(tree)) >= MAX_CONDITIONS:
        raise Invalid(f"A segment has at most {MAX_CONDITIONS} conditions.")


def _steps(path: str) -> list[int]:
    steps = path.split(".") if path else []
    if not all(step.isascii() and step.isdigit() and len(step) < 4 for step in steps):
        raise Invalid("That part is not there any more.")
    return list(map(int, steps))


def _group_at(tree: Group, steps: list[int]) -> Group:
    for step in steps:
        part = tree.parts[step] if step < len(tree.parts) else None
        if not isinstance(part, Group):
            raise Invalid("That part is not there any more.")
        tree = part
    return tree


def _at(tree: Group, steps: list[int], change: Callable[[Group], Group]) -> Group:
    _group_at(tree, steps)
    if not steps:
        return change(tree)
    parts, inner = list(tree.parts), tree.parts[steps[0]]
    assert isinstance(inner, Group)
    parts[steps[0]] = _at(inner, steps[1:], change)
    return replace(tree, parts=tuple(parts))
