"""Whichever way a list is read, it holds the same contacts, in the same order, page by page."""

from __future__ import annotations

from datetime import date

import pytest
from flask.ctx import AppContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contacts.crowd import SORTS, SOURCES, STATES, TAGS, ZONE, add_crowd, expected
from tests.people import add_contact
from webapp.contacts.asked import Asked
from webapp.contacts.consent_filters import ConsentFilter, Standing
from webapp.contacts.counting import Count, count, count_states
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import AttributeFilter, Filters, Sort
from webapp.contacts.leading import led_by_a_state
from webapp.contacts.listing import all_rows, page
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel
from webapp.core.days import Days
from webapp.core.db import db

# What decides which way is taken: a glance, walks on from there, the candidates of an index.
WAYS = {
    "as it is": {},
    "a walk": {"GLANCE": 1, "DEAR": 0},
    "a short walk": {"GLANCE": 1, "WALK": 2, "DEAR": 0},
    "a walk further and further": {"GLANCE": 5, "WALK": 6, "DEAR": 1000},
    "candidates": {"GLANCE": 1, "WALK": 1, "DEAR": 0},
}
WORDS = (
    "zoe",
    "MÜLLER",
    "анна",
    "田",
    "田中",
    "太郎",
    "o'b",
    '"',
    "%",
    "_",
    "\\",
    "a\\b",
    "'; drop",
    "ar",
    "ria",
    "maria",
    "example.com",
    "n.4",
    "0555",
    "+1650",
    "5550012",
    "1975",
    "007",
    "zq",
    "nobody",
)
ATTRIBUTES = (
    AttributeFilter("city", ("ROMA",)),
    AttributeFilter("city", ("évry", "lyon")),
    AttributeFilter("plan", ("Pro",)),
    AttributeFilter("plan", ("pro",)),
    AttributeFilter("orders", ("3",)),
    AttributeFilter("orders", ("1.5",)),
    AttributeFilter("orders", least="3"),
    AttributeFilter("orders", least="1000"),
    AttributeFilter("born", ("1990-05-01",)),
    AttributeFilter("born", least="1990-04-10", most="1990-04-12"),
    AttributeFilter("born", least="1990-04-10", most="1999-04-12"),
    AttributeFilter("born", least="1990-04-12", most="1990-04-10"),
    AttributeFilter("vip", ("yes",)),
    AttributeFilter("vip", ("no",)),
)
DAYS = (
    Days(date(2026, 11, 18)),
    Days(date(2026, 11, 15), date(2026, 11, 16)),
    Days(None, date(2026, 11, 14)),
    Days(date(2020, 1, 1), date(2020, 1, 2)),
)


def some(values, most):
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


def or_none(values):
    return st.one_of(st.none(), st.sampled_from(values))


asked_filters = st.builds(
    Filters,
    search=some(WORDS, 2).map(" ".join),
    state=or_none(STATES),
    tags=some((*TAGS, "vip", "unheard of"), 2),
    attributes=st.lists(st.sampled_from(ATTRIBUTES), max_size=2, unique_by=lambda a: a.name).map(
        tuple
    ),
    source=or_none(SOURCES),
    days=st.one_of(st.just(Days()), st.sampled_from(DAYS)),
    sort=st.sampled_from(SORTS),
    consents=st.lists(
        st.builds(
            ConsentFilter,
            st.sampled_from([Channel.EMAIL, Channel.SMS]),
            st.sampled_from(list(Standing)),
        ),
        max_size=2,
        unique_by=lambda asked: asked.channel,
    ).map(tuple),
)


@pytest.fixture
def crowd(context: AppContext) -> list[Contact]:
    return add_crowd()


def crawl(filters: Filters, limit: int) -> list[int]:
    """Follow the pages to the end and back; gives the ids on the way forth."""
    known, forth, cursor = definitions(), [], None
    while True:
        found = page(filters, cursor, ZONE, known, limit)
        forth.append([row.id for row in found.items])
        if found.next_cursor is None:
            break
        cursor = found.next_cursor
    for ids in reversed(forth[:-1]):
        found = page(filters, found.previous_cursor, ZONE, known, limit)
        assert [row.id for row in found.items] == ids
    return [contact_id for ids in forth for contact_id in ids]


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=asked_filters, limit=st.sampled_from([7, 50]))
def test_every_way_gives_what_is_asked_for(crowd, monkeypatch, way, filters, limit):
    for name, value in WAYS[way].items():
        monkeypatch.setattr(f"webapp.contacts.finding.{name}", value)
    found = crawl(filters, limit)
    assert found == expected(crowd, filters)
    assert sorted(found) == [row.id for row in all_rows(filters, ZONE, definitions())]
    asked = Asked(filters, ZONE, definitions())
    assert count(asked) == Count(len(found))
    total, states = count_states(asked)
    assert total == Count(len(found))
    if filters.state is None:
        assert sum(each.number for each in states.values()) == len(found)
    db.session.rollback()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=asked_filters)
def test_asked_by_the_state_of_a_channel_it_is_the_same_list(crowd, filters):
    by_state = led_by_a_state(filters)
    if filters.sort.column == "changed" and by_state.channel is not filters.channel:
        return  # the order is of a channel: a list of all channels has none by it
    assert crawl(by_state, 50) == crawl(filters, 50)
    asked = Asked(by_state, ZONE, definitions())
    assert count(asked) == count(Asked(filters, ZONE, definitions()))
    db.session.rollback()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sort", SORTS)
def test_pages_stay_true_while_contacts_are_added(crowd, monkeypatch, way, sort):
    for name, value in WAYS[way].items():
        monkeypatch.setattr(f"webapp.contacts.finding.{name}", value)
    filters, known = Filters(search="555", sort=sort), definitions()
    there, found, cursor = expected(crowd, filters), [], None
    for nth in range(100):
        listed = page(filters, cursor, ZONE, known, 10)
        found += [row.id for row in listed.items]
        if listed.next_cursor is None:
            break
        cursor = listed.next_cursor
        add_contact(f"+1650555{9000 + nth}", f"{chr(97 + nth)} newcomer")
    old = set(there)
    assert [contact_id for contact_id in found if contact_id in old] == there
    assert len(found) == len(set(found))


def test_the_newest_come_first_whatever_their_time_says(crowd):
    late = add_contact("+16505559999", "Imported", created_at=crowd[0].created_at)
    found = page(Filters(sort=Sort.NEWEST), None, ZONE, definitions())
    assert found.items[0].id == late.id


def test_a_count_stops_at_ten_thousand_and_after_many_looks(crowd, monkeypatch):
    asked = Asked(Filters(tags=("VIP",)), ZONE, definitions())
    monkeypatch.setattr("webapp.contacts.counting.AT_MOST", 20)
    assert count(asked) == Count(20, more=True)
    monkeypatch.setattr("webapp.contacts.counting.AT_MOST", 10_000)
    monkeypatch.setattr("webapp.contacts.counting.LOOKS", (5, 12))
    assert count(asked).more
    assert 0 < count(asked).number <= 13


@pytest.mark.parametrize(
    ("number", "more", "said"),
    [
        (0, False, "0"),
        (1234, False, "1,234"),
        (10_000, True, "10,000+"),
        (912, True, "900+"),
        (7, True, "7+"),
        (0, True, ""),
    ],
)
def test_a_count_says_no_more_than_is_known(number, more, said):
    assert Count(number, more).said == said
