"""What a segment stands for: kept as pairs, said in words, compared with what is in use."""

from __future__ import annotations

from datetime import date

import pytest

from webapp.contacts.filters import AttributeFilter, Filters, Sort
from webapp.contacts.kept_params import filters_of, pairs_of
from webapp.contacts.rules import Channel, Source, State
from webapp.core.days import Days
from webapp.core.errors import Invalid
from webapp.segments import rules

FULL = Filters(
    Channel.SMS,
    "Zoë",
    State.OPTED_OUT,
    ("vip", "fair"),
    (AttributeFilter("city", ("Roma",)), AttributeFilter("orders", (), "3", "12")),
    Source.API,
    Days(recent=30),
    any_tag=True,
    saved=7,
    sort=Sort.NAME,
)
LABELS = {"city": "City", "orders": "Orders"}


def test_a_segment_keeps_what_narrows_and_nothing_else():
    kept = filters_of(pairs_of(FULL))
    assert kept == FULL.essence
    assert (kept.saved, kept.sort) == (0, Sort.NEWEST)


def test_it_is_said_in_words_and_named_by_them():
    words = rules.words_of(FULL, LABELS)
    assert words == [
        "SMS",
        "“Zoë”",
        "Opted Out",
        "Tag: vip",
        "or: fair",
        "City: Roma",
        "Orders: 3 to 12",
        "Source: API",
        "Changed in the last 30 days",
    ]
    assert rules.suggested_name(["Opted Out", "Tag: vip"]) == "Opted Out, Tag: vip"
    assert len(rules.suggested_name(words)) <= rules.LONGEST_NAME
    assert rules.suggested_name(words).endswith("…")


def test_neither_order_nor_channel_makes_another_segment_where_they_change_nobody():
    one = Filters(tags=("a", "b"), sort=Sort.NAME)
    assert rules.same(one, Filters(Channel.SMS, tags=("b", "a"), saved=3))
    assert not rules.same(one, Filters(tags=("a",)))
    out = Filters(state=State.OPTED_OUT)
    assert not rules.same(out, Filters(Channel.SMS, state=State.OPTED_OUT))


def test_attributes_that_are_gone_are_named_and_can_be_left_out():
    assert rules.missing(FULL, {"city"}) == ["orders"]
    left = rules.without(FULL, ["orders"])
    assert [asked.name for asked in left.attributes] == ["city"]


@pytest.mark.parametrize("name", ["", "  ", "\x00", "x" * 81])
def test_a_name_is_needed_and_has_an_end(name):
    with pytest.raises(Invalid) as error:
        rules.clean_name(name)
    assert error.value.field == "name"


def test_names_that_differ_by_case_are_one():
    assert rules.fold(rules.clean_name("  VIP   Berlin ")) == rules.fold("vip berlin")


def test_a_range_of_days_stays_what_it_was():
    fixed = Filters(days=Days(date(2026, 11, 1), date(2026, 11, 22)))
    assert filters_of(pairs_of(fixed)).days == fixed.days
