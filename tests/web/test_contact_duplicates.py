"""Duplicates: pairs who may be one person, each with both consents and what merging would make."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.contacts.crowd import add_crowd
from tests.counting import counted_queries
from tests.people import add_contact, phone, record, state_of
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.contacts import duplicate_looks
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, State
from webapp.core.db import db

A, B = "+16505561001", "+16505561002"
PATH = "/contacts/duplicates"


@pytest.fixture
def admin(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.ADMIN)


@pytest.fixture
def two(context: AppContext) -> tuple[int, int]:
    """One person twice: opted in here, opted out there."""
    one, other = add_contact(A, "Zoë <script> Müller"), add_contact(B, "zoe <script> muller")
    record(State.OPTED_IN, address=phone(A), channel=Channel.SMS)
    record(State.OPTED_OUT, address=phone(B), channel=Channel.SMS)
    ids = (one.id, other.id)
    db.session.rollback()  # what has read holds SQLite's lock, which signing in needs
    return ids


def pair_of(page: str, two: tuple[int, int]) -> str:
    """Give the HTML of a pair."""
    return page.split(f'id="pair-{two[0]}-{two[1]}"', 1)[1].split("</li>", 1)[0]


def test_a_pair_shows_both_sides_and_what_they_would_become(admin, two):
    pair = pair_of(admin.text("/contacts/duplicates"), two)
    said = re.findall(r'title="SMS: ([^"]*)"', pair)
    assert said == ["Opted In", "Opted Out", "Opted Out"]
    assert "SMS becomes Opted Out" in pair
    assert f"/contacts/{two[0]}/merge?other={two[1]}&next=" in pair


def test_a_name_is_a_text(admin, two):
    page = admin.get("/contacts/duplicates").get_data(as_text=True)
    assert "Zoë &lt;script&gt; Müller" in page
    assert "<script> M" not in page


def test_merging_from_a_pair_tightens_and_leads_back(admin, two):
    page = admin.text("/contacts/duplicates")
    ask = re.search(r'href="(/contacts/\d+/merge\?[^"]*)"', pair_of(page, two))
    assert ask is not None
    dialog = admin.text(ask[1], htmx=True)
    here = "/contacts/duplicates?by=name"
    assert f'name="next" value="{here}"' in dialog
    answer = admin.post(f"/contacts/{two[0]}/merge", other=str(two[1]), next=here, htmx=True)
    assert answer.headers["HX-Redirect"] == here
    assert db.session.get(Contact, two[1]) is None
    assert state_of(phone(A), Channel.SMS) is State.OPTED_OUT
    assert state_of(phone(B), Channel.SMS) is State.OPTED_OUT
    assert "Nobody is here twice" in admin.text("/contacts/duplicates")


def test_the_kept_ones_yes_never_covers_the_others_number(admin, two):
    answer = admin.post(f"/contacts/{two[1]}/merge", other=str(two[0]))
    assert answer.status_code == 303
    assert state_of(phone(B), Channel.SMS) is State.OPTED_OUT
    assert state_of(phone(A), Channel.SMS) is State.OPTED_IN, "its own key keeps what stands there"


@pytest.mark.parametrize("role", [Role.MARKETER, Role.VIEWER])
def test_others_read_that_only_admins_merge(app, context, two, role):
    other = signed_in(app, role)
    page = other.text("/contacts/duplicates")
    assert "Only admins merge contacts." in page
    assert "/merge?" not in page
    assert other.get(f"/contacts/{two[0]}/merge").status_code == 403


@pytest.mark.parametrize("by", ["name", "email", "phone", ""])
def test_each_likeness_has_its_tab(admin, two, by):
    text = admin.text(f"/contacts/duplicates?by={by}")
    tabs = re.findall(r'class="tab[^"]*"\s+href="([^"]*)"', text)
    assert tabs == [
        "/contacts/duplicates?by=phone",
        "/contacts/duplicates?by=email",
        "/contacts/duplicates?by=name",
    ]
    assert ("pair-" in text) is (by in ("", "name"))


def test_it_opens_on_the_strongest_sign_that_anybody_is_found_by(admin, two):
    def here() -> str:
        found = re.search(r'id="duplicates"\s+aria-label="([^"]*)"', admin.text(PATH))
        assert found
        return found[1]

    assert here() == "Name"
    add_contact(None, "Ann", email="ann@example.com")
    add_contact(None, "A. Lee", email="ann+shop@example.com")
    assert here() == "Mailbox"
    add_contact("+447911123456", "Eve")
    add_contact("+17911123456", "Eve Adams")
    assert here() == "Number"
    assert "The strongest sign." in admin.text(PATH)
    assert 'aria-label="Name"' in admin.text(f"{PATH}?by=name")


def test_with_nobody_twice_all_signs_are_looked_at(app, context):
    page = signed_in(app, Role.ADMIN).text(PATH)
    assert "Nobody is here twice" in page
    assert 'aria-label="Name"' in page


@pytest.mark.parametrize("query", ["by=face", "by=%00", "cursor=x", "by=phone&cursor=WyJuYW1lIl0"])
def test_odd_input_is_refused_in_words(admin, two, query):
    assert admin.get(f"/contacts/duplicates?{query}").status_code == 422


def test_who_looked_in_vain_is_told_how_far_and_looks_further(admin, monkeypatch, context):
    monkeypatch.setattr(duplicate_looks, "ROWS", dict.fromkeys(duplicate_looks.ROWS, 2))
    for nth in range(30):
        add_contact(f"+1650555{nth:04d}", f"Person {nth:04d}")
    answer = admin.get("/contacts/duplicates?by=phone")
    assert "Nobody alike so far" in words(answer)
    assert "The 10 contacts looked at" in words(answer)
    assert "Look further" in words(answer)


def test_many_pairs_take_no_more_statements_than_one(app, admin, two):
    with counted_queries(app) as of_one:
        admin.get("/contacts/duplicates")
    add_crowd()
    with counted_queries(app) as of_many:
        assert admin.text("/contacts/duplicates").count('id="pair-') == duplicate_looks.PAIRS
    policies = sum("channel_policies" in statement for statement in of_many)
    assert len(of_many) - policies <= len(of_one) + 3, of_many
