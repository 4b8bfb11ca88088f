"""The answer to an opt-out or opt-in carries the person's receipt."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from flask.testing import FlaskClient

from tests.people import add_contact, all_events, phone
from tests.visitor import words
from webapp.accounts.rules import SYSTEM
from webapp.contacts.owners import owner_of_address
from webapp.contacts.rules import Address, AddressKind, Channel
from webapp.core.db import db, transaction
from webapp.keywords import service as keywords
from webapp.keywords.service import Heard, KeywordSettings, act_on, judge
from webapp.outbox.models import Message
from webapp.receipts.links import links

pytestmark = pytest.mark.usefixtures("context")


def hear(text: str, addresses: Sequence[Address]) -> str:
    """Let a reply take effect, and give what it is answered."""

    def take() -> None:
        owners = [owner_of_address(address) for address in addresses]
        heard = Heard(Channel.WHATSAPP, addresses, owners, "text", text, "", None)
        act_on(heard, 1, judge(Channel.WHATSAPP, "text", text, ""))

    transaction(take)
    newest = db.select(Message.body).order_by(Message.id.desc())
    return str(db.session.scalars(newest).first())


def link_in(text: str) -> str:
    found = re.search(r"http\S+(/p/\w+)", text)
    assert found, text
    return found[1]


def test_the_confirmation_leads_to_the_receipt_of_its_own_event(client: FlaskClient) -> None:
    add_contact()
    said = hear("STOP", [phone()])
    assert said.startswith("You are opted out")
    assert "{receipt}" not in said
    page = words(client.get(link_in(said)))
    assert "WhatsApp messages are stopped" in page
    assert "Your reply" in page


def test_so_does_the_answer_to_an_opt_in(client: FlaskClient) -> None:
    add_contact()
    page = words(client.get(link_in(hear("START", [phone()]))))
    assert "WhatsApp messages are allowed" in page


def test_somebody_with_a_hidden_number_gets_theirs(client: FlaskClient) -> None:
    whatsapp_id = Address(AddressKind.WHATSAPP_ID, "US.12345678")
    token = links().read(link_in(hear("STOP", [whatsapp_id])).removeprefix("/p/"))
    assert token is not None
    assert (token.kind, token.event_id) == (AddressKind.WHATSAPP_ID, all_events()[0].id)


def test_a_text_without_the_placeholder_stays_as_it_was_saved() -> None:
    add_contact()
    wanted = KeywordSettings(confirmation="You are out. {name}")
    transaction(lambda: keywords.save(wanted, SYSTEM))
    assert hear("STOP", [phone()]) == "You are out. {name}"
