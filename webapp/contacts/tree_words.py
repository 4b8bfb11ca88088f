"""A tree in words, for lists of segments and for chips; pure."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.contacts.active_filters import days_in_words
from webapp.contacts.consent_filters import Standing
from webapp.contacts.rules import Channel, Source
from webapp.contacts.tree import Condition, Group, How, Node, What
from webapp.contacts.tree_filters import days_of
from webapp.contacts.tree_hows import IN_DAYS, NO_VALUE, label_of
from webapp.core.words import counted

Names = Mapping[str, str]


def tree_in_words(tree: Group, labels: Names, segments: Names) -> list[str]:
    """Say what a tree asks for: each part of an outermost “all of” by itself, else all in one.

    `labels` are the attributes' labels by name, `segments` the segments' names by id, as text.
    The tree has been checked.
    """
    if tree.any or tree.negated:
        return [_group(tree, labels, segments)]
    return [said(part, labels, segments) for part in tree.parts]


def said(node: Node, labels: Names, segments: Names) -> str:
    """Say one part of a tree."""
    if isinstance(node, Group):
        return _group(node, labels, segments)
    what, how, values = node.what, node.how, node.values
    if what is What.ATTRIBUTE:
        return f"{labels.get(node.of, node.of)} {_compared(node)}"
    if what in (What.CONSENT, What.SOURCE):
        return _of_channel(node)
    if what is What.TAG:
        return f"{'Tag' if how is How.HAS else 'Without the tag'}: {values[0]}"
    if what is What.CHANGED:
        return f"{Channel(node.of).label} {_changed(node)}"
    if what is What.CREATED:
        return f"Created {days_in_words(days_of(node))}"
    if what is What.SEARCH:
        return f"“{values[0]}”"
    if what is What.CONTACT:
        return f"{counted(len(values), 'contact')} chosen"
    if what is What.SEGMENT:
        name = segments.get(values[0], "that is gone")
        return f"{'In' if how is How.IS else 'Not in'} the segment “{name}”"
    if what is What.COUNTRY:
        return f"Phone {'starts' if how is How.IS else 'does not start'} with {values[0]}"
    return f"{what.capitalize()} {_compared(node)}"


def _group(group: Group, labels: Names, segments: Names) -> str:
    within = "; ".join(said(part, labels, segments) for part in group.parts)
    word = ("None of" if group.any else "Not all of") if group.negated else ""
    return f"{word or ('Any of' if group.any else 'All of')} ({within})"


def _compared(asked: Condition) -> str:
    how, values = asked.how, asked.values
    if how is How.BETWEEN:
        return _between(*values)
    label = label_of(asked.what, how)
    if how in NO_VALUE:
        return label
    if how in IN_DAYS:
        return f"{label} {counted(int(values[0]), 'day')}"
    quoted = how in (How.CONTAINS, How.BEGINS)
    return f"{label} " + " or ".join(f"“{value}”" if quoted else value for value in values)


def _between(first: str, last: str) -> str:
    if first and last:
        return f"is between {first} and {last}"
    return f"is {first} or more" if first else f"is {last} or less"


def _of_channel(asked: Condition) -> str:
    channel, negated = Channel(asked.of).label, asked.how is How.IS_NOT
    if asked.what is What.SOURCE:
        by = " or ".join(Source(value).label for value in asked.values)
        return f"{channel} source: {'not ' if negated else ''}{by}"
    stands = " or ".join(Standing(value).label for value in asked.values)
    return f"{channel}: {'not ' if negated else ''}{stands}"


def _changed(asked: Condition) -> str:
    if asked.how is How.SET:
        return "has changed"
    if asked.how is How.UNSET:
        return "never changed"
    return f"changed {days_in_words(days_of(asked))}"
