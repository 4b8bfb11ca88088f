"""The dialogs of erasing and merging, with and without a script."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from tests.people import NUMBER, add_contact, add_message, phone, record, state_of, status_of
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import CUSTOMER, SYSTEM, Role
from webapp.audit.models import AuditEntry
from webapp.consent.holds import hold
from webapp.consent.models import ConsentPolicy
from webapp.consent.reviews import dismiss_review
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, State
from webapp.core.db import db, transaction
from webapp.outbox.rules import Status

OTHER = "+16505559876"


@pytest.fixture
def admin(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.ADMIN)


@pytest.fixture
def ann(context: AppContext) -> Contact:
    return add_contact()


def people() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Contact.id)).all())


def test_only_an_admin_finds_erasing_and_merging_in_the_menu(app: Flask, ann: Contact) -> None:
    for role, offered in ((Role.ADMIN, True), (Role.MARKETER, False), (Role.VIEWER, False)):
        shown = words(signed_in(app, role).get(f"/contacts/{ann.id}"))
        assert ("Erase…" in shown, "Merge…" in shown) == (offered, offered)


def test_the_dialog_says_what_goes_what_stays_and_what_it_cancels(
    admin: Visitor, ann: Contact
) -> None:
    record(channel=Channel.SMS)
    add_message()
    for htmx in (True, False):
        said = words(admin.get(f"/contacts/{ann.id}/erase", htmx=htmx))
        assert "1 waiting message will be cancelled." in said
        assert "the opt-out of SMS stands" in said


def test_a_contact_is_erased_by_typing_the_name_or_the_number(admin: Visitor, ann: Contact) -> None:
    message = add_message().id
    answer = admin.post(f"/contacts/{ann.id}/erase", {"confirm": NUMBER, "reason": "Asked"})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/contacts")
    assert people() == 0
    assert status_of(message) is Status.CANCELLED
    assert "was erased. 1 waiting message cancelled." in words(admin.get("/contacts"))


def test_without_the_name_nothing_happens(admin: Visitor, ann: Contact) -> None:
    answer = admin.post(f"/contacts/{ann.id}/erase", {"confirm": "Ann"}, htmx=True)
    assert answer.status_code == 422
    assert "Type the name or the number" in words(answer)
    assert people() == 1


def test_from_the_dialog_the_browser_is_led_to_the_list(admin: Visitor, ann: Contact) -> None:
    answer = admin.post(f"/contacts/{ann.id}/erase", {"confirm": "ann lee"}, htmx=True)
    assert answer.headers["HX-Redirect"] == "/contacts"


def test_the_second_of_two_who_erase_is_told_that_they_are_gone(
    admin: Visitor, ann: Contact
) -> None:
    path = f"/contacts/{ann.id}/erase"
    assert admin.post(path, {"confirm": "Ann Lee"}).status_code == 303
    answer = admin.post(path, {"confirm": "Ann Lee"})
    assert answer.status_code == 404
    assert "erased or merged" in words(answer)


def test_the_audit_log_names_the_contact_by_id_alone(admin: Visitor, ann: Contact) -> None:
    ann_id = ann.id
    admin.post(f"/contacts/{ann_id}/erase", {"confirm": "Ann Lee"})
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.detail["contact_id"]) == ("contact.erased", ann_id)
    assert "Ann" not in str(entry.detail)


@pytest.mark.parametrize("search", ["Bea", OTHER, "9876", "bea@"])
def test_the_other_contact_is_found_by_name_number_or_email(
    admin: Visitor, ann: Contact, search: str
) -> None:
    other = add_contact(OTHER, "Bea Lee", email="bea@example.com", email_key=b"b" * 32)
    answer = admin.get(f"/contacts/{ann.id}/merge?q={search.replace('+', '%2B')}", htmx=True)
    assert "Bea Lee" in words(answer)
    assert f"other={other.id}" in answer.get_data(as_text=True)


def test_the_other_contact_is_found_by_its_id_and_never_the_same_one(
    admin: Visitor, ann: Contact
) -> None:
    other = add_contact(OTHER, "Bea Lee")
    assert "Bea Lee" in words(admin.get(f"/contacts/{ann.id}/merge?q={other.id}"))
    assert "Nobody else is found." in words(admin.get(f"/contacts/{ann.id}/merge?q=Ann"))


def test_the_preview_says_what_tightens_and_because_of_what(admin: Visitor, ann: Contact) -> None:
    other = add_contact(OTHER, "Bea Lee")
    record(address=phone(OTHER))
    said = words(admin.get(f"/contacts/{ann.id}/merge?other={other.id}"))
    assert f"WhatsApp becomes Opted Out because of {OTHER}." in said
    assert f"{OTHER} is no address of this contact any more." in said


WHATSAPP_ID = Address(AddressKind.WHATSAPP_ID, "US.1234567890")


def with_id_alone(name: str = "Bea Lee") -> Contact:
    return add_contact(
        None, name, whatsapp_id=WHATSAPP_ID.value, whatsapp_id_key=key_of(WHATSAPP_ID)
    )


def previewed(admin: Visitor, keep: Contact, other: Contact) -> str:
    return words(admin.get(f"/contacts/{keep.id}/merge?other={other.id}"))


def merged_state(admin: Visitor, keep: Contact, other: Contact) -> State:
    keep_id, other_id = keep.id, other.id
    db.session.rollback()
    assert admin.post(f"/contacts/{keep_id}/merge", {"other": str(other_id)}).status_code == 303
    db.session.rollback()
    return db.session.get_one(Contact, keep_id).state(Channel.WHATSAPP)


def hold_and_dismiss(address: Address) -> None:
    """Leave an address with a row and without a consent, as a dismissed reply does."""
    review = transaction(lambda: hold(Channel.WHATSAPP, address, "no", {}, actor=CUSTOMER)).id
    transaction(lambda: dismiss_review(review, SYSTEM))


@pytest.mark.parametrize("needs_opt_in", [True, False])
def test_the_preview_says_which_address_without_a_record_takes_the_opt_in_away(
    admin: Visitor, ann: Contact, needs_opt_in: bool
) -> None:
    record(State.OPTED_IN)
    other = with_id_alone()
    hold_and_dismiss(WHATSAPP_ID)
    db.session.get_one(ConsentPolicy, Channel.WHATSAPP).needs_opt_in = needs_opt_in
    db.session.commit()
    said = previewed(admin, ann, other)
    assert (
        f"WhatsApp becomes No record: the WhatsApp id {WHATSAPP_ID.value} of Bea Lee has no consent"
        " on record, and the strictest of a contact’s addresses counts." in said
    )
    goes = "needs no opt-in here, so marketing still goes out."
    until = "No marketing goes out on WhatsApp until an opt-in for it is recorded."
    assert (until in said, goes in said) == (needs_opt_in, not needs_opt_in)
    assert merged_state(admin, ann, other) is State.UNKNOWN


@pytest.mark.parametrize("theirs", [True, False])
def test_the_preview_says_of_a_held_reply_only_what_is_news_and_no_marketing_beside_it(
    admin: Visitor, ann: Contact, theirs: bool
) -> None:
    record(State.OPTED_IN)
    other = with_id_alone()
    hold_and_dismiss(WHATSAPP_ID)
    held = WHATSAPP_ID if theirs else phone()
    transaction(lambda: hold(Channel.WHATSAPP, held, "no", {}, actor=CUSTOMER))
    db.session.get_one(ConsentPolicy, Channel.WHATSAPP).needs_opt_in = False
    db.session.commit()
    said = previewed(admin, ann, other)
    assert ("a reply of the other contact is held" in said) is theirs
    assert f"WhatsApp becomes No record: the WhatsApp id {WHATSAPP_ID.value} of Bea Lee" in said
    assert "marketing" not in said


def test_an_id_of_which_nothing_was_ever_recorded_takes_nothing_away(
    admin: Visitor, ann: Contact
) -> None:
    record(State.OPTED_IN)
    other = with_id_alone()
    assert "No record:" not in previewed(admin, ann, other)
    assert merged_state(admin, ann, other) is State.OPTED_IN


def test_the_preview_says_that_messages_go_to_the_address_without_an_opt_in(
    admin: Visitor, ann: Contact
) -> None:
    keep = with_id_alone()
    record(State.OPTED_IN, address=WHATSAPP_ID)
    said = previewed(admin, keep, ann)
    assert f"Opted In by the WhatsApp id {WHATSAPP_ID.value} of Bea Lee alone." in said
    assert f"Messages go to the number {NUMBER} of Ann Lee, which has no consent on record." in said
    assert merged_state(admin, keep, ann) is State.OPTED_IN


def test_the_preview_says_that_the_opt_in_of_a_dropped_number_stays_behind(
    admin: Visitor, ann: Contact
) -> None:
    other = add_contact(OTHER, "Bea Lee")
    record(State.OPTED_IN, address=phone(OTHER))
    assert f"WhatsApp stays No record: the opt-in was given for {OTHER}" in previewed(
        admin, ann, other
    )
    assert merged_state(admin, ann, other) is State.UNKNOWN


def test_the_preview_says_whose_opt_in_comes_along(admin: Visitor, ann: Contact) -> None:
    keep = with_id_alone()
    record(State.OPTED_IN)
    said = previewed(admin, keep, ann)
    assert f"WhatsApp becomes Opted In by the number {NUMBER} of Ann Lee." in said
    assert merged_state(admin, keep, ann) is State.OPTED_IN


def test_two_become_one(admin: Visitor, ann: Contact) -> None:
    other = add_contact(OTHER, "Bea Lee").id
    record(address=phone(OTHER))
    answer = admin.post(f"/contacts/{ann.id}/merge", {"other": str(other)})
    assert answer.status_code == 303
    shown = words(admin.get(f"/contacts/{ann.id}"))
    assert "Merged into Ann Lee. Opted out of WhatsApp." in shown
    assert f"Merged with contact {other}" in shown
    assert state_of() is State.OPTED_OUT
    assert people() == 1


def test_a_merge_that_cannot_be_is_refused_calmly(admin: Visitor, ann: Contact) -> None:
    ann_id = ann.id
    for other, said in ((str(ann_id), "same contact"), ("999", "not there any more")):
        answer = admin.post(f"/contacts/{ann_id}/merge", {"other": other}, htmx=True)
        assert answer.status_code == 409
        assert said in words(answer)
    assert admin.post(f"/contacts/{ann_id}/merge", {"other": "x"}).status_code == 422


def test_a_name_is_never_markup(admin: Visitor, ann: Contact) -> None:
    other = add_contact(OTHER, "<b>Bea</b>")
    for path in (f"merge?other={other.id}", "merge?q=bea", "erase"):
        text = admin.get(f"/contacts/{ann.id if 'merge' in path else other.id}/{path}")
        assert "<b>Bea" not in text.get_data(as_text=True)
