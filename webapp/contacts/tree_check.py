"""Whether each condition of a tree means something: said by its path, so that a form can show it.

Pure. Whether the tags and segments it names are there is looked up elsewhere (`whole`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from webapp.contacts.attributes import Definition, Kind, kind_of, read_value
from webapp.contacts.consent_filters import Standing
from webapp.contacts.folding import fold_name
from webapp.contacts.rules import Channel, Source
from webapp.contacts.search import digits_of
from webapp.contacts.search_limits import check_search
from webapp.contacts.tags import MAX_LENGTH
from webapp.contacts.tree import Condition, Group, How, Node, What, walk
from webapp.contacts.tree_hows import IN_DAYS, hows_of, values_of
from webapp.core.days import MOST_RECENT, parse_days
from webapp.core.errors import Invalid

COUNTRY = re.compile(r"\+[1-9][0-9]{0,6}")
ID = re.compile(r"[1-9][0-9]{0,17}")
OF_CHANNEL = (What.CONSENT, What.SOURCE, What.CHANGED)
CHOOSE, FILL = "Choose one of the list.", "Fill this in."
KNOWN_WORDS: dict[What, set[str]] = {What.CONSENT: set(Standing), What.SOURCE: set(Source)}


def problems(tree: Node, known: Mapping[str, Definition]) -> dict[str, str]:
    """Give what is wrong, by path, as sentences; `known` are the attributes by name."""
    found: dict[str, str] = {}
    for path, node in walk(tree):
        try:
            check(node, known)
        except Invalid as error:
            found[path] = error.message
    return found


def check(node: Node, known: Mapping[str, Definition]) -> None:
    """Check one node by itself. Raises Invalid."""
    if isinstance(node, Group):
        if not node.parts:
            raise Invalid("Add a condition to this group, or remove it.")
        return
    kind = _kind(node, known)
    if node.how not in hows_of(node.what, kind):
        raise Invalid(CHOOSE)
    if node.what in OF_CHANNEL and node.of not in set(Channel):
        raise Invalid(CHOOSE)
    least, most = values_of(node.how)
    empty = all(not value for value in node.values)
    if not least <= len(node.values) <= most or (least and empty):
        raise Invalid(FILL)
    _check_values(node, kind, known)


def _kind(node: Condition, known: Mapping[str, Definition]) -> Kind:
    if node.what is not What.ATTRIBUTE:
        return Kind.TEXT
    if node.of not in known:
        raise Invalid(f"The attribute “{node.of[:64]}” is gone.")
    return kind_of(known[node.of].kind)


def _check_values(node: Condition, kind: Kind, known: Mapping[str, Definition]) -> None:
    if node.how in IN_DAYS:
        if not (node.values[0].isascii() and node.values[0].isdigit() and len(node.values[0]) < 5):
            raise Invalid(f"Give a number of days, up to {MOST_RECENT:,}.")
        parse_days("", "", node.values[0])
    elif node.what is What.ATTRIBUTE:
        label = known[node.of].label
        read = [read_value(kind, value, label=label) for value in node.values]
        if node.how is How.BETWEEN and None not in read and read[0] > read[1]:  # type: ignore[operator]
            raise Invalid("The range ends before it begins.")
    elif node.how is How.BETWEEN:
        parse_days(*node.values)
    else:
        for value in node.values:
            _check_value(node.what, value)


def _check_value(what: What, value: str) -> None:
    if what in KNOWN_WORDS and value not in KNOWN_WORDS[what]:
        raise Invalid(CHOOSE)
    if what in (What.SEGMENT, What.CONTACT) and not ID.fullmatch(value):
        raise Invalid(CHOOSE)
    if what is What.TAG and not 0 < len(value) <= MAX_LENGTH:
        raise Invalid(f"A tag has at most {MAX_LENGTH} characters.")
    if what is What.COUNTRY and not COUNTRY.fullmatch(value):
        raise Invalid("Write how the number begins, like +49.")
    if what is What.PHONE and not digits_of(value):
        raise Invalid("Write digits of the number.")
    if what is What.SEARCH:
        check_search(value)
    if what in (What.NAME, What.SEARCH) and not fold_name(value):
        raise Invalid(FILL)
