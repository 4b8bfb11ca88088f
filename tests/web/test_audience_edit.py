"""Add contact and Edit Customer: what is saved, what is refused, what consent does meanwhile."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.people import EVIDENCE, NUMBER, add_contact, all_events, phone, record, state_of
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.contacts.activities import timeline
from webapp.contacts.models import AttributeDefinition, Contact, Tag
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.contacts.tags import named
from webapp.core.db import db

OTHER = "+16505559876"
HIDDEN = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")
STAMP = re.compile(r'name="stamp" value="([^"]+)"')


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


@pytest.fixture
def ann(context: AppContext) -> Contact:
    db.session.add_all(
        [
            AttributeDefinition(name="city", label="City", kind="text", choices=[]),
            AttributeDefinition(name="plan", label="Plan", kind="choice", choices=["Free", "Pro"]),
            AttributeDefinition(name="orders", label="Orders", kind="number", choices=[]),
        ]
    )
    contact = add_contact(attributes={"city": "Roma", "plan": "Legacy"})
    contact.tags = named(["VIP"])
    db.session.commit()
    return contact


def stamp(visitor: Visitor, contact: Contact) -> str:
    found = STAMP.search(visitor.text(f"/contacts/{contact.id}/edit", htmx=True))
    assert found
    return found.group(1)


def save(visitor: Visitor, contact: Contact, *, htmx: bool = True, **fields: Any) -> TestResponse:
    shown = {
        "name": contact.name,
        "phone": contact.phone or "",
        "email": contact.email or "",
        "tags": "\n".join(tag.name for tag in contact.tags),
        **{f"attr.{name}": str(value) for name, value in contact.attributes.items()},
    }
    fields.setdefault("stamp", stamp(visitor, contact))
    return visitor.post(f"/contacts/{contact.id}/edit", htmx=htmx, **{**shown, **fields})


def again(contact: Contact) -> Contact:
    db.session.rollback()
    return db.session.get_one(Contact, contact.id, populate_existing=True)


def test_the_form_shows_what_stands(visitor, ann):
    text = visitor.text(f"/contacts/{ann.id}/edit", htmx=True)
    assert "Edit Customer" in text
    for said in ('value="Ann Lee"', f'value="{NUMBER}"', 'value="Roma"', ">VIP</textarea>"):
        assert said in text
    assert '<option value="Legacy" selected>' in " ".join(text.split())


def test_everything_is_saved_and_the_list_fetches_itself(visitor, ann):
    attributes: dict[str, Any] = {"attr.city": "", "attr.plan": "Pro", "attr.orders": "12"}
    answer = save(
        visitor,
        ann,
        name="Ann Müller",
        email="Ann@Example.com",
        tags="vip\nTrade fair",
        **attributes,
    )
    assert answer.status_code == 200
    assert answer.headers["HX-Trigger"] == "dialog:close, heed:change"
    assert "Ann Müller was saved" in answer.get_data(as_text=True)
    found = again(ann)
    assert (found.name, found.name_folded, found.email) == (
        "Ann Müller",
        "ann muller",
        "ann@example.com",
    )
    assert found.attributes == {"plan": "Pro", "orders": 12}
    assert [tag.name for tag in found.tags] == ["Trade fair", "VIP"]
    assert timeline(ann.id)[0].data == {"parts": ["name", "email", "attributes", "tags"]}


def test_without_javascript_it_leads_back(visitor, ann):
    answer = save(visitor, ann, htmx=False, name="Anna", next="/audience?q=an")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/audience?q=an")
    page = visitor.text(f"/contacts/{ann.id}/edit")
    assert "<html" in page
    assert 'value="Anna"' in page


def test_everything_wrong_is_said_at_once_beside_its_field(visitor, ann):
    wrong: dict[str, Any] = {
        "phone": "12",
        "email": "ann@",
        "attr.plan": "Gold",
        "attr.orders": "many",
    }
    answer = save(visitor, ann, name="Kept", **wrong)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert text.count('class="field-error"') == 4
    assert 'value="Kept"' in text
    assert again(ann).name == "Ann Lee"


def test_what_was_there_before_a_choice_was_dropped_may_stay(visitor, ann):
    assert save(visitor, ann, name="Anna").status_code == 200
    assert again(ann).attributes["plan"] == "Legacy"


def test_somebody_elses_number_is_refused_by_name(visitor, ann):
    add_contact(OTHER, "Ben")
    answer = save(visitor, ann, phone=OTHER)
    assert answer.status_code == 409
    assert "Ben has this phone number already" in words(answer)


def test_whoever_has_an_address_already_is_a_link_and_their_name_a_text(visitor, ann):
    other = add_contact(OTHER, "O'Brien <script>")
    for answer in (
        save(visitor, ann, phone=OTHER),
        visitor.post("/contacts/new", htmx=True, name="x", phone=OTHER),
    ):
        text = answer.get_data(as_text=True)
        link = f'<a href="/contacts/{other.id}">O&#39;Brien &lt;script&gt;</a> has this phone'
        assert link in text
        assert "<script>" not in text


def test_a_contact_keeps_at_least_one_address(visitor, ann):
    answer = save(visitor, ann, phone="", email="")
    assert answer.status_code == 422
    assert "phone number or an email" in answer.get_data(as_text=True)


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(app, visitor, ann):
    seen = stamp(visitor, ann)
    save(signed_in(app, Role.ADMIN), ann, name="Ann by the admin")
    answer = save(visitor, ann, name="Ann by me", stamp=seen)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody else changed this contact" in text
    assert "Ann by the admin" in text
    assert 'value="Ann by me"' in text
    assert again(ann).name == "Ann by the admin"

    found = STAMP.search(text)
    assert found
    assert save(visitor, ann, name="Ann by me", stamp=found.group(1)).status_code == 200
    assert again(ann).name == "Ann by me"


def test_a_consent_change_meanwhile_is_no_reason_to_refuse(visitor, ann):
    seen = stamp(visitor, ann)
    record()
    assert save(visitor, ann, name="Anna", stamp=seen).status_code == 200


def test_saving_twice_saves_once(visitor, ann):
    save(visitor, ann, name="Anna")
    first = again(ann).updated_at
    save(visitor, again(ann))
    assert again(ann).updated_at == first


def test_a_form_that_is_not_whole_is_refused(visitor, ann):
    assert save(visitor, ann, stamp="").status_code == 422
    assert save(visitor, ann, stamp="2026-01-01").status_code == 422


def test_an_opt_out_goes_along_to_a_new_number(visitor, ann):
    record(source=Source.KEYWORD)
    record(channel=Channel.SMS)
    answer = save(visitor, ann, phone=OTHER)
    assert "Opted out of SMS, WhatsApp as before" in answer.get_data(as_text=True)
    assert state_of(phone(OTHER)) is State.OPTED_OUT
    assert state_of(phone(OTHER), Channel.SMS) is State.OPTED_OUT
    assert state_of(phone(OTHER), Channel.VOICE) is State.UNKNOWN
    assert state_of(phone()) is State.OPTED_OUT
    assert again(ann).whatsapp_state is State.OPTED_OUT


def test_an_opt_in_does_not_go_along(visitor, ann):
    record(State.OPTED_IN)
    save(visitor, ann, phone=OTHER)
    assert state_of(phone(OTHER)) is State.UNKNOWN
    assert state_of(phone()) is State.OPTED_IN
    assert (again(ann).whatsapp_state, again(ann).whatsapp_changed_at) == (State.UNKNOWN, None)


def test_a_number_that_opted_out_before_it_had_a_contact_shows_at_once(visitor, ann):
    record(address=phone(OTHER))
    before = len(all_events())
    save(visitor, ann, phone=OTHER)
    assert again(ann).whatsapp_state is State.OPTED_OUT
    assert len(all_events()) == before


def test_an_opt_out_of_a_whatsapp_id_goes_along_to_a_number_learnt(visitor, context):
    from webapp.contacts.addresses import key_of

    shy = add_contact(None, "Shy", whatsapp_id=HIDDEN.value, whatsapp_id_key=key_of(HIDDEN))
    record(address=HIDDEN)
    save(visitor, shy, phone=OTHER)
    assert state_of(phone(OTHER)) is State.OPTED_OUT
    assert state_of(phone(OTHER), Channel.SMS) is State.UNKNOWN


def test_taking_a_number_away_leaves_its_state_to_the_number(visitor, ann):
    record()
    save(visitor, ann, phone="", email="ann@example.com")
    assert again(ann).whatsapp_state is State.UNKNOWN
    assert state_of(phone()) is State.OPTED_OUT
    save(visitor, again(ann), phone=NUMBER)
    assert again(ann).whatsapp_state is State.OPTED_OUT


def test_a_contact_is_added(visitor, ann):
    answer = visitor.post(
        "/contacts/new", htmx=True, name="Ben", phone="+1 650 555 9876", tags="vip"
    )
    assert answer.status_code == 200
    ben = db.session.scalars(select(Contact).where(Contact.phone == OTHER)).one()
    assert (ben.name, [tag.name for tag in ben.tags]) == ("Ben", ["VIP"])
    assert db.session.query(Tag).count() == 1
    assert "Ben" in visitor.text("/audience")


def test_a_new_contact_with_an_opted_out_number_is_opted_out(visitor, context):
    record(address=phone(OTHER))
    record(State.OPTED_IN, address=phone(OTHER), channel=Channel.SMS, evidence=EVIDENCE)
    visitor.post("/contacts/new", htmx=True, name="Ben", phone=OTHER)
    ben = db.session.scalars(select(Contact).where(Contact.phone == OTHER)).one()
    assert (ben.whatsapp_state, ben.sms_state) == (State.OPTED_OUT, State.OPTED_IN)


def test_a_number_that_is_taken_is_refused_on_adding_too(visitor, ann):
    answer = visitor.post("/contacts/new", htmx=True, name="Ben", phone=NUMBER)
    assert answer.status_code == 409
    assert "Ann Lee has this phone number already" in words(answer)
    assert db.session.query(Contact).count() == 1


def test_a_viewer_edits_nobody(app, ann):
    viewer = signed_in(app, Role.VIEWER)
    assert viewer.get(f"/contacts/{ann.id}/edit").status_code == 403
    assert viewer.post("/contacts/new", name="X", phone=OTHER).status_code == 403
    assert "/edit" not in viewer.text("/audience")
