"""A segment's tree by itself: read from JSON and written, checked, said in words, made of filters."""

from __future__ import annotations

from datetime import date

import pytest

from webapp.contacts.attributes import Definition, Kind
from webapp.contacts.consent_filters import ConsentFilter, Standing
from webapp.contacts.filters import AttributeFilter, Filters
from webapp.contacts.rules import Channel, Source, State
from webapp.contacts.tree import (
    MAX_CONDITIONS,
    MAX_DEPTH,
    Condition,
    Group,
    How,
    What,
    as_json,
    mapped,
    names_in,
    read_tree,
    walk,
)
from webapp.contacts.tree_check import problems
from webapp.contacts.tree_filters import filters_of, tree_of
from webapp.contacts.tree_hows import OPPOSITES, hows_of, label_of
from webapp.contacts.tree_words import tree_in_words
from webapp.core.days import Days
from webapp.core.errors import Invalid
from webapp.segments import tree_editing

KNOWN = {
    name: Definition(nth, name, name.title(), kind.value, ["Free", "Pro"])
    for nth, (name, kind) in enumerate(
        {
            "city": Kind.TEXT,
            "orders": Kind.NUMBER,
            "born": Kind.DATE,
            "plan": Kind.CHOICE,
            "vip": Kind.BOOLEAN,
        }.items()
    )
}
KINDS = {name: Kind(definition.kind) for name, definition in KNOWN.items()}
LABELS = {name: definition.label for name, definition in KNOWN.items()}
TODAY = date(2026, 11, 22)
VIP = Condition(What.TAG, How.HAS, values=("VIP",))
TAG = {"what": "tag", "how": "has", "values": ["VIP"]}


def attribute(name: str, how: How, *values: str) -> Condition:
    return Condition(What.ATTRIBUTE, how, name, values)


def deep(levels: int) -> dict[str, object]:
    tree: dict[str, object] = {"match": "all", "parts": [TAG]}
    for _ in range(levels - 1):
        tree = {"match": "any", "parts": [tree]}
    return tree


def test_a_tree_is_written_and_read_again():
    tree = Group((VIP, Group((attribute("city", How.IS, "Roma"),), any=True, negated=True)))
    assert read_tree(as_json(tree)) == tree
    assert as_json(Group((VIP,))) == {"match": "all", "parts": [TAG]}
    assert [path for path, _ in walk(tree)] == ["", "0", "1", "1.0"]
    assert names_in(tree, What.TAG) == ["VIP"]
    assert names_in(tree, What.ATTRIBUTE) == ["city"]


@pytest.mark.parametrize(
    "written",
    [
        None,
        7,
        [],
        "all",
        TAG,
        {"match": "some", "parts": []},
        {"match": "all"},
        {"match": "all", "parts": "VIP"},
        {"match": "all", "parts": [7]},
        {"match": "all", "parts": [], "not": "yes"},
        {"match": "all", "parts": [{"what": "shoes", "how": "is"}]},
        {"match": "all", "parts": [{"what": "tag", "how": "likes"}]},
        {"match": "all", "parts": [{**TAG, "values": "VIP"}]},
        {"match": "all", "parts": [{**TAG, "values": [7]}]},
        {"match": "all", "parts": [{**TAG, "values": ["x" * 501]}]},
        {"match": "all", "parts": [{**TAG, "values": ["x"] * 1001}]},
        {"match": "all", "parts": [{**TAG, "of": 7}]},
        {"match": "all", "parts": [{"what": ["tag"], "how": "has"}]},
        {"match": "all", "parts": [TAG] * (MAX_CONDITIONS + 1)},
        deep(MAX_DEPTH + 1),
    ],
)
def test_what_is_no_tree_is_refused(written):
    with pytest.raises(Invalid):
        read_tree(written)


def test_a_tree_may_be_as_deep_and_as_large_as_is_said():
    assert read_tree(deep(MAX_DEPTH))
    assert read_tree({"match": "all", "parts": [TAG] * MAX_CONDITIONS})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Condition(What.TAG, How.HAS), "Fill this in."),
        (Condition(What.TAG, How.IS, values=("VIP",)), "Choose one of the list."),
        (attribute("gone", How.IS, "x"), "The attribute “gone” is gone."),
        (attribute("city", How.LESS, "x"), "Choose one of the list."),
        (attribute("orders", How.LESS, "many"), "Orders is a number, like 12 or 3.5."),
        (attribute("orders", How.BETWEEN, "3", "1"), "The range ends before it begins."),
        (attribute("orders", How.BETWEEN, "", ""), "Fill this in."),
        (attribute("born", How.AFTER, "soon"), "Born is a date, like 1990-04-23."),
        (attribute("born", How.NEXT, "0"), "“0” is no number of days up to 3660."),
        (attribute("born", How.NEXT, "-3"), "Give a number of days, up to 3,660."),
        (attribute("vip", How.YES, "yes"), "Fill this in."),
        (Condition(What.CONSENT, How.IS, "telex", ("held",)), "Choose one of the list."),
        (Condition(What.CONSENT, How.IS, "sms", ("maybe",)), "Choose one of the list."),
        (Condition(What.COUNTRY, How.IS, values=("49",)), "like +49"),
        (Condition(What.PHONE, How.CONTAINS, values=("abc",)), "Write digits of the number."),
        (Condition(What.NAME, How.CONTAINS, values=("\x00",)), "Fill this in."),
        (
            Condition(What.SEARCH, How.CONTAINS, values=("a b c d e f g",)),
            "Search for at most 6 words.",
        ),
        (
            Condition(What.SEARCH, How.CONTAINS, values=("a" * 201,)),
            "A search has at most 200 characters.",
        ),
        (Condition(What.SEGMENT, How.IS, values=("Gone",)), "Choose one of the list."),
        (
            Condition(What.CREATED, How.BETWEEN, values=("2026-02-01", "2026-01-01")),
            "The range ends before it begins",
        ),
        (Group(), "Add a condition"),
    ],
)
def test_what_a_condition_lacks_is_said_by_its_path(wrong, said):
    found = problems(Group((VIP, Group((wrong,)))), KNOWN)
    assert list(found) == ["1.0"]
    assert said in found["1.0"]


