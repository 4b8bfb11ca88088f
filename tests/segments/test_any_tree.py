"""Whatever tree is built, its SQL finds whom plain Python finds, on either database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.ctx import AppContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from tests.contacts.crowd import NOW, add_crowd
from tests.people import add_user
from tests.segments.plainly import Judge, reached
from webapp.accounts.rules import Role
from webapp.contacts.asked import Asked
from webapp.contacts.counting import Count, count
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import Filters, Sort
from webapp.contacts.listing import all_rows, page
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source
from webapp.contacts.tree import (
    MAX_CONDITIONS,
    Condition,
    Group,
    How,
    Node,
    What,
    as_json,
    conditions_of,
    read_tree,
)
from webapp.contacts.whole import whole_of
from webapp.core.db import db, transaction
from webapp.segments import service

ZONES = ("UTC", "Pacific/Auckland", "America/Los_Angeles")
CHANNELS = ("whatsapp", "sms", "email")
DATES = ("2026-11-15", "2026-11-18", "2026-11-20", "2026-03-01", "1990-05-01", "1990-04-12")
NUMBERS = ("0", "2", "3", "1.5", "3.5", "-1")
CITIES = ("ROMA", "vry", "évry", "%", "_", "o", "Lyon", "'; drop")


def made(what: What, how: How, of: Any = "", *values: Any) -> st.SearchStrategy[Condition]:
    """Give conditions of which each part is one that stands there, or drawn."""
    drawn = [part if isinstance(part, st.SearchStrategy) else st.just(part) for part in values]
    channel = of if isinstance(of, st.SearchStrategy) else st.just(of)
    return st.builds(Condition, st.just(what), st.just(how), channel, st.tuples(*drawn))


def one_of(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


tag, city, number, day = (
    one_of("VIP", "press", "café owner"),
    *map(st.sampled_from, (CITIES, NUMBERS, DATES)),
)
days = one_of("1", "3", "40", "300")
channel = st.sampled_from(CHANNELS)
standing = one_of("opted_in", "opted_out", "unknown", "held")
source = st.sampled_from([each.value for each in Source])
ATTRIBUTE, BOTH = What.ATTRIBUTE, (How.SET, How.UNSET)
ends = st.tuples(one_of("", "0", "1.5"), one_of("2", "3.5"))
conditions = st.one_of(
    *(made(What.TAG, how, "", tag) for how in (How.HAS, How.HAS_NOT)),
    *(made(ATTRIBUTE, h, "city", city) for h in (How.IS, How.IS_NOT, How.CONTAINS, How.BEGINS)),
    made(ATTRIBUTE, How.ONE_OF, "city", city, city),
    *(made(ATTRIBUTE, how, "plan", one_of("Pro", "Free", "pro")) for how in (How.IS, How.IS_NOT)),
    *(
        made(ATTRIBUTE, how, "orders", number)
        for how in (How.IS, How.IS_NOT, How.LESS, How.AT_MOST, How.MORE, How.AT_LEAST)
    ),
    ends.flatmap(lambda pair: made(ATTRIBUTE, How.BETWEEN, "orders", *pair)),
    *(made(ATTRIBUTE, h, "born", day) for h in (How.IS, How.IS_NOT, How.BEFORE, How.AFTER)),
    made(ATTRIBUTE, How.BETWEEN, "born", one_of("", "1990-04-10"), one_of("1990-05-01")),
    *(made(ATTRIBUTE, how, "born", days) for how in (How.LAST, How.NEXT)),
    *(made(ATTRIBUTE, how, "vip") for how in (How.YES, How.NO)),
    *(made(ATTRIBUTE, h, one_of("city", "plan", "orders", "born", "vip")) for h in BOTH),
    *(made(What.CONSENT, how, channel, standing) for how in (How.IS, How.IS_NOT)),
    made(What.CONSENT, How.ONE_OF, channel, standing, standing),
    *(made(What.SOURCE, how, channel, source) for how in (How.IS, How.IS_NOT)),
    made(What.SOURCE, How.ONE_OF, channel, source, source),
    made(What.CHANGED, How.LAST, channel, days),
    made(What.CHANGED, How.BETWEEN, channel, one_of("", "2026-11-15"), one_of("2026-11-18")),
    *(made(What.CHANGED, how, channel) for how in BOTH),
    made(What.CREATED, How.LAST, "", days),
    made(What.CREATED, How.BETWEEN, "", one_of("", "2026-02-01"), one_of("2026-03-15")),
    made(What.NAME, How.CONTAINS, "", one_of("MÜLLER", "ria", "анна", "%", "\\", "o'b", "田中")),
    made(What.EMAIL, How.CONTAINS, "", one_of("Person.1", "@EXAMPLE", "_", "zq")),
    made(What.PHONE, How.CONTAINS, "", one_of("0555", "+1 650 555 00", "12", "9")),
    *(made(what, how) for what in (What.NAME, What.EMAIL, What.PHONE) for how in BOTH),
    *(made(What.COUNTRY, h, "", one_of("+1", "+1650", "+49")) for h in (How.IS, How.IS_NOT)),
    *(made(What.SEGMENT, h, "", st.just("SMALL")) for h in (How.IS, How.IS_NOT)),
)
groups = st.builds(Group, st.lists(conditions, min_size=1, max_size=3).map(tuple))
trees = st.recursive(
    conditions,
    lambda inner: st.builds(
        Group, st.lists(inner, min_size=1, max_size=4).map(tuple), st.booleans(), st.booleans()
    ),
    max_leaves=12,
).map(lambda node: node if isinstance(node, Group) else Group((node,)))
# What stands in another one: the part that the condition SMALL means.
SMALL = Group(
    (
        Condition(ATTRIBUTE, How.IS, "plan", ("Pro",)),
        Condition(What.CONSENT, How.IS_NOT, "email", ("opted_out",)),
    ),
    any=True,
)


@pytest.fixture
def crowd(context: AppContext, monkeypatch: pytest.MonkeyPatch) -> list[Contact]:
    monkeypatch.setattr("webapp.core.clock.now", lambda: NOW)
    people = add_crowd()
    for nth, person in enumerate(people):
        if nth % 5 == 2:  # some have less, and a renewal that is near
            person.attributes = {"born": f"2026-11-{15 + nth % 10}"} if nth % 2 else {}
            flag_modified(person, "attributes")
    db.session.commit()
    return people


@pytest.fixture
def small(crowd: list[Contact]) -> int:
    return transaction(lambda: service.save("Small", SMALL, add_user(Role.ADMIN).actor()).id)


def meant(node: Any, segment_id: int) -> Any:
    """Put the segment that is there into the place of SMALL."""
    if isinstance(node, Group):
        parts = tuple(meant(part, segment_id) for part in node.parts)
        return Group(parts, node.any, node.negated)
    if node.what is not What.SEGMENT:
        return node
    return Condition(node.what, node.how, values=(str(segment_id),))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=trees, zone_name=st.sampled_from(ZONES))
def test_the_sql_of_any_tree_finds_whom_plain_python_finds(crowd, small, drawn, zone_name):
    tree, zone, known = meant(drawn, small), ZoneInfo(zone_name), definitions()
    assert read_tree(as_json(tree)) == tree
    expected = reached(Judge(NOW, zone, {small: SMALL}), crowd, tree)
    asked = Asked(Filters(), zone, known, whole_of(tree, known))
    found = db.session.scalars(select(Contact.id).where(*asked.holds()))
    assert set(found) == expected
    assert count(asked) == Count(len(expected))
    for candidates in asked.candidates:
        ids = set(db.session.scalars(candidates.ids))
        assert expected <= ids, candidates.name
    db.session.rollback()


@pytest.mark.parametrize("way", [{}, {"GLANCE": 1, "WALK": 1, "DEAR": 0}], ids=["walk", "sets"])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=trees, sort=st.sampled_from(list(Sort)), tagged=st.booleans())
def test_a_list_restricted_to_a_saved_segment_holds_them_page_by_page(
    crowd, small, monkeypatch, way, drawn, sort, tagged
):
    for name, value in way.items():
        monkeypatch.setattr(f"webapp.contacts.finding.{name}", value)
    tree, zone, known = meant(drawn, small), ZoneInfo("UTC"), definitions()
    who = add_user(Role.ADMIN, f"{datetime.now(UTC).timestamp()}@example.com").actor()
    saved = service.save("Drawn", tree, who)
    tags = ("VIP",) if tagged else ()
    filters = Filters(Channel.WHATSAPP, tags=tags, segment=saved.id, sort=sort)
    expected = reached(Judge(NOW, zone, {small: SMALL}), crowd, tree)
    if tagged:
        expected &= {person.id for person in crowd if "vip" in {t.folded for t in person.tags}}
    found, cursor = [], None
    while True:
        listed = page(filters, cursor, zone, known, 7)
        found += [row.id for row in listed.items]
        cursor = listed.next_cursor
        if cursor is None:
            break
    assert len(found) == len(expected)
    assert set(found) == expected
    assert {row.id for row in all_rows(filters, zone, known)} == expected
    resolved = select(Contact.id).where(service.resolve(saved.id))
    assert tagged or set(db.session.scalars(resolved)) == expected
    service.delete(saved.id, who)
    db.session.commit()


def test_a_tree_of_as_many_conditions_and_as_deep_as_may_be_runs(crowd):
    node: Node = Group(
        tuple(Condition(What.TAG, How.HAS_NOT, values=(tag,)) for tag in ("VIP", "Press") * 25)
    )
    for negated in (True, False, True, False):
        node = Group((node,), any=True, negated=negated)
    assert isinstance(node, Group)
    assert sum(1 for _ in conditions_of(node)) == MAX_CONDITIONS
    tree, known = read_tree(as_json(node)), definitions()
    expected = reached(Judge(NOW, ZoneInfo("UTC"), {}), crowd, tree)
    asked = Asked(Filters(), ZoneInfo("UTC"), known, whole_of(tree, known))
    assert count(asked) == Count(len(expected))
    assert expected
