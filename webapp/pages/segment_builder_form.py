"""The builder's form: a tree as fields, each named by the path of its part, and read back.

A group is the field `n<path>.match`; a condition has `.what`, `.how`, and `.v` (and `.w`, the end of
a range); `.was` is what it looked at when the form was written: what is chosen anew begins empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from webapp.contacts.attributes import Definition, Kind, kind_of
from webapp.contacts.tree import (
    MAX_CONDITIONS,
    MAX_DEPTH,
    MAX_TEXT,
    MAX_VALUES,
    NONSENSE,
    Condition,
    Group,
    How,
    Node,
    What,
)
from webapp.contacts.tree_hows import NO_VALUE, hows_of
from webapp.core.errors import Invalid

Form = MultiDict[str, str]
Known = Mapping[str, Definition]
Path = tuple[int, ...]

FIELD = re.compile(r"n((?:[0-9]{1,3}(?:\.[0-9]{1,3})*)?)\.(match|what)")
MOST_PARTS = 2 * MAX_CONDITIONS


class Match(NamedTuple):
    """A way in which a group holds: of its parts any or all, or just not that."""

    any: bool
    negated: bool
    label: str


MATCHES = {
    "all": Match(False, False, "All of these hold"),
    "any": Match(True, False, "Any of these holds"),
    "none": Match(True, True, "None of these holds"),
    "not_all": Match(False, True, "Not all of these hold"),
}


def match_of(group: Group) -> str:
    """Give the word of MATCHES for a group."""
    return next(word for word, m in MATCHES.items() if m[:2] == (group.any, group.negated))


def read_form(form: Form, known: Known) -> Group:
    """Read the tree that a form has, as far as it is filled in; `known` are the attributes.

    Raises Invalid for what no form of ours sends.
    """
    parts: dict[Path, str] = {}
    for name in form:
        if found := FIELD.fullmatch(name):
            parts[tuple(map(int, found[1].split("."))) if found[1] else ()] = found[2]
    if parts.get(()) != "match" or len(parts) > MOST_PARTS or max(map(len, parts)) > MAX_DEPTH:
        raise Invalid(NONSENSE)
    if any(parts.get(path[:-1]) != "match" for path in parts if path):
        raise Invalid(NONSENSE)
    return _group((), sorted(parts), parts, form, known)


def _group(
    path: Path, order: list[Path], parts: dict[Path, str], form: Form, known: Known
) -> Group:
    match = MATCHES.get(form.get(f"{_name(path)}.match", ""))
    if match is None:
        raise Invalid(NONSENSE)
    found: list[Node] = []
    for inner in (each for each in order if len(each) == len(path) + 1 and each[:-1] == path):
        if parts[inner] == "match":
            found.append(_group(inner, order, parts, form, known))
        else:
            found.append(_condition(_name(inner), form, known))
    return Group(tuple(found), match.any, match.negated)


def _condition(name: str, form: Form, known: Known) -> Condition:
    said = form.get(f"{name}.what", "")
    word, _, of = said.partition(":")
    if word not in set(What) or len(of) > MAX_TEXT:
        raise Invalid(NONSENSE)
    what = What(word)
    hows = hows_of(what, kind_in(what, of, known))
    how = form.get(f"{name}.how", "")
    if form.get(f"{name}.was", said) != said or how not in hows:
        return Condition(what, hows[0], of)
    return Condition(what, How(how), of, _values(what, How(how), name, form))


def kind_in(what: What, of: str, known: Known) -> Kind:
    """Give the kind of the attribute that a condition looks at; text where it is none."""
    known_here = what is What.ATTRIBUTE and of in known
    return kind_of(known[of].kind) if known_here else Kind.TEXT


def _values(what: What, how: How, name: str, form: Form) -> tuple[str, ...]:
    if how in NO_VALUE:
        return ()
    given = [text.replace("\x00", "") for text in form.getlist(f"{name}.v")]
    if how is How.BETWEEN:
        values = [(given or [""])[0], form.get(f"{name}.w", "").replace("\x00", "")]
    elif how is How.ONE_OF:
        cut = str.split if what is What.CONTACT else str.splitlines
        values = [line for text in given for line in cut(text) if line.strip()]
    else:
        values = given[:1]
    if len(values) > MAX_VALUES or any(len(value) > MAX_TEXT for value in values):
        raise Invalid(NONSENSE)
    return tuple(value.strip() for value in values)


def _name(path: Path) -> str:
    return "n" + ".".join(map(str, path))
