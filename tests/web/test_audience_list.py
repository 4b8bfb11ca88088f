"""The audience page: who is listed, by which filter, in which order, on which page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from tests.counting import counted_queries
from tests.listed import ids_in, names_at
from tests.people import add_contact, phone, record
from tests.visitor import Visitor
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import SYSTEM, Role
from webapp.consent.holds import hold
from webapp.contacts.models import AttributeDefinition, Contact, ContactTag
from webapp.contacts.rules import Channel, Source, State
from webapp.contacts.tags import named
from webapp.core.db import db, transaction
from webapp.tasks.models import Task

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


@pytest.fixture
def names(visitor: Visitor) -> Callable[..., list[str]]:
    """Give the names that a query lists, in order."""
    return names_at(visitor, "/audience")


def number(nth: int) -> str:
    return f"+1650555{nth:04d}"


def people(*names: str, **values: object) -> list[Contact]:
    """Add contacts, the first the oldest."""
    return [
        add_contact(number(n), name, created_at=NOW + timedelta(minutes=n), **values)
        for n, name in enumerate(names)
    ]


def define(name: str, kind: str, choices: tuple[str, ...] = ()) -> None:
    db.session.add(
        AttributeDefinition(name=name, label=name.title(), kind=kind, choices=list(choices))
    )
    db.session.commit()


def test_an_empty_account_says_what_to_do_first(visitor):
    text = visitor.text("/audience")
    assert "No contacts yet" in text
    assert "/contacts/new" in text


def test_whatsapp_opens_first_and_the_newest_contact_leads(visitor, names):
    people("Ann", "Ben", "Cem")
    assert names() == ["Cem", "Ben", "Ann"]
    assert re.search(r'id="tab-whatsapp"[^>]*aria-current="page"', visitor.text("/audience"))


def test_channels_are_listed_in_their_order(visitor):
    tabs = re.findall(r'id="tab-(\w+)"', visitor.text("/audience"))
    assert tabs == ["email", "sms", "voice", "whatsapp"]


def test_each_channel_shows_its_own_state(visitor):
    people("Ann")
    record(State.OPTED_OUT, address=phone(number(0)), channel=Channel.SMS)
    for channel, state in (("sms", "opted_out"), ("whatsapp", "unknown"), ("voice", "unknown")):
        assert f'data-state="{state}"' in visitor.text(f"/audience?channel={channel}")


def test_somebody_without_an_address_there_has_no_toggle(visitor):
    people("Ann")
    text = visitor.text("/audience?channel=email")
    assert "No email address" in text
    assert 'role="switch"' not in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("müller", ["Zoë Müller"]),
        ("MULLER zoe", ["Zoë Müller"]),
        ("ülle", ["Zoë Müller"]),
        ("%", ["50% Off"]),
        ("_", ["under_score"]),
        ("\\", []),
        ("ann@", ["Ann"]),
        ("EXAMPLE.com", ["Ann"]),
        ("+1 650 555-0002", ["under_score"]),
        ("(650) 555 0002", ["under_score"]),
        ("0002", ["under_score"]),
        ("ann 0001", []),
        ("1975", ["Studio 1975"]),
        ("197", ["John", "Studio 1975"]),
        ("19-75", []),
        ("nobody", []),
        ("'; drop table contacts; --", []),
    ],
)
def test_search_finds_by_name_email_and_number(names, asked, found):
    people("Zoë Müller", "50% Off", "under_score")
    add_contact(None, "Ann", email="ann@example.com", created_at=NOW)
    add_contact(None, "Studio 1975", created_at=NOW)
    add_contact(None, "John", email="john1972@example.org", created_at=NOW)
    assert names(q=asked) == found


def test_search_finds_a_hidden_number_by_its_whatsapp_id(names):
    add_contact(None, "Shy", whatsapp_id="DE.1A2b3C")
    assert names(q="DE.1A2b3C") == ["Shy"]


def test_states_are_filtered(names):
    people("Ann", "Ben", "Cem")
    record(State.OPTED_OUT, address=phone(number(0)))
    record(State.OPTED_IN, address=phone(number(1)))
    assert names(state="opted_out") == ["Ann"]
    assert names(state="opted_in") == ["Ben"]
    assert names(state="unknown") == ["Cem"]
    assert names(state="opted_out", channel="sms") == []


def test_all_tags_must_be_there_whatever_their_case(names):
    ann, ben, _ = people("Ann", "Ben", "Cem")
    ann.tags = named(["VIP", "Trade fair"])
    ben.tags = named(["VIP"])
    db.session.commit()
    assert names(tag="vip") == ["Ben", "Ann"]
    assert names("tag=VIP&tag=trade+fair") == ["Ann"]
    assert names(tag="unheard of") == []


def test_attributes_are_filtered_by_their_kind(names):
    define("city", "text")
    define("plan", "choice", ("Free", "Pro"))
    define("orders", "number")
    define("birthday", "date")
    define("vip", "boolean")
    ann, ben, _ = people("Ann", "Ben", "Cem")
    ann.attributes = {
        "city": "Roma",
        "plan": "Pro",
        "orders": 12,
        "birthday": "1990-04-23",
        "vip": True,
    }
    ben.attributes = {
        "city": "Lyon",
        "plan": "Free",
        "orders": 3.5,
        "birthday": "2001-01-01",
        "vip": False,
    }
    db.session.commit()
    for query, found in {
        "attr.city=roma": ["Ann"],
        "attr.plan=Pro": ["Ann"],
        "attr.plan=Pro&attr.plan=Free": ["Ben", "Ann"],
        "attr.plan=pro": [],
        "attr.orders=12": ["Ann"],
        "attr.orders=3.5": ["Ben"],
        "attr.orders.min=3.5&attr.orders.max=11": ["Ben"],
        "attr.orders.min=9": ["Ann"],
        "attr.birthday=1990-04-23": ["Ann"],
        "attr.birthday.min=1991-01-01": ["Ben"],
        "attr.birthday.max=1990-04-23": ["Ann"],
        "attr.vip=yes": ["Ann"],
        "attr.vip=no": ["Ben"],
        "attr.city=Roma&attr.plan=Free": [],
    }.items():
        assert names(query) == found, query


def test_an_attribute_of_another_kind_in_the_data_breaks_nothing(names):
    define("orders", "number")
    ann, ben = people("Ann", "Ben")
    ann.attributes, ben.attributes = {"orders": "a dozen"}, {"orders": 12}
    db.session.commit()
    assert names("attr.orders.min=1") == ["Ben"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("attr.unheard=1", "no attribute called"),
        ("attr.orders=many", "is a number"),
        ("from=2026-11-22&to=2026-11-01", "ends before it begins"),
        ("channel=fax", "none of"),
        ("cursor=xyz", "first page"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(visitor, query, says):
    define("orders", "number")
    answer = visitor.get(f"/audience?{query}")
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)


def test_source_and_days_are_those_of_the_last_change(names):
    people("Ann", "Ben", "Cem")
    record(source=Source.API, address=phone(number(0)), at=datetime(2026, 11, 1, 12, tzinfo=UTC))
    record(source=Source.IMPORT, address=phone(number(1)), at=datetime(2026, 11, 9, 12, tzinfo=UTC))
    assert names(source="api") == ["Ann"]
    assert names(**{"from": "2026-11-02"}) == ["Ben"]
    assert names(**{"from": "2026-11-01", "to": "2026-11-09"}) == ["Ben", "Ann"]
    assert names(to="2026-10-31") == []


def test_both_days_are_whole_where_the_reader_is(visitor, names):
    people("Ann", "Ben")
    # In Berlin the first is the last second of the 9th, the other the first of the 10th.
    record(address=phone(number(0)), at=datetime(2026, 11, 9, 22, 59, 59, tzinfo=UTC))
    record(address=phone(number(1)), at=datetime(2026, 11, 9, 23, 0, tzinfo=UTC))
    day = {"from": "2026-11-09", "to": "2026-11-09"}
    assert names(**day) == ["Ben", "Ann"]
    visitor.in_zone("Europe/Berlin")
    assert names(**day) == ["Ann"]


def test_sorting_by_name_ignores_case_and_accents(names):
    people("zoe", "Éva", "Eva", "adam")
    assert names(sort="name") == ["adam", "Éva", "Eva", "zoe"]
    assert names(sort="-name") == ["zoe", "Eva", "Éva", "adam"]


def test_sorting_by_change_puts_those_without_last_either_way(names):
    people("Ann", "Ben", "Cem")
    record(address=phone(number(0)), at=NOW - timedelta(days=2))
    record(address=phone(number(2)), at=NOW - timedelta(days=1))
    assert names(sort="-changed") == ["Cem", "Ann", "Ben"]
    assert names(sort="changed") == ["Ann", "Cem", "Ben"]


@pytest.mark.parametrize("sort", ["-created", "created", "name", "-name", "-changed", "changed"])
def test_pages_hold_everybody_once_and_lead_back(visitor, sort):
    for n in range(123):
        # Many share a name, a moment or no change, so that ties fall on page ends.
        changed = {"whatsapp_changed_at": NOW + timedelta(hours=n // 30)} if n % 2 else {}
        add_contact(number(n), f"N{n % 3}", created_at=NOW + timedelta(hours=n // 40), **changed)
    forth, url = [], f"/audience?sort={sort}"
    for _ in range(3):
        text = visitor.text(url)
        forth.append(ids_in(text))
        after = re.search(r'id="page-after"[^>]*href="([^"]+)"', text)
        url = after.group(1) if after else ""
    assert not url
    assert [len(page) for page in forth] == [50, 50, 23]
    assert len({contact_id for page in forth for contact_id in page}) == 123

    for page in (1, 0):
        before = re.search(r'id="page-before"[^>]*href="([^"]+)"', text)
        assert before
        text = visitor.text(before.group(1))
        assert ids_in(text) == forth[page]
    assert 'id="page-before"' not in text


def test_a_page_takes_few_queries_however_many_rows(visitor, app):
    for n in range(60):
        contact = add_contact(number(n), f"N{n}")
        contact.tags = named([f"t{n % 7}", "all"])
    define("city", "text")
    db.session.commit()
    with counted_queries(app) as queries:
        visitor.text("/audience?state=unknown&tag=all&q=N", htmx=True)
    listing = [query for query in queries if "contacts" in query]
    assert len(listing) <= 4, listing
    assert len(queries) <= 9, queries


def test_htmx_gets_the_list_alone_and_the_address_of_it(visitor):
    people("Ann")
    answer = visitor.get("/audience?q=ann&state=&tag=", htmx=True)
    text = answer.get_data(as_text=True)
    assert text.lstrip().startswith("<section")
    assert "<html" not in text
    assert answer.headers["HX-Push-Url"] == "/audience?channel=whatsapp&q=ann"
    assert "HX-Request" in answer.headers["Vary"]


def test_a_page_that_fetches_itself_leaves_the_address(visitor):
    answer = visitor.get("/audience", htmx=True, HX_Source="section#results")
    assert "HX-Push-Url" not in answer.headers


def test_a_longer_search_takes_the_place_of_the_shorter(visitor):
    shown = "http://localhost/audience?channel=whatsapp&q=an"
    answer = visitor.get("/audience?q=ann", htmx=True, HX_Current_URL=shown)
    assert "HX-Push-Url" not in answer.headers
    assert answer.headers["HX-Replace-Url"] == "/audience?channel=whatsapp&q=ann"


def test_counts_come_after_the_rows(visitor):
    people("Ann", "Ben", "Cem")
    record(address=phone(number(0)))
    assert 'id="counts"' in visitor.text("/audience")
    text = " ".join(visitor.text("/audience/counts?q=n", htmx=True).split())
    for target, count in (
        ("whatsapp", 2),
        ("email", 2),
        ("state-opted_out", 1),
        ("state-unknown", 1),
    ):
        assert f'hx-target="#count-{target}" hx-swap="innerHTML">{count}</hx-partial>' in text


def test_counts_of_a_state_are_each_channels_own(visitor):
    people("Ann", "Ben")
    record(address=phone(number(0)))
    text = visitor.text("/audience/counts?state=opted_out", htmx=True)
    assert '"#count-whatsapp" hx-swap="innerHTML">1<' in text
    assert '"#count-sms" hx-swap="innerHTML">0<' in text


def test_the_chosen_states_number_is_its_tabs_however_far_a_count_looks(visitor, monkeypatch):
    people("Ann", "Anna", "Annie", "Ben")
    for nth in range(3):
        record(address=phone(number(nth)))
    for most in range(1, 5):
        monkeypatch.setattr("webapp.contacts.counting.LOOKS", (most,))
        text = visitor.text("/audience/counts?state=opted_out&q=ann", htmx=True)
        said = dict(re.findall(r'#count-(\S+)" hx-swap="innerHTML">(.*?)<', text))
        assert said["state-opted_out"] == said["whatsapp"]


def test_a_hold_shows(visitor):
    people("Ann")
    address = phone(number(0))
    transaction(lambda: hold(Channel.WHATSAPP, address, "pls stop?", {}, actor=SYSTEM))
    assert "On hold" in visitor.text("/audience")


def test_a_name_is_never_markup(visitor):
    people("<script>alert(1)</script>")
    assert "<script>alert(1)" not in visitor.get("/audience").get_data(as_text=True)


def test_active_filters_are_chips_that_lead_to_the_rest(visitor):
    people("Ann")
    text = visitor.text("/audience?q=ann&state=unknown")
    assert 'href="/audience?channel=whatsapp&state=unknown"' in text
    assert 'href="/audience?channel=whatsapp&q=ann"' in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("segment=0", "There is no segment of this number."),
        ("segment=3&segment=5", "Ask for one segment at a time."),
        ("&".join(f"tag=t{n}" for n in range(25)), "Ask for at most 20 at once."),
        ("consent.sms=held&consent.sms=unknown", "Ask for one state on SMS."),
        ("q=one+two+three+four+five+six+seven", "Search for at most 6 words."),
        ("attr.city.min=5", "“City” has no range to ask for."),
    ],
)
def test_a_filter_that_cannot_be_kept_is_refused_wherever_people_are_chosen_by_it(
    visitor, query, said
):
    define("city", "text")
    people("Ann", "Ben")
    everybody = urlencode({"all": "1", "filters": query, "next": "/audience"})
    for path in (
        f"/audience?{query}",
        f"/contacts?{query}",
        f"/audience/export.csv?{query}",
        f"/audience/export.csv?{everybody}",
        f"/contacts/export.csv?{everybody}",
    ):
        answer = visitor.get(path)
        assert (answer.status_code, path) == (422, path)
        assert said in unescape(answer.get_data(as_text=True))
    form = {"all": "1", "filters": query, "next": "/audience", "tag": "x", "on": "sms"}
    for path in ("/audience/bulk/tag", "/audience/bulk/opt-out"):
        assert visitor.post(path, form).status_code == 422
    assert not db.session.scalars(select(Task.id)).all()
    assert not db.session.scalars(select(ContactTag.tag_id)).all()
