"""“Can I message this person?”: the card, POST /check and the claim's own SQL say the same."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import update

from tests.api_client import ApiClient
from tests.counting import counted_queries
from tests.people import add_contact, new_message, phone, record
from tests.visitor import visitor, words
from webapp.accounts import settings
from webapp.accounts.rules import CUSTOMER, Role
from webapp.consent import queries
from webapp.consent.answers import HOWS, answer, answers_for, why
from webapp.consent.holds import hold
from webapp.consent.models import ConsentPolicy, MarketingHold
from webapp.consent.reports import hold_as_reported
from webapp.consent.rules import Policy, Rule
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, Channel, State
from webapp.core.db import db, transaction
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin

POLICIES = [Policy(*pair) for pair in itertools.product((False, True), repeat=2)]
STATES = list(State)
MOST_QUERIES = 5
EVERY = 5  # of the cases, one in so many is also asked over the API


def number(nth: int) -> str:
    return f"+1650555{nth:04d}"


def set_policy(channel: Channel, policy: Policy) -> None:
    db.session.execute(
        update(ConsentPolicy)
        .where(ConsentPolicy.channel == channel)
        .values(needs_opt_in=policy.needs_opt_in, exempts_utility=policy.exempts_utility)
    )
    db.session.commit()


def person(nth: int, state: State, *, held: bool) -> Contact:
    contact = add_contact(number(nth), f"Person {nth}")
    for channel in (Channel.SMS, Channel.WHATSAPP):
        if state is not State.UNKNOWN:
            record(state, address=phone(number(nth)), channel=channel)
        if held:
            hold(channel, phone(number(nth)), "no more", {}, actor=CUSTOMER)
            db.session.commit()
    return contact


def in_sql(
    address: Address, channel: Channel, category: Category, origin: Origin
) -> tuple[Any, ...]:
    """Ask the claim's SQL about a message written now; gives the rule, event and verdict."""
    epoch = queries.epoch_of(channel, key_of(address))
    message = new_message(
        address=address, channel=channel, category=category, origin=origin, epoch=epoch
    )
    db.session.add(message)
    db.session.flush()
    ((_, rule, event_id),) = queries.verdicts(Message.id == message.id)
    leaves = bool(db.session.scalar(db.select(Message.id).where(queries.may_leave())))
    db.session.rollback()
    return rule, event_id, leaves


def checked(
    api: ApiClient, to: str, channel: Channel, category: Category, origin: Origin
) -> tuple[Any, ...]:
    """Ask POST /check; gives the rule, event and verdict."""
    body = {"channel": channel, "address": to, "category": category, "origin": origin}
    said = api.post("/check", body).get_json()
    return said["rule"], said["event_id"], said["allowed"]


@pytest.mark.parametrize("policy", POLICIES)
def test_the_card_the_check_and_the_claim_agree(
    app: Flask, context: AppContext, policy: Policy
) -> None:
    for channel in (Channel.SMS, Channel.WHATSAPP):
        set_policy(channel, policy)
    transaction(lambda: db.session.add(MarketingHold(channel=Channel.SMS)))
    api = ApiClient(app, Role.VIEWER)
    asked = 0
    for nth, (state, held) in enumerate(itertools.product(STATES, (False, True))):
        contact = person(nth, state, held=held)
        card = answers_for(contact)
        db.session.rollback()
        for channel in (Channel.SMS, Channel.WHATSAPP):
            for found in card[channel]:
                case = (found.channel, found.category, found.origin)
                ours = (found.decision.rule, found.event_id, found.decision.allowed)
                assert ours == in_sql(phone(number(nth)), *case), case
                asked += 1
                if asked % EVERY == 0:
                    assert ours == checked(api, number(nth), *case), case


def test_scheduled_and_automatic_sends_are_judged_as_the_api_s(context: AppContext) -> None:
    for nth, state in enumerate(STATES):
        person(nth, state, held=False)
        for category in Category:
            asked = [
                answer(Channel.WHATSAPP, [key_of(phone(number(nth)))], category, origin).decision
                for origin in (Origin.API, Origin.AUTOMATION, Origin.SCHEDULED)
            ]
            assert asked[0] == asked[1] == asked[2]


def test_every_line_of_the_table_has_its_sentence() -> None:
    for rule, state in itertools.product(Rule, State):
        assert why(rule, state).endswith(".")


def test_all_of_the_card_takes_five_reads(app: Flask, context: AppContext) -> None:
    contact = person(1, State.OPTED_OUT, held=False)
    db.session.refresh(contact)
    with counted_queries(app) as statements:
        found = answers_for(contact)
    assert len(statements) <= MOST_QUERIES, statements
    assert {len(answers) for answers in found.values()} == {len(HOWS) * len(Category)}


def card_of(app: Flask, contact_id: int, role: Role = Role.VIEWER) -> tuple[str, str]:
    """Give the card's HTML and its words."""
    page = visitor(app, role).get(f"/contacts/{contact_id}")
    html = page.get_data(as_text=True)
    found = re.search(r'<section[^>]*id="may-send".*?</section>', html, re.S)
    assert found
    return found[0], " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_the_card_answers_with_the_reason_and_the_event(app: Flask) -> None:
    with app.app_context():
        contact_id = add_contact().id
        event_id = record(State.OPTED_OUT).event_id
    html, said = card_of(app, contact_id)
    assert "Can I message this person?" in said
    assert "WhatsApp After a warning No No The person is opted out of this channel." in said
    assert f'href="/evidence/events/{event_id}"' in html
    assert "Email No address" in said
    assert "SMS Yes Yes Yes There is no record, and this channel needs none." in said
    more = said[said.index("Utility and authentication") :]
    assert "WhatsApp Yes Yes Yes By hand: What is no marketing may be sent by hand." in more


def test_a_held_reply_waits(app: Flask) -> None:
    with app.app_context():
        contact_id = person(7, State.OPTED_IN, held=True).id
    assert (
        "WhatsApp Waits Waits Waits A reply that reads like a request to stop"
        in (card_of(app, contact_id)[1])
    )


def test_a_reply_beside_a_report_is_what_waits(app: Flask) -> None:
    with app.app_context():
        contact_id = add_contact().id
        transaction(lambda: hold_as_reported(Channel.SMS, phone(), CUSTOMER))
        transaction(lambda: hold_as_reported(Channel.WHATSAPP, phone(), CUSTOMER))
        transaction(lambda: hold(Channel.WHATSAPP, phone(), "no more", {}, actor=CUSTOMER))
    said = card_of(app, contact_id)[1]
    assert "SMS Waits Waits Waits Somebody reported an opt-out" in said
    assert "WhatsApp Waits Waits Waits A reply that reads like a request to stop" in said


def test_where_the_account_blocks_it_a_warning_does_not_help(app: Flask) -> None:
    with app.app_context():
        contact_id = add_contact().id
        record(State.OPTED_OUT)
        transaction(lambda: settings.write("consent", {"manual_sends_blocked": True}))
    assert "WhatsApp No No No" in card_of(app, contact_id)[1]


def test_the_card_changes_with_the_page(app: Flask) -> None:
    with app.app_context():
        contact_id = add_contact().id
    viewer = visitor(app, Role.VIEWER)
    with app.app_context():
        record(State.OPTED_OUT)
    live = viewer.get(f"/contacts/{contact_id}/live", htmx=True)
    assert 'hx-target="#may-send"' in live.get_data(as_text=True)
    assert "After a warning" in words(live)
