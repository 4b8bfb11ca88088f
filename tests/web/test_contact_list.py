"""Contacts: who is listed, how they stand on each channel, by which filter, on which page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.contacts.crowd import add_crowd
from tests.counting import counted_queries
from tests.listed import ids_in, names_at, names_in
from tests.people import add_contact, all_events, phone, record, state_of
from tests.visitor import Visitor
from tests.visitor import visitor as signed_in
from webapp.accounts import settings
from webapp.accounts.rules import SYSTEM, Role
from webapp.accounts.settings import LIMITS
from webapp.consent.holds import hold
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, State
from webapp.contacts.tags import named
from webapp.core import clock
from webapp.core.db import db, transaction

MARK = re.compile(r'class="channel-mark on-(\w+) is-(\w+)( is-held)?" role="img" title="([^"]*)"')
ODD = "O'Brien <script>"


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


@pytest.fixture
def names(visitor: Visitor) -> Callable[..., list[str]]:
    """Give the names that a query lists, in order."""
    return names_at(visitor, "/contacts")


def mail(value: str) -> Address:
    return Address(AddressKind.EMAIL, value)


def person(nth: int, name: str) -> Contact:
    """Add somebody with a number and an email address."""
    address = mail(f"person.{nth}@example.com")
    return add_contact(f"+1650555{nth:04d}", name, email=address.value, email_key=key_of(address))


@pytest.fixture
def people(context: AppContext) -> list[Contact]:
    """Four people who stand differently on email and SMS."""
    found = [person(nth, name) for nth, name in enumerate(("Ann", "Ben", "Cem", ODD))]
    for nth in (0, 1):
        to = mail(f"person.{nth}@example.com")
        record(State.OPTED_OUT, address=to, channel=Channel.EMAIL)
    for nth in (1, 2):
        record(State.OPTED_IN, address=phone(f"+1650555{nth:04d}"), channel=Channel.SMS)
    held = phone("+16505550003")
    transaction(lambda: hold(Channel.WHATSAPP, held, "pls stop?", {}, actor=SYSTEM))
    return found


def marks(visitor: Visitor, name: str) -> dict[str, str]:
    """Give what the marks of somebody say, by channel."""
    text = visitor.text("/contacts")
    row = next(part for part in text.split('<tr id="contact-') if f'data-name="{name}"' in part)
    return {channel: words for channel, _, _, words in MARK.findall(row)}


def test_an_empty_account_says_what_to_do_first(visitor):
    text = visitor.text("/contacts")
    assert "No contacts yet" in text
    assert "/contacts/new" in text


def test_a_row_shows_addresses_and_how_somebody_stands_on_each_channel(visitor, people):
    text = visitor.text("/contacts")
    assert "+16505550001" in text
    assert "person.1@example.com" in text
    assert marks(visitor, "Ben") == {
        "email": "Email: Opted Out",
        "sms": "SMS: Opted In",
        "voice": "Voice: No record",
        "whatsapp": "WhatsApp: No record",
    }


def test_a_mark_tells_a_hold_and_where_nothing_reaches_somebody(visitor, people):
    add_contact(None, "Dora", email="dora@example.com")
    assert marks(visitor, ODD)["whatsapp"] == "WhatsApp: No record, on hold"
    assert marks(visitor, "Dora")["sms"] == "SMS: no address"
    assert marks(visitor, "Dora")["email"] == "Email: No record"


def test_a_name_is_a_text_and_links_to_the_contact(visitor, people):
    page = visitor.get("/contacts").get_data(as_text=True)
    assert "<script>" not in page.split("<tbody")[1]
    assert (
        f'href="/contacts/{people[3].id}?next=%2Fcontacts" title="O&#39;Brien &lt;script&gt;"'
        in page
    )


def test_the_newest_come_first_and_names_can_be_sorted_by(names, people):
    assert names() == [ODD, "Cem", "Ben", "Ann"]
    assert names(sort="name") == ["Ann", "Ben", "Cem", ODD]
    assert names(sort="-name") == [ODD, "Cem", "Ben", "Ann"]
    assert names(sort="-changed") == [ODD, "Cem", "Ben", "Ann"], "there is no such order here"


def test_search_finds_by_name_number_and_email(names, people):
    assert names(q="ann") == ["Ann"]
    assert names(q="555 0002") == ["Cem"]
    assert names(q="person.1@") == ["Ben"]
    assert names(q="o'brien") == [ODD]


def test_consent_is_asked_of_each_channel_and_of_several_at_once(names, people):
    assert names("consent.email=opted_out") == ["Ben", "Ann"]
    assert names("consent.sms=opted_in") == ["Cem", "Ben"]
    assert names("consent.email=opted_out&consent.sms=opted_in") == ["Ben"]
    assert names("consent.email=opted_out&consent.sms=unknown") == ["Ann"]
    assert names("consent.whatsapp=held") == [ODD]
    assert names("consent.whatsapp=held&consent.email=unknown") == [ODD]
    assert names("consent.email=opted_out&consent.voice=opted_out") == []


def test_the_filters_say_unsubscribed_and_can_be_taken_away(visitor, people):
    text = visitor.text("/contacts?consent.email=opted_out&consent.sms=opted_in")
    chips = re.findall(r'class="chip chip-filter" href="([^"]*)"[^>]*>([^<]*)<', text)
    assert chips == [
        ("/contacts?consent.sms=opted_in", "Email: Opted Out"),
        ("/contacts?consent.email=opted_out", "SMS: Opted In"),
    ]
    assert re.search(r'value="opted_out"\s+selected>Unsubscribed \(Opted Out\)', text)


def test_what_a_segment_asks_of_one_channel_names_it_and_stays_in_the_panel(visitor, names, people):
    query = "channel=email&state=opted_out"
    assert names(query) == ["Ben", "Ann"]
    text = visitor.text(f"/contacts?{query}")
    assert "Email: Opted Out" in text
    assert re.search(r'name="state"\s+value="opted_out"\s+form="filters"', text)
    assert names(f"{query}&consent.sms=opted_in") == ["Ben"]


def test_the_audience_understands_the_filter_and_keeps_it_in_its_panel(visitor, people):
    text = visitor.text("/audience?channel=whatsapp&consent.email=opted_out")
    assert names_in(text) == ["Ben", "Ann"]
    assert "Email: Opted Out" in text
    assert 'type="hidden" name="consent.email" value="opted_out"' in text


def test_tags_and_attributes_narrow_the_list(names, people):
    db.session.add(people[0])
    people[0].tags = named(["VIP", "Press"])
    people[1].tags = named(["VIP"])
    db.session.commit()
    assert names(tag="vip") == ["Ben", "Ann"]
    assert names("tag=vip&tag=press") == ["Ann"]
    assert names("tag=vip&tag=press&tags=any") == ["Ben", "Ann"]


@pytest.mark.parametrize(
    "query",
    [
        "consent.fax=opted_out",
        "consent.email=maybe",
        "consent.=opted_out",
        "cursor=%00",
        "cursor=WyJuYW1lIiwwLCJhIiwxXQ",
        "attr.nothing=1",
        "id=x",
        "channel=fax",
        "consent.email=%00",
    ],
)
def test_odd_input_is_refused_in_words(visitor, people, query):
    assert visitor.get(f"/contacts?{query}").status_code == 422
    assert visitor.get(f"/contacts?{query}", htmx=True).status_code == 422


def test_pages_go_on_by_key_and_back(visitor, context):
    for nth in range(120):
        add_contact(f"+1650555{nth:04d}", f"Person {nth:03d}", created_at=clock.now())
    seen: list[str] = []
    path: str | None = "/contacts?sort=name&q=person"
    while path:
        text = visitor.text(path)
        seen += names_in(text)
        onward = re.search(r'rel="next" href="([^"]*)"', " ".join(text.split()))
        path = onward[1] if onward else None
    assert seen == [f"Person {nth:03d}" for nth in range(120)]
    last = re.search(r'rel="prev" href="([^"]*)"', " ".join(text.split()))
    assert last is not None
    assert "Person 050" in visitor.text(last[1])
    assert "OFFSET" not in last[1]


def test_the_number_of_all_comes_after_the_rows(visitor, people):
    text = visitor.text("/contacts?consent.email=opted_out")
    assert "/contacts/counts?consent.email=opted_out" in text
    assert ">2<" in visitor.text("/contacts/counts?consent.email=opted_out", htmx=True)


def test_the_address_of_what_is_shown_goes_into_the_bar(visitor, people):
    answer = visitor.get("/contacts?channel=whatsapp&consent.email=opted_out&q=", htmx=True)
    assert answer.headers["HX-Push-Url"] == "/contacts?consent.email=opted_out"
    own = visitor.get("/contacts", htmx=True, HX_Source="section#results")
    assert "HX-Push-Url" not in own.headers


def test_a_file_holds_who_is_filtered_with_all_four_channels(visitor, people):
    answer = visitor.get("/contacts/export.csv?consent.email=opted_out&sort=name")
    assert answer.status_code == 200
    head, *lines = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
    columns = head.split(",")
    for channel in Channel:
        assert f"{channel}_state" in columns
        assert f"{channel}_on_hold" in columns
    assert [line.split(",")[1] for line in lines] == ["Ann", "Ben"]
    assert "all-contacts" in answer.headers["Content-Disposition"]
    excel = visitor.get("/contacts/export.xlsx?consent.email=opted_out")
    assert excel.status_code == 200
    assert excel.data.startswith(b"PK")


def test_a_bulk_action_reaches_all_that_match_on_several_channels(visitor, people):
    form = {"all": "1", "filters": "consent.email=opted_out&consent.sms=opted_in", "on": "voice"}
    answer = visitor.post("/audience/bulk/opt-out", {**form, "next": "/contacts"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/contacts")
    voices = [event for event in all_events() if event.channel is Channel.VOICE]
    assert [event.to_state for event in voices] == [State.OPTED_OUT]
    assert state_of(phone("+16505550001"), Channel.VOICE) is State.OPTED_OUT


def test_a_bulk_dialog_ticks_no_channel_for_a_list_of_all(visitor, people):
    here = f"/audience/bulk/opt-out?id={people[0].id}&filters=&next=/contacts"
    assert "checked" not in visitor.text(here, htmx=True).split('name="on"', 1)[1]
    ticked = visitor.text(f"{here}&channel=sms", htmx=True)
    assert re.search(r'name="on"\s+value="sms"[^>]*checked', ticked)


def test_filters_are_saved_as_a_segment_and_lead_back_here(visitor, people):
    query = "consent.email=opted_out&consent.sms=opted_in"
    assert "list=contacts" in visitor.text(f"/contacts?{query}")
    form = {"name": "Only SMS", "query": query, "list": "contacts"}
    answer = visitor.post("/segments/new", form)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/contacts?")
    text = visitor.text(answer.headers["Location"])
    assert names_in(text) == ["Ben"]
    assert "Only SMS" in text
    assert "Email: Opted Out" in visitor.text("/segments")


def test_a_viewer_sees_everybody_and_no_controls(app, people):
    viewer = signed_in(app, Role.VIEWER)
    text = viewer.text("/contacts")
    assert len(ids_in(text)) == 4
    for control in (
        "cell-pick",
        "cell-edit",
        "row-menu",
        "/contacts/new",
        "export.csv",
        "selection",
    ):
        assert control not in text.split("<main", 1)[1], control
    assert viewer.get("/contacts/export.csv").status_code == 403


def test_a_marketer_under_only_admins_reads_why_and_can_report(app, visitor, people):
    transaction(lambda: settings.write(LIMITS, {"only_admins_change_consent": True}))
    text = visitor.text("/contacts")
    menu = text.split('id="row-menu"', 1)[1]
    assert "Only admins change consent here" in menu
    assert "/unsubscribe" not in menu
    assert "/resubscribe" not in menu
    for channel in Channel:
        assert f'data-path="/consents/{channel}/report"' in menu
    assert f'hx-post="/contacts/{people[0].id}/consents' not in text
    asked = visitor.get(f"/contacts/{people[0].id}/consents/sms/report?next=/contacts", htmx=True)
    assert 'name="next" value="/contacts"' in asked.text
    answer = visitor.post(f"/contacts/{people[0].id}/consents/sms/report", next="/contacts")
    assert answer.status_code == 303
    assert marks(visitor, "Ann")["sms"] == "SMS: No record, on hold"
    page = visitor.text(f"/contacts/{people[1].id}/actions?next=/contacts")
    assert "Report opt-out of Voice" in page


def test_the_menu_says_why_where_role_and_state_forbid(app, visitor, people):
    menu = visitor.text("/contacts").split('id="row-menu"', 1)[1]
    needs = "email-opted_out email-unknown sms-opted_out sms-unknown"
    assert re.search(rf'data-path="/resubscribe"\s+data-needs="{needs}', menu)
    assert menu.count(f'aria-disabled="true" data-unless="{needs}') == 1
    transaction(lambda: settings.write(LIMITS, {"only_admins_change_consent": True}))
    menu = visitor.text("/contacts").split('id="row-menu"', 1)[1]
    assert "Opted Out on every channel already." in menu
    assert "There is no address." in menu
    assert 'data-path="/resubscribe"' not in menu


def test_where_all_is_in_or_out_the_menus_page_offers_what_is_left(visitor, people):
    ben = people[1]
    page = f"/contacts/{ben.id}/actions"
    assert "/unsubscribe?" in visitor.text(page)
    assert "/resubscribe?" in visitor.text(page)
    visitor.post(f"/contacts/{ben.id}/unsubscribe", {"on": list(Channel)})
    assert "/unsubscribe?" not in visitor.text(page)
    assert "Opted Out on every channel already." in visitor.text(page)
    assert "/resubscribe?" in visitor.text(page)


def test_only_admins_are_offered_to_merge(app, visitor, people):
    assert "Only admins merge contacts." in visitor.text("/contacts")
    admin = signed_in(app, Role.ADMIN)
    menu = admin.text("/contacts").split('id="row-menu"', 1)[1]
    assert 'data-path="/merge"' in menu
    assert "Only admins merge" not in menu


def test_merging_from_the_list_leads_back_to_it_and_only_tightens(app, visitor, people):
    admin = signed_in(app, Role.ADMIN)
    keep, other = people[2].id, people[1].id
    path = f"/contacts/{keep}/merge?next=/contacts&other={other}"
    assert 'name="next" value="/contacts"' in admin.text(path, htmx=True)
    answer = admin.post(f"/contacts/{keep}/merge", other=str(other), next="/contacts")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/contacts")
    assert marks(admin, "Cem")["email"] == "Email: Opted Out"
    away = admin.post(f"/contacts/{keep}/merge", other=str(people[0].id), next="//evil.example")
    assert away.headers["Location"] == f"/contacts/{keep}"


def test_contacts_are_where_the_side_menu_says(visitor, people):
    here = re.compile(r'class="nav-item is-here"\s+href="([^"]*)"')
    for path in ("/contacts", "/contacts/new", f"/contacts/{people[0].id}", "/contacts/duplicates"):
        assert here.findall(visitor.text(path)) == ["/contacts"], path
    assert here.findall(visitor.text("/audience")) == ["/audience"]


def statements(app: Flask, visitor: Visitor, path: str, *, htmx: bool = False) -> list[str]:
    with counted_queries(app) as found:
        assert visitor.get(path, htmx=htmx).status_code == 200
    return found


def test_a_page_asks_for_each_thing_once(app, visitor):
    add_crowd()
    asked = statements(app, visitor, "/contacts")
    assert len(asked) == len(set(asked)), "something is asked twice"
    # Who asks, the change number, attributes, segments, tags; the rows, and how they stand.
    assert len(asked) == 7, asked
    assert len(statements(app, visitor, "/contacts", htmx=True)) == 5


@pytest.mark.parametrize(
    "query",
    [
        "q=maria",
        "q=zqzq",
        "consent.email=opted_out",
        "consent.email=opted_out&consent.sms=held",
        "consent.email=opted_out&consent.sms=opted_in&sort=name",
        "tag=VIP&consent.sms=unknown&q=an",
    ],
)
def test_a_filter_adds_a_glance_a_look_and_a_walk_at_most(app, visitor, query):
    add_crowd()
    assert len(statements(app, visitor, f"/contacts?{query}", htmx=True)) <= 5 + 3


def test_one_state_alone_is_read_from_its_index(app, visitor):
    add_crowd()
    asked = statements(app, visitor, "/contacts?consent.email=opted_out", htmx=True)
    assert len(asked) == 5, asked
    assert not any("LIMIT" in statement.split("ORDER BY")[0] for statement in asked[-2:])


def test_a_change_elsewhere_shows_when_the_list_fetches_itself(visitor, people):
    assert 'hx-trigger="heed:change from:body, heed:live from:body"' in visitor.text("/contacts")
    record(State.OPTED_OUT, address=phone("+16505550000"), channel=Channel.VOICE)
    assert marks(visitor, "Ann")["voice"] == "Voice: Opted Out"


def test_it_is_a_day_and_not_a_moment_since_somebody_was_added(visitor, people):
    old = add_contact("+16505559999", "Old", created_at=clock.now() - timedelta(days=400))
    assert old.created_at.strftime("%Y") in visitor.text("/contacts?q=old")
