"""From a contact's page back to where somebody came from, and never to another site."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask
from flask.ctx import AppContext

from tests.people import add_contact
from tests.talks import person
from tests.visitor import Visitor
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.contacts.models import Contact

BACK = re.compile(r'class="way-back">\s*<a href="([^"]*)">.*?</svg>\s*([^<]*)</a>', re.S)
LIST = ("/contacts", "Contacts")


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


@pytest.fixture
def ann(context: AppContext) -> Contact:
    return add_contact("+16505550001", "Ann")


def way(visitor: Visitor, path: str) -> tuple[str, str]:
    """Give where the link leads, and what it is called."""
    found = BACK.search(visitor.get(path).get_data(as_text=True))
    assert found, "there is no way back"
    return unescape(found[1]), found[2].strip()


def from_page(visitor: Visitor, page: str, contact: int) -> tuple[str, str]:
    """Follow a page's link to a contact; give the way back that is offered there."""
    link = re.search(rf'href="(/contacts/{contact}\?[^"]*next=[^"]*)"', visitor.text(page))
    assert link, f"{page} does not link to the contact"
    return way(visitor, unescape(link[1]))


def test_without_a_way_it_is_the_plain_list(visitor, ann):
    assert way(visitor, f"/contacts/{ann.id}") == LIST


def test_the_list_comes_back_with_its_filters_and_order(visitor, ann):
    page = "/contacts?q=ann&sort=name"
    href, label = from_page(visitor, page, ann.id)
    assert (sorted(re.split("[?&]", href)), label) == (sorted(re.split("[?&]", page)), "Contacts")


def test_the_audience_comes_back_on_its_channel(visitor, ann):
    href, label = from_page(visitor, "/audience?channel=sms", ann.id)
    assert (href, label) == ("/audience?channel=sms", "Opt-In/Opt-Out")


def test_the_inbox_comes_back_with_its_conversation_and_filters(visitor):
    talk = person()
    page = visitor.text(f"/inbox/{talk}?tab=unread")
    link = re.search(r'href="(/contacts/\d+\?next=[^"]*)">Open contact', page)
    assert link
    assert way(visitor, unescape(link[1])) == (f"/inbox/{talk}?tab=unread", "Inbox")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\t\\evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "/contacts\\..\\evil",
        "javascript:alert(1)",
        "contacts",
        "",
    ],
)
def test_another_sites_address_is_no_way_back(visitor, ann, target):
    assert way(visitor, f"/contacts/{ann.id}?next={quote(target, safe='')}") == LIST


def test_an_own_path_without_a_name_is_called_back(visitor, ann):
    assert way(visitor, f"/contacts/{ann.id}?next=/audit") == ("/audit", "Back")
    assert way(visitor, f"/contacts/{ann.id}?next=/inboxes") == ("/inboxes", "Back")


def test_odd_words_of_a_way_stay_text(visitor, ann):
    odd = '/contacts?q="><script>alert(1)</script>'
    page = visitor.get(f"/contacts/{ann.id}?next={quote(odd)}").get_data(as_text=True)
    assert "<script>alert" not in page
    assert way(visitor, f"/contacts/{ann.id}?next={quote(odd)}") == (odd, "Contacts")
