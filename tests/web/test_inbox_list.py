"""The list of conversations: who wrote last, what is unread, whose it is, and who is looked for."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from tests.counting import counted_queries
from tests.people import NUMBER, add_contact, add_user, phone, record
from tests.talks import conversation, person, wrote
from tests.visitor import Visitor, visitor, words
from webapp.accounts.models import User
from webapp.accounts.rules import CUSTOMER, SYSTEM, Role
from webapp.consent.holds import hold
from webapp.consent.saving import create_contact
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel
from webapp.contacts.service import Draft
from webapp.conversations.assignment import assign, assignee_of
from webapp.conversations.models import InboundMessage
from webapp.conversations.service import opened
from webapp.conversations.unread import mark_seen
from webapp.core.db import db, transaction
from webapp.privacy import forgetting

HOUR = timedelta(hours=1)
ROW = re.compile(r'id="talk-(\d+)"')


@pytest.fixture
def marketer(app: Flask, context: AppContext) -> Visitor:
    return visitor(app, Role.MARKETER)


def shown(who: Visitor, query: str = "") -> list[int]:
    return [int(found) for found in ROW.findall(who.text(f"/inbox?{query}", htmx=True))]


def me() -> int:
    found = db.session.scalars(select(User.id).where(User.role == Role.MARKETER)).one()
    db.session.rollback()
    return found


def many(count: int, **values: Any) -> list[int]:
    return [person(f"Person {n}", f"+1650555{n:04d}", **values) for n in range(count)]


def test_newest_first_with_what_was_said_last(marketer: Visitor) -> None:
    ann = person(text="Is it in stock?")
    ben = person("Ben Ray", "+16505559999", text="Hello there")
    assert shown(marketer) == [ben, ann]
    wrote("One more thing")
    assert shown(marketer) == [ann, ben]
    said = words(marketer.get("/inbox"))
    assert "WhatsApp: Ann Lee" in said
    assert "One more thing" in said
    assert "2 unread" in said


def test_icons_say_who_is_opted_out_and_on_hold_on_that_channel(marketer: Visitor) -> None:
    person()
    record(channel=Channel.SMS)
    assert "Opted Out" not in words(marketer.get("/inbox"))
    record()
    assert "Ann Lee Opted Out" in words(marketer.get("/inbox"))
    wrote("stop?", number="+16505550001", profile_name="Stranger")
    other = phone("+16505550001")
    transaction(lambda: hold(Channel.WHATSAPP, other, "stop?", {}, actor=CUSTOMER))
    assert "Stranger On hold" in words(marketer.get("/inbox"))
    record(address=other)
    assert "Stranger Opted Out" in words(marketer.get("/inbox"))


def test_tabs_and_channel_narrow_it(marketer: Visitor) -> None:
    read, mine, other = many(3)
    for talk in (read, mine):
        transaction(partial(mark_seen, talk, 10**9))
    transaction(lambda: assign(mine, me()))
    text = wrote("By SMS", channel=Channel.SMS)
    assert shown(marketer, "tab=unread") == [text, other]
    assert shown(marketer, "tab=mine") == [mine]
    assert shown(marketer, "tab=unassigned") == [text, other, read]
    assert shown(marketer, "channel=sms") == [text]
    assert shown(marketer, "tab=unread&channel=whatsapp") == [other]
    assert shown(marketer, "tab=nonsense&channel=pigeon") == [text, other, mine, read]


@pytest.mark.parametrize("tab", ["all", "unread", "unassigned", "mine"])
def test_pages_by_key_show_each_once(marketer: Visitor, tab: str) -> None:
    talks = many(70)
    if tab == "mine":
        for talk in talks:
            transaction(partial(assign, talk, me()))
    found: list[int] = []
    path = f"/inbox?tab={tab}"
    while path:
        text = marketer.text(path, htmx=True)
        found += [int(number) for number in ROW.findall(text)]
        link = re.search(r'href="([^"]+)"\s+rel="next"', text)
        path = link[1] if link else ""
    assert found == talks[::-1]
    back = re.search(r'href="([^"]+)"\s+rel="prev"', text)
    assert back
    assert [int(n) for n in ROW.findall(marketer.text(back[1], htmx=True))] == found[30:60]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ann", True),
        ("lee ann", True),
        ("LÉE", True),
        ("650 555-1234", True),
        ("5551234", True),
        ("ann@x.example", True),
        ("zed", False),
        ("%", False),
        ("an", True),
    ],
)
def test_a_contact_is_found_by_name_number_or_email(
    marketer: Visitor, search: str, found: bool
) -> None:
    contact = add_contact(email="ann@x.example", email_key=b"e" * 32)
    ann = wrote(contact_id=contact.id)
    person("Bob", "+4915112345678")
    assert shown(marketer, f"q={search}".replace("+", "%2B").replace("%", "%25")) == (
        [ann] if found else []
    )


def test_strangers_are_found_by_their_profile_and_number(marketer: Visitor) -> None:
    stranger = wrote(number="+16505550001", profile_name="Zoë the Cat")
    person()
    assert shown(marketer, "q=the cat") == [stranger]
    assert shown(marketer, "q=5550001") == [stranger]
    assert shown(marketer, "q=cat&tab=unread") == [stranger]
    assert shown(marketer, "q=cat&tab=mine") == []
    assert shown(marketer, "q=cat&tab=unassigned&channel=whatsapp") == [stranger]
    assert shown(marketer, "q=cat&channel=sms") == []


def test_a_search_reaches_beyond_the_newest(
    marketer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.inbox.searching.NEWEST", 2)
    ann = person()
    many(5)
    assert shown(marketer, "q=ann") == [ann]


def test_a_walk_goes_on_past_what_is_assigned(
    marketer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.inbox.finding.WALKS", (3, 1000))
    talks = many(8)
    for talk in talks[3:]:
        transaction(partial(assign, talk, me()))
    assert shown(marketer, "tab=unassigned") == talks[:3][::-1]


def test_a_walk_ends_somewhere_and_says_so(
    marketer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.inbox.finding.WALKS", (2, 5))
    talks = many(12)
    for talk in talks[1:7] + talks[8:]:
        transaction(partial(assign, talk, me()))
    # Of the newest five one is nobody's, of the next five none, then the oldest.
    text = marketer.text("/inbox?tab=unassigned", htmx=True)
    assert ROW.findall(text) == [str(talks[7])]
    assert "5 conversations were looked at. There may be more." in text
    text = marketer.text(further(text), htmx=True)
    assert not ROW.findall(text)
    assert "None of these is unassigned" in text
    text = marketer.text(further(text), htmx=True)
    assert ROW.findall(text) == [str(talks[0])]
    assert "Look further" not in text
    transaction(partial(assign, talks[0], me()))
    assert "Look further" not in marketer.text("/inbox?tab=all", htmx=True)


def further(text: str) -> str:
    """Give the address at which a list goes on."""
    found = re.search(r'href="([^"]+)">Look further', text)
    assert found
    return html.unescape(found[1])


def test_an_empty_list_says_what_to_do(marketer: Visitor) -> None:
    assert "No conversations yet" in words(marketer.get("/inbox"))
    assert "Nobody matches" in words(marketer.get("/inbox?q=zz"))
    for tab in ("unread", "mine", "unassigned"):
        assert "empty-state" in marketer.text(f"/inbox?tab={tab}")


def test_opening_marks_read_what_was_shown_and_no_more(marketer: Visitor) -> None:
    talk = person()
    text = marketer.text(f"/inbox/{talk}")
    newest = re.search(r'name="inbound" value="(\d+)"', text)
    assert newest
    assert conversation(talk).unread == 1, "a GET changes nothing"
    wrote("Hello?")
    answer = marketer.post(f"/inbox/{talk}/seen", {"inbound": newest[1]}, htmx=True)
    assert answer.status_code == 204
    assert conversation(talk).unread == 1
    last = db.session.scalars(select(InboundMessage.id).order_by(InboundMessage.id.desc())).first()
    marketer.post(f"/inbox/{talk}/seen", {"inbound": str(last)}, htmx=True)
    assert conversation(talk).unread == 0
    # A page that was opened earlier makes nothing unread again.
    marketer.post(f"/inbox/{talk}/seen", {"inbound": newest[1]}, htmx=True)
    assert conversation(talk).unread == 0
    assert marketer.post(f"/inbox/{talk}/seen", {"inbound": "x"}, htmx=True).status_code == 422


def test_marked_unread_it_stands_among_the_unread(marketer: Visitor) -> None:
    talk = person()
    transaction(lambda: mark_seen(talk, 10**9))
    answer = marketer.post(f"/inbox/{talk}/unread", next="/inbox?tab=mine")
    assert answer.headers["Location"] == "/inbox?tab=mine"
    assert shown(marketer, "tab=unread") == [talk]
    assert marketer.get("/inbox/count").get_data(as_text=True) == "1"


def test_of_two_who_take_it_the_last_wins_and_is_told(app: Flask, marketer: Visitor) -> None:
    talk = person()
    other = visitor(app, Role.ADMIN)
    admin = db.session.scalars(select(User.id).where(User.role == Role.ADMIN)).one()
    path, first = f"/inbox/{talk}/assign", {"user": str(me()), "shown": ""}
    assert "You have this conversation now." in words(marketer.post(path, first, htmx=True))
    late = other.post(path, {"user": str(admin), "shown": ""}, htmx=True)
    assert "You have this conversation now. Marketer had taken it a moment before." in words(late)
    assert assignee_of(talk) == admin
    text = marketer.text("/inbox")
    assert "Assigned to Admin" in text
    nobody = marketer.post(path, {"user": "", "shown": str(admin)}, htmx=True)
    assert "Nobody has this conversation now." in words(nobody)
    assert assignee_of(talk) is None


@pytest.mark.parametrize("user", ["x", "0", "999999", "viewer"])
def test_only_who_can_answer_is_assigned(app: Flask, marketer: Visitor, user: str) -> None:
    talk = person()
    if user == "viewer":
        user = str(add_user(Role.VIEWER).id)
    assert marketer.post(f"/inbox/{talk}/assign", {"user": user}, htmx=True).status_code == 422


def test_somebody_we_write_to_first_has_a_conversation(marketer: Visitor) -> None:
    contact = add_contact().id
    key = key_of(phone())
    talk = transaction(lambda: opened(Channel.WHATSAPP, key, phone().value, contact))
    assert transaction(lambda: opened(Channel.WHATSAPP, key, phone().value, None)) == talk
    assert shown(marketer) == [talk]
    assert conversation(talk).contact_id == contact
    assert "Nothing was said yet" in words(marketer.get("/inbox"))
    wrote("Hi")
    assert conversation(talk).unread == 1


def test_a_stranger_who_becomes_a_contact_keeps_the_conversation(marketer: Visitor) -> None:
    talk = wrote(profile_name="annie")
    assert "is no contact yet" in words(marketer.get(f"/inbox/{talk}"))
    draft = Draft(name="Ann Lee", phone=NUMBER)
    contact = transaction(lambda: create_contact(draft, SYSTEM).contact.id)
    assert conversation(talk).contact_id == contact
    assert "Ann Lee" in words(marketer.get("/inbox"))


def test_erasure_takes_the_assignment_along(marketer: Visitor) -> None:
    talk = person()
    transaction(lambda: assign(talk, me()))
    contact = conversation(talk).contact_id
    transaction(lambda: forgetting.forget(forgetting.Trail(contact, (key_of(phone()),))))
    assert marketer.get(f"/inbox/{talk}").status_code == 404
    assert assignee_of(talk) is None
    assert shown(marketer, "tab=mine") == []


def test_a_list_asks_the_same_few_times_however_long(app: Flask, marketer: Visitor) -> None:
    many(40)
    record()
    for query in (
        "",
        "tab=unread",
        "tab=mine",
        "tab=unassigned",
        "q=person",
        "q=5550001&channel=sms",
    ):
        with counted_queries(app) as statements:
            assert marketer.get(f"/inbox?{query}", htmx=True).status_code == 200
        # Who asks, the change number, which, their rows, what was heard and said last; two for a
        # search, whose candidates are counted once in a while.
        assert len(statements) <= 8, statements


def test_what_is_odd_in_an_address_is_no_failure(marketer: Visitor) -> None:
    person()
    for query in (
        "q=%00",
        "q=" + "a" * 5000,
        "q=' OR 1=1 --",
        "here=x",
        "q=%F0%9F%98%80",
        "q=%25_",
    ):
        assert marketer.get(f"/inbox/list?{query}", htmx=True).status_code == 200
