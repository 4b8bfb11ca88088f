"""Whom the consent in a list of contacts speaks of, and that no opt-out in it is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.contact_lists import RECORD, checked, confirm, looked_at, people, recorded, refusals
from tests.lists import marketer, run
from tests.people import add_contact, all_events, phone, record, state_of
from webapp.consent.models import ConsentEventDetail
from webapp.consent.saving import create_contact
from webapp.contacts.rules import Address, AddressKind, Channel, State
from webapp.contacts.service import Draft
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.imports.contact_fields import guess
from webapp.tasks.rules import TaskStatus

pytestmark = pytest.mark.usefixtures("context")

P, Q, R = "+491512345671", "+491512345672", "+491512345673"
HEAD = "Name,Mobile,Email,SMS consent\n"
OUT, IN, UNKNOWN = State.OPTED_OUT, State.OPTED_IN, State.UNKNOWN
SMS, WHATSAPP = Channel.SMS, Channel.WHATSAPP
LONG_AGO = timedelta(days=3000)


@pytest.fixture
def ann() -> int:
    """Ann has the number Q and an email address."""
    who = marketer()
    draft = Draft("Ann", Q, "ann@example.com")
    return transaction(lambda: create_contact(draft, who).contact.id)


def email(value: str) -> Address:
    return Address(AddressKind.EMAIL, value)


def both(channel: Channel = SMS) -> tuple[State, State]:
    """Give what stands for P and for Q."""
    db.session.rollback()
    found = state_of(phone(P), channel), state_of(phone(Q), channel)
    db.session.rollback()
    return found


# --- the addresses of the row ----------------------------------------------------------------


def test_a_no_counts_for_the_number_in_the_row_and_for_the_one_that_the_contact_keeps(ann):
    text = f"{HEAD}Ann,{P},ann@example.com,no\n"
    check = checked(text)
    assert check.result["sms.out"] == 1
    task = run(confirm(check.id))
    assert (task.result["sms.out"], both()) == (1, (OUT, OUT))
    assert people()["Ann"].phone == Q
    again = recorded(text)
    assert (again.result["sms.already"], len(all_events())) == (1, 2)


def test_evidence_about_the_number_in_the_row_lifts_no_opt_out_of_another_number(ann):
    record(address=phone(Q), channel=SMS, at=clock.now() - LONG_AGO)
    check = checked(f"{HEAD}Ann,{P},ann@example.com,yes\n", **RECORD)
    assert check.result["sms.not_theirs"] == 1
    task = run(confirm(check.id))
    assert (task.result["sms.not_theirs"], both()) == (1, (UNKNOWN, OUT))
    assert len(all_events()) == 1


def test_evidence_about_an_email_address_opts_no_number_in(ann):
    record(address=phone(Q), channel=SMS, at=clock.now() - LONG_AGO)
    columns = ("name", "email", "consent.all")
    text = "Name,Email,Consent\nAnn,ann@example.com,yes\n"
    check = checked(text, columns=columns, **RECORD)
    task = run(confirm(check.id))
    for result in (check.result, task.result):
        assert {name: result[name] for name in result if ".in" in name} == {"email.in": 1}
    assert both() == (UNKNOWN, OUT)
    assert state_of(email("ann@example.com"), Channel.EMAIL) is IN


def test_a_yes_counts_for_the_number_that_the_row_brings(ann):
    task = recorded(f"{HEAD}Ann,{P},ann@example.com,yes\n", overwrite=True, **RECORD)
    assert (task.result["sms.in"], both()) == (1, (IN, UNKNOWN))
    assert people()["Ann"].sms_state is IN


def test_a_yes_lifts_no_opt_out_that_goes_along_to_a_new_number(ann):
    record(address=phone(Q), channel=SMS, at=clock.now() - LONG_AGO)
    check = checked(f"{HEAD}Ann,{P},ann@example.com,yes\n", overwrite=True, **RECORD)
    assert (check.result["sms.older"], check.result["stays.sms"]) == (1, 1)
    task = run(confirm(check.id))
    assert (task.result["sms.older"], task.result["stays.sms"]) == (1, 1)
    assert both() == (OUT, OUT)


def test_a_no_about_a_number_that_a_row_above_took_away_counts_for_that_number(ann):
    task = recorded(f"{HEAD}Ann,{P},ann@example.com,\n,{Q},,no\n", overwrite=True)
    assert task.status is TaskStatus.DONE
    assert state_of(phone(Q), SMS) is OUT
    db.session.rollback()
    found = people()
    assert (found["Ann"].phone, found[""].phone) == (P, Q)
    assert found[""].sms_state is OUT


def test_a_second_number_is_left_out_but_its_no_counts():
    text = f"Name,Mobile,WhatsApp number,WhatsApp consent\nAnn,{P},{Q},no\n"
    check = checked(text)
    assert (check.result["second"], check.result["whatsapp.out"]) == (1, 1)
    run(confirm(check.id))
    assert both(WHATSAPP) == (OUT, OUT)
    assert [who.phone for who in people().values()] == [P]


def test_a_yes_that_may_be_about_a_second_number_opens_whatsapp_for_neither():
    text = f"Name,Mobile,WhatsApp number,WhatsApp consent,SMS consent\nAnn,{P},{Q},yes,yes\n"
    task = recorded(text, **RECORD)
    assert (task.result["whatsapp.not_theirs"], task.result["sms.in"]) == (1, 1)
    assert both(WHATSAPP) == (UNKNOWN, UNKNOWN)


def test_a_no_reaches_the_contact_who_has_the_second_number(ann):
    recorded(f"Name,Mobile,WhatsApp number,WhatsApp consent\nBen,{P},{Q},no\n")
    assert people()["Ann"].whatsapp_state is OUT


# --- reading ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("titles", "row", "expected"),
    [
        ("Phone;Unsubscribed at", f"{P};2024-05-01", "phone consent.no"),
        ("Phone;UNSUB_TIME", f"{P};2024-05-01 10:00:00", "phone consent.no"),
        ("Phone;Opt-out date", f"{P};", "phone consent.no"),
        ("Phone;Opt-out source", f"{P};STOP", "phone consent.no"),
        ("Phone;Unsubscribe link", f"{P};https://x.example/u", "phone "),
        ("Phone;Status", f"{P};unsubscribed", "phone consent.no"),
        ("Email;Email status", "a@b.de;Opted out", "email consent.email"),
        ("Phone;Status", f"{P};active", "phone "),
        ("Phone;SMS consent;Opt-out SMS", f"{P};yes;yes", "phone consent.sms consent.sms"),
        (
            "Email;OPTIN_TIME;UNSUB_TIME",
            "a@b.de;2024-01-01 10:00:00;2024-05-01 10:00:00",
            "email evidence.when consent.no",
        ),
        ("Phone;Consent date;Opt-in date", f"{P};2024-05-01;2024-05-01", "phone evidence.when "),
        ("Phone;Permission to text", f"{P};no", "phone consent.sms"),
    ],
)
def test_opt_outs_are_recognised_and_never_taken_for_evidence(titles, row, expected):
    task = looked_at(f"{titles}\n{row}\n".replace(";", ","))
    assert task.result["reading"]["columns"] == expected.split(" ")


def test_a_date_under_an_opt_out_title_opts_out_since_then():
    text = f"Mobile,Unsubscribed at\n{P},2024-05-01 10:00:00\n{Q},\n{R},0000-00-00 00:00:00\n"
    record(State.OPTED_IN, address=phone(P), channel=SMS)
    check = checked(text)
    assert (check.result["sms.stands"], check.result["email.no_address"]) == (1, 1)
    run(confirm(check.id))
    assert state_of(phone(P), WHATSAPP) is OUT
    # The opt-in that came after it stands, as with a list of opt-outs.
    assert state_of(phone(P), SMS) is IN
    assert both(WHATSAPP) == (OUT, UNKNOWN)
    assert state_of(phone(R), WHATSAPP) is UNKNOWN
    at = {event.effective_at for event in all_events() if event.asked is OUT}
    assert at == {datetime(2024, 5, 1, 8, tzinfo=UTC)}  # Berlin


def test_why_somebody_opted_out_is_an_opt_out_of_when_another_column_says():
    text = f"Mobile,Unsubscribe reason,Unsubscribed at\n{P},too many,2024-05-01 10:00:00\n"
    recorded(f"{text}{Q},too many,\n")
    assert both() == (OUT, OUT)
    dates = sorted({event.effective_at.year for event in all_events()})
    assert dates == [2024, clock.now().year]


def test_a_column_of_opt_outs_is_no_evidence_of_a_yes():
    text = f"Mobile,SMS opt-in,Unsubscribed at\n{P},yes,2024-05-01\n{Q},yes,\n"
    task = recorded(text, **{**RECORD, "when": ""})
    assert (task.result["sms.out"], both()) == (1, (OUT, UNKNOWN))


def test_a_no_under_a_title_of_opt_outs_is_not_yet_a_yes():
    task = recorded(f"Mobile,SMS opt-out\n{P},no\n", **RECORD)
    assert (task.status, both()) == (TaskStatus.DONE, (UNKNOWN, UNKNOWN))


@pytest.mark.parametrize("cells", ["yes,yes", "yes,2024-05-01", "no,", "no,no"])
def test_of_several_columns_about_consent_any_no_counts(cells):
    task = recorded(f"Mobile,SMS consent,Opt-out SMS\n{P},{cells}\n", **RECORD)
    assert (task.result["sms.out"], both()) == (1, (OUT, UNKNOWN))


def test_a_status_tells_who_is_subscribed():
    text = f"Mobile,Status\n{P},unsubscribed\n{Q},subscribed\n"
    recorded(text, **RECORD)
    assert both() == (OUT, State.UNKNOWN)  # to which channel, nobody has said yet
    recorded(text, columns=("phone", "consent.all"), **RECORD)
    assert both() == (OUT, IN)


@pytest.mark.parametrize(
    "row",
    [
        f"Ann,{P},bad-email@,no",
        f"Ann,{P},{Q}5555555555,no",
        f"Ann,none,{P},no",
        f"{'x' * 201},{P},,no",
    ],
)
def test_the_no_of_a_refused_row_counts_for_what_can_be_read_of_it(row):
    check = checked(f"{HEAD}{row}\nBen,{Q},,\n", columns=("name", "phone", "email", "consent.sms"))
    counts = {name: check.result[name] for name in ("rows", "refused", "nos", "sms.out")}
    assert counts == {"rows": 1, "refused": 1, "nos": 1, "sms.out": 1}
    task = run(confirm(check.id))
    assert (task.done, task.total, task.result["sms.out"]) == (2, 2, 1)
    assert both() == (OUT, UNKNOWN)
    assert [who.phone for who in people().values()] == [Q]
    assert len(refusals(task)) == 1


def test_the_no_of_a_row_about_two_contacts_counts_for_both(ann):
    add_contact(P, "Ben")
    text = f"{HEAD}Who,{P},ann@example.com,no\n"
    columns = ("name", "phone", "email", "consent.no")
    task = recorded(text, columns=columns)
    assert "belong to two contacts" in refusals(task)[0]
    assert both() == (OUT, UNKNOWN)
    assert state_of(email("ann@example.com"), Channel.EMAIL) is OUT


def test_a_no_that_nobody_can_be_told_by_is_counted():
    check = checked(f"{HEAD}Ann,none,,no\nBen,{Q},,\nCem,none,,\n")
    assert (check.result["nos_lost"], check.result.get("nos", 0)) == (1, 0)


def test_a_row_that_becomes_a_conflict_still_says_no():
    text = f"{HEAD}Ann,{P},ann@example.com,no\n"
    check, who = checked(text), marketer()
    transaction(lambda: create_contact(Draft("A", P), who))
    transaction(lambda: create_contact(Draft("B", Q, "ann@example.com"), who))
    task = run(confirm(check.id))
    assert (task.result["refused"], both()) == (1, (OUT, UNKNOWN))


def test_an_opt_out_stands_in_the_ledger_with_its_row():
    recorded(f"{HEAD}Ann,{P},bad-email@,no\n")
    (detail,) = db.session.scalars(select(ConsentEventDetail))
    assert (detail.address, detail.evidence["row"]) == (P, "2")


A, B = "+491512345671", "+447911123456"


def test_a_column_that_names_no_channel_is_never_guessed_to_be_a_yes_for_all():
    rows = [["Ann", A, "yes"], ["Ben", B, "no"]]
    assert guess(rows, ["Name", "Mobile", "Consent"], [])[2] == "consent.no"
    assert guess(rows, ["Name", "Mobile", "Consent WA"], [])[2] == "consent.whatsapp"
    recorded(f"Name,Mobile,Consent\nAnn,{A},yes\nBen,{B},no\n", **RECORD)
    assert state_of(phone(A), Channel.SMS) is State.UNKNOWN
    assert state_of(phone(B), Channel.SMS) is State.OPTED_OUT


def test_a_number_of_a_town_alone_is_refused():
    check = checked(f"Name,Mobile\nAnn,12345\nBen,{B}\n", columns=("name", "phone"), region="GB")
    assert (check.result["refused"], check.result["created"]) == (1, 1)
    assert "lacks its area code" in refusals(check)[0]
