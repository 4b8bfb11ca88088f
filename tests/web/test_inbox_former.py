"""A conversation is with whoever has its address now, whoever it was kept for before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import func, select

from tests.people import NUMBER, add_contact, all_events, phone, record, state_of
from tests.talks import conversation, left_by, person, wrote
from tests.visitor import Visitor, visitor, words
from webapp.accounts import settings
from webapp.accounts.rules import SYSTEM, Role
from webapp.accounts.settings import LIMITS
from webapp.consent.models import Review
from webapp.consent.queries import state_row
from webapp.consent.saving import create_contact, update_contact
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel, State, email_address
from webapp.contacts.service import Draft
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox.models import Message
from webapp.privacy.merging import merge

NEW = "+16505550002"
RECORD = {"how": "By phone", "where": "The shop", "wording": "Yes, message me.", "when": ""}
LONG_AGO = timedelta(hours=2)


@pytest.fixture
def marketer(app: Flask, context: AppContext) -> Visitor:
    return visitor(app, Role.MARKETER)


def form(who: Visitor, talk: int) -> dict[str, str]:
    """Give the hidden fields of the form."""
    text = who.text(f"/inbox/{talk}/subscription", htmx=True)
    return dict(re.findall(r'name="(shown\.\w+)"\s+value="([^"]*)"', text))


def save(who: Visitor, talk: int, shown: dict[str, str], **more: str) -> Any:
    changed = {f"state.{name}": word for name, word in more.items() if name in set(Channel)}
    rest = {name: word for name, word in more.items() if name not in set(Channel)}
    return who.post(f"/inbox/{talk}/subscription", {**shown, **changed, **rest}, htmx=True)


def with_email() -> int:
    """Add Ann Lee with a number and an email; gives her id."""
    key = key_of(email_address("ann@x.example"))
    return add_contact(email="ann@x.example", email_key=key).id


def held(number: str) -> bool:
    row = state_row(Channel.WHATSAPP, key_of(phone(number)))
    found = bool(row and row.held)
    db.session.rollback()
    return found


def taken_over(talk: int, name: str = "Bob Ray") -> int:
    """Let the contact of a conversation have a new number, and another contact theirs."""
    left_by(talk, NEW)
    return transaction(lambda: create_contact(Draft(name, NUMBER), SYSTEM).contact.id)


def test_an_opt_out_is_that_of_the_address_and_not_of_who_left_it(marketer: Visitor) -> None:
    talk = person()
    left_by(talk, NEW)
    wrote("Never write to me again")
    answer = save(marketer, talk, form(marketer, talk), whatsapp="opted_out")
    assert f"{NUMBER} is Opted Out of WhatsApp." in words(answer)
    assert state_of() is State.OPTED_OUT
    assert state_of(phone(NEW)) is State.UNKNOWN


def test_an_opt_out_is_that_of_who_has_the_address_now(marketer: Visitor) -> None:
    talk = person()
    taken_over(talk)
    answer = save(marketer, talk, form(marketer, talk), whatsapp="opted_out")
    assert "Bob Ray is Opted Out of WhatsApp." in words(answer)
    assert state_of() is State.OPTED_OUT
    assert state_of(phone(NEW)) is State.UNKNOWN
    assert "Opted Out" in words(marketer.get(f"/inbox/{talk}"))


def test_an_opt_out_counts_for_who_was_merged_out_of_the_address(marketer: Visitor) -> None:
    keep = add_contact(NEW, "Ann Lee").id
    talk = person("Ann B")
    other = conversation(talk).contact_id or 0
    transaction(lambda: merge(keep, other, SYSTEM))
    answer = save(marketer, talk, form(marketer, talk), whatsapp="opted_out")
    said = words(answer)
    assert f"{NUMBER} is Opted Out of WhatsApp. It counts for Ann Lee too" in said
    assert "Undo" not in said
    assert state_of() is state_of(phone(NEW)) is State.OPTED_OUT


def test_an_opt_out_counts_for_who_gave_the_address_up_for_no_other(marketer: Visitor) -> None:
    contact = with_email()
    talk = wrote(contact_id=contact)
    left_by(talk, "")
    save(marketer, talk, form(marketer, talk), whatsapp="opted_out")
    assert state_of() is State.OPTED_OUT
    left_by(talk, NEW)
    assert state_of(phone(NEW)) is State.OPTED_OUT


def test_opting_in_lifts_nothing_of_who_left_the_address(marketer: Visitor) -> None:
    talk = person()
    left_by(talk, NEW)
    record(address=phone(NEW), at=clock.now() - LONG_AGO)
    assert "WhatsApp No record" in words(marketer.get(f"/inbox/{talk}"))
    save(marketer, talk, form(marketer, talk), whatsapp="opted_in", **RECORD)
    assert state_of() is State.OPTED_IN
    assert state_of(phone(NEW)) is State.OPTED_OUT


def test_opting_in_what_became_of_another_address_is_refused(marketer: Visitor) -> None:
    contact = with_email()
    talk = wrote(contact_id=contact)
    shown = form(marketer, talk)
    draft = Draft("Ann Lee", NUMBER, "lee@x.example")
    transaction(lambda: update_contact(contact, draft, SYSTEM))
    refused = save(marketer, talk, shown, email="opted_in", **RECORD)
    assert refused.status_code == 409
    assert "changed meanwhile" in words(refused)
    assert not all_events()


def test_a_reported_opt_out_holds_the_address_itself(marketer: Visitor) -> None:
    talk = person()
    left_by(talk, NEW)
    transaction(lambda: settings.write(LIMITS, {"only_admins_change_consent": True}))
    for _ in range(2):
        marketer.post(f"/inbox/{talk}/report", htmx=True)
    assert held(NUMBER)
    assert not held(NEW)
    assert db.session.scalar(select(func.count(Review.id))) == 1
    db.session.rollback()


def test_a_no_of_the_former_one_is_nothing_in_the_conversation(marketer: Visitor) -> None:
    talk = person(profile_name="annie")
    left_by(talk, NEW)
    record(address=phone(NEW))
    assert "Opted Out" not in words(marketer.get("/inbox"))
    text = marketer.text(f"/inbox/{talk}")
    assert "data-composer" in text
    assert "Opted Out" not in text
    fields = {"text": "Who is this?", "template": ""}
    assert marketer.post(f"/inbox/{talk}/reply", fields, htmx=True).status_code == 200
    message = db.session.scalars(select(Message)).one()
    assert (message.address, message.contact_id) == (NUMBER, None)
    db.session.rollback()
    record()
    assert "annie formerly Ann Lee Opted Out" in words(marketer.get("/inbox"))
    assert "data-composer" not in marketer.text(f"/inbox/{talk}")


def test_the_conversation_says_whose_it_is_and_whose_it_was(marketer: Visitor) -> None:
    talk = person()
    contact = left_by(talk, NEW)
    answer = marketer.get(f"/inbox/{talk}")
    assert f"{NUMBER} is no contact’s any more." in words(answer)
    assert "Formerly of Ann Lee" in words(answer)
    assert f'href="/contacts/{contact}?next=/inbox/{talk}"' in answer.get_data(as_text=True)
    transaction(lambda: create_contact(Draft("O'Brien <b>", NUMBER), SYSTEM))
    said = words(marketer.get(f"/inbox/{talk}"))
    assert "O'Brien" in said
    assert "Formerly of Ann Lee" in said
    assert "formerly Ann Lee" in words(marketer.get("/inbox"))


def test_the_timeline_of_who_left_has_no_words_of_a_stranger(marketer: Visitor) -> None:
    talk = person()
    contact = conversation(talk).contact_id
    assert "Is it in stock?" in words(marketer.get(f"/contacts/{contact}/timeline", htmx=True))
    left_by(talk, NEW)
    wrote("Who are you?")
    assert "Who are you?" not in words(marketer.get(f"/contacts/{contact}/timeline", htmx=True))
    wrote("It is me", number=NEW, contact_id=contact)
    assert "It is me" in words(marketer.get(f"/contacts/{contact}/timeline", htmx=True))


def test_both_names_find_it(marketer: Visitor) -> None:
    talk = person()
    taken_over(talk)
    for name in ("bob", "ann lee"):
        assert f'id="talk-{talk}"' in marketer.text(f"/inbox?q={name}", htmx=True)


def test_both_names_find_it_beyond_the_newest(
    marketer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.inbox.searching.NEWEST", 1)
    talk = person()
    taken_over(talk)
    wrote("Hello", number="+16505550099")
    for name in ("bob", "ann lee"):
        assert f'id="talk-{talk}"' in marketer.text(f"/inbox?q={name}", htmx=True)


def test_a_strangers_later_no_is_one_of_its_own(marketer: Visitor) -> None:
    talk = wrote()
    shown = form(marketer, talk)
    record(at=clock.now() - LONG_AGO)
    answer = save(marketer, talk, shown, whatsapp="opted_out")
    assert "was Opted Out of WhatsApp already" in words(answer)
    assert len(all_events()) == 2
    save(marketer, talk, shown, whatsapp="opted_out")
    assert len(all_events()) == 2


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen just before what a form asks is done."""

    def late(work: Callable[[], Any]) -> Any:
        happens()
        return transaction(work)

    monkeypatch.setattr("webapp.pages.inbox_consent.transaction", late)