def test_every_comparison_has_a_name_and_every_opposite_is_offered_beside_it():
    every: list[tuple[What, Kind]] = [(what, Kind.TEXT) for what in What]
    every.remove((What.ATTRIBUTE, Kind.TEXT))
    every += [(What.ATTRIBUTE, kind) for kind in Kind]
    for what, kind in every:
        hows = hows_of(what, kind)
        assert all(label_of(what, how) for how in hows)
        assert all(OPPOSITES[how] in hows for how in hows if how in OPPOSITES)


def test_days_that_are_told_from_today_are_counted_with_it():
    last = filters_of(attribute("born", How.LAST, "7"), TODAY)[0].attributes[0]
    assert (last.least, last.most) == ("2026-11-16", "2026-11-22")
    following = filters_of(attribute("born", How.NEXT, "1"), TODAY)[0].attributes[0]
    assert (following.least, following.most) == ("2026-11-22", "2026-11-22")
    before = filters_of(attribute("born", How.BEFORE, "2026-01-01"), TODAY)[0].attributes[0]
    assert (before.least, before.most) == ("", "2025-12-31")


def test_filters_become_a_tree_that_says_all_of_them():
    filters = Filters(
        Channel.SMS,
        "Zoë",
        State.OPTED_OUT,
        ("vip", "fair"),
        (
            AttributeFilter("city", ("Roma", "Lyon")),
            AttributeFilter("orders", (), "3", "12"),
            AttributeFilter("vip", ("yes",)),
        ),
        Source.API,
        Days(recent=30),
        (7, 8),
        any_tag=True,
        consents=(ConsentFilter(Channel.EMAIL, Standing.HELD),),
        segment=9,
    )
    tree = tree_of(filters, KINDS)
    assert problems(tree, KNOWN) == {}
    assert tree_in_words(tree, LABELS, {"9": "Mine"}) == [
        "“Zoë”",
        "SMS: Opted Out",
        "Email: On hold",
        "Any of (Tag: vip; Tag: fair)",
        "City is one of Roma or Lyon",
        "Orders is between 3 and 12",
        "Vip is yes",
        "SMS source: API",
        "SMS changed in the last 30 days",
        "2 contacts chosen",
        "In the segment “Mine”",
    ]


def test_a_range_of_what_has_none_any_more_is_not_lost_on_the_way_to_a_tree():
    with pytest.raises(Invalid):
        tree_of(Filters(attributes=(AttributeFilter("city", (), "3", ""),)), KINDS)


def test_each_condition_can_be_changed_wherever_it_stands():
    tree = Group((VIP, Group((VIP, attribute("city", How.UNSET)), any=True)), negated=True)
    press = Condition(What.TAG, How.HAS, values=("Press",))
    changed = mapped(tree, lambda asked: press if asked == VIP else asked)
    inner = Group((press, attribute("city", How.UNSET)), any=True)
    assert changed == Group((press, inner), negated=True)


def test_a_tree_is_said_in_words_group_by_group():
    tree = Group(
        (
            Condition(What.TAG, How.HAS_NOT, values=("O'Brien <script>",)),
            Group((attribute("born", How.NEXT, "1"), attribute("city", How.UNSET)), any=True),
            Group((VIP, Condition(What.SEGMENT, How.IS_NOT, values=("4",))), negated=True),
            Condition(What.CHANGED, How.UNSET, "voice"),
            Condition(What.COUNTRY, How.IS_NOT, values=("+49",)),
            Condition(What.CONSENT, How.IS_NOT, "whatsapp", ("opted_out",)),
        )
    )
    assert tree_in_words(tree, LABELS, {}) == [
        "Without the tag: O'Brien <script>",
        "Any of (Born is in the next 1 day; City is not set)",
        "Not all of (Tag: VIP; Not in the segment “that is gone”)",
        "Voice never changed",
        "Phone does not start with +49",
        "WhatsApp: not Opted Out",
    ]
    whole = tree_in_words(Group((VIP,), any=True, negated=True), LABELS, {})
    assert whole == ["None of (Tag: VIP)"]


def test_parts_are_added_to_and_taken_from_the_group_that_is_named():
    tree = tree_editing.with_group(Group((VIP,)), "")
    assert tree.parts[1] == Group((tree_editing.FRESH,), any=True)
    tree = tree_editing.with_condition(tree, "1")
    assert tree_editing.without(tree, "1.0") == tree_editing.with_group(Group((VIP,)), "")
    assert tree_editing.without(tree, "0").parts[0] == tree.parts[1]
    for path in ("7", "0.0", "x", "²", "1.9", ""):
        with pytest.raises(Invalid):
            tree_editing.without(tree, path)


def test_no_more_is_added_than_a_segment_may_have():
    full = Group((VIP,) * MAX_CONDITIONS)
    with pytest.raises(Invalid):
        tree_editing.with_condition(full, "")
    nested = Group((VIP,))
    for path in ("", "1", "1.1", "1.1.1"):
        # The group that was added is the second part, with one condition; so is the next in it.
        nested = tree_editing.with_group(nested, path)
    with pytest.raises(Invalid, match="deep"):
        tree_editing.with_group(nested, "1.1.1.1")