@pytest.mark.parametrize(("only_admins", "status"), [(True, 403), (False, 422)])
def test_an_address_that_comes_meanwhile_lets_no_opt_in_through(
    marketer: Visitor, monkeypatch: pytest.MonkeyPatch, only_admins: bool, status: int
) -> None:
    contact = with_email()
    talk = wrote(contact_id=contact)
    shown = form(marketer, talk)
    transaction(lambda: settings.write(LIMITS, {"only_admins_resubscribe": only_admins}))

    def edit(email: str) -> None:
        draft = Draft("Ann Lee", NUMBER, email)
        transaction(lambda: update_contact(contact, draft, SYSTEM))

    edit("")
    meanwhile(monkeypatch, lambda: edit("ann@x.example"))
    record_of = RECORD if only_admins else {}
    answer = save(marketer, talk, shown, email="opted_in", sms="opted_out", **record_of)
    assert answer.status_code == status
    if not only_admins:
        assert "Opting in to Email needs the record of consent" in words(answer)
    assert not all_events()


def test_whose_the_address_is_is_asked_anew_when_it_is_saved(
    marketer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = person()
    shown = form(marketer, talk)
    meanwhile(monkeypatch, lambda: left_by(talk, NEW))
    answer = save(marketer, talk, shown, whatsapp="opted_out")
    assert f"{NUMBER} is Opted Out of WhatsApp." in words(answer)
    assert state_of() is State.OPTED_OUT
