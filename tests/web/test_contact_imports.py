"""Lists of contacts: what the dry run says of them, and what is there afterwards."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.contact_lists import RECORD, checked, confirm, looked_at, people, recorded, refusals
from tests.lists import marketer, run
from tests.people import add_contact, all_events, phone, record, state_of
from tests.talks import conversation, wrote
from webapp.accounts.rules import CUSTOMER
from webapp.audit.models import AuditEntry
from webapp.consent.holds import hold
from webapp.contacts.activities import timeline
from webapp.contacts.models import Activity, AttributeDefinition, Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.contacts.tags import named
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.imports.contact_fields import guess
from webapp.privacy.erasure import erase
from webapp.privacy.merging import merge
from webapp.tasks.rules import TaskStatus

pytestmark = pytest.mark.usefixtures("context")

ANN, BEN, CEM = "+491512345671", "+491512345672", "+491512345673"
HEAD = "Name,Mobile,Email\n"


def email(value: str) -> Address:
    return Address(AddressKind.EMAIL, value)


def define(name: str, kind: str, choices: list[str] | None = None) -> None:
    db.session.add(
        AttributeDefinition(name=name, label=name.title(), kind=kind, choices=choices or [])
    )
    db.session.commit()


def test_new_people_come_in_with_a_timeline_and_can_be_found():
    task = recorded(f"{HEAD}Ann Lee,{ANN},Ann@Example.com\nO'Brien <script>,{BEN},\n")
    assert (task.status, task.result["created"]) == (TaskStatus.DONE, 2)
    found = people()
    ann = found["Ann Lee"]
    assert (ann.phone, ann.email, ann.name_folded) == (ANN, "ann@example.com", "ann lee")
    assert found["O'Brien <script>"].phone == BEN
    (line,) = timeline(ann.id)
    assert (line.kind, line.actor_id) == ("created", marketer().id)


def test_the_same_list_twice_changes_nothing_the_second_time():
    text = f"{HEAD}Ann,{ANN},a@example.com\nBen,{BEN},b@example.com\n"
    recorded(text)
    check = checked(text, overwrite=True)
    assert check.result["unchanged"] == 2
    task = run(confirm(check.id))
    assert (task.result["unchanged"], task.result.get("created")) == (2, None)
    assert {line.kind for line in db.session.scalars(select(Activity))} == {"created"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("+4912", "too short"),
        ("12", "seems to lack its country code"),
        ("0151 2345678", "seems to lack its country code"),
        ("4.47911E+11", "A spreadsheet has shortened this number"),
        ("a@example.com", "an email address, not a phone number"),
        ("1-800-FLOWERS", "neither a phone number nor an email address"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(text, reason):
    check = checked(
        f"{HEAD}Ann,{text},a@example.com\nBen,{BEN},\n", columns=("name", "phone", "email")
    )
    assert (check.result["refused"], check.result["created"]) == (1, 1)
    (line,) = refusals(check)
    assert reason in line
    assert text in line


def test_national_numbers_are_read_in_the_country_of_their_row_else_the_chosen_one():
    text = (
        "Name,Mobile,Country\nAnn,0151 2345671,\nBen,020 7946 0958,United Kingdom\n"
        "Cem,06 12 34 56 78,Frankreich\nDan,1,Atlantis\nEva,+39 06 1234567,Atlantis\n"
    )
    task = recorded(text, region="DE")
    assert {name: who.phone for name, who in people().items()} == {
        "Ann": "+491512345671",
        "Ben": "+442079460958",
        "Cem": "+33612345678",
        "Eva": "+39061234567",
    }
    (line,) = refusals(task)
    assert "“Atlantis” is no country." in line


def test_a_number_and_an_email_of_two_contacts_are_a_conflict():
    add_contact(ANN, "Ann")
    add_contact(None, "Ben", email="b@example.com", email_key=_key(email("b@example.com")))
    check = checked(f"{HEAD}Who,{ANN},b@example.com\n")
    assert "belong to two contacts" in refusals(check)[0]
    # So it is with two people of the file itself.
    check = checked(f"{HEAD}A,{BEN},\nB,,c@example.com\nC,{BEN},c@example.com\n")
    assert check.result["created"] == 2
    assert "two people of rows above" in refusals(check)[0]


def _key(address: Address) -> bytes:
    from webapp.contacts.addresses import key_of

    return key_of(address)


@pytest.mark.parametrize("overwrite", [True, False])
def test_contacts_that_are_there_are_overwritten_or_only_filled(overwrite):
    define("city", "text")
    who = add_contact(ANN, "Ann", attributes={"city": "Rome"})
    text = f"Name,Mobile,Email,City\nAnna,{ANN},a@example.com,Bonn\n"
    check = checked(text, overwrite=overwrite)
    changed = {name: count for name, count in check.result.items() if name.startswith("changes.")}
    both = {"changes.email": 1}
    assert changed == (both | {"changes.name": 1, "changes.attr.city": 1} if overwrite else both)
    run(confirm(check.id))
    db.session.rollback()
    contact = db.session.get_one(Contact, who.id)
    expected = ("Anna", {"city": "Bonn"}) if overwrite else ("Ann", {"city": "Rome"})
    assert (contact.name, contact.attributes) == expected
    assert contact.email == "a@example.com"


def test_an_empty_cell_takes_nothing_away_and_tags_are_added():
    who = add_contact(ANN, "Ann", attributes={})
    transaction(lambda: setattr(db.session.get_one(Contact, who.id), "tags", named(["Old"])))
    recorded(f"Name,Mobile,Tags\n,{ANN},New\n", overwrite=True, tag="Fair")
    contact = people()["Ann"]
    contact = db.session.get_one(Contact, contact.id)
    assert {tag.name for tag in contact.tags} == {"Old", "New", "Fair"}


def test_of_one_person_twice_in_the_file_the_last_row_wins_or_fills():
    text = f"{HEAD}Ann,{ANN},\nAnna,{ANN},a@example.com\n"
    check = checked(text, overwrite=True)
    assert (check.result["created"], check.result["twice"]) == (1, 1)
    run(confirm(check.id))
    assert people()["Anna"].email == "a@example.com"
    recorded(text.replace(ANN, BEN).replace("a@", "b@"), overwrite=False)
    assert people()["Ann"].email == "b@example.com"


def test_typed_attributes_are_checked_and_new_ones_made():
    define("level", "choice", ["Gold", "Silver"])
    define("since", "date")
    text = (
        "Name,Mobile,Level,Since,Spent,Active,Note\n"
        f'Ann,{ANN},gold,31.12.2025,"12,5",ja,x\n'
        f"Ben,{BEN},Bronze,,,,\n"
        f"Cem,{CEM},,soon,,,\n"
    )
    look = looked_at(text)
    assert look.result["reading"]["columns"] == [
        "name",
        "phone",
        "attr.level",
        "attr.since",
        "",
        "",
        "",
    ]
    columns = ("name", "phone", "attr.level", "attr.since", "new.number", "new.boolean", "")
    task = recorded(text, columns=columns)
    assert people()["Ann"].attributes == {
        "level": "Gold",
        "since": "2025-12-31",
        "spent": 12.5,
        "active": True,
    }
    kinds = {one.name: one.kind for one in db.session.scalars(select(AttributeDefinition))}
    assert kinds == {"level": "choice", "since": "date", "spent": "number", "active": "boolean"}
    assert ["Level is one of" in line for line in refusals(task)] == [True, False]


def test_an_attribute_that_became_another_meanwhile_refuses_its_row():
    define("size", "number")
    check = checked(f"Name,Mobile,Size\nAnn,{ANN},12\nBen,{BEN},\n")
    db.session.execute(update(AttributeDefinition).values(kind="date"))
    db.session.commit()
    task = run(confirm(check.id))
    assert (task.result["created"], task.result["refused"]) == (1, 1)
    assert ",Ann," in refusals(task)[0]


# --- consent ---------------------------------------------------------------------------------


def test_who_is_opted_out_comes_in_opted_out_contact_or_not():
    record(address=phone(ANN), channel=Channel.SMS)
    record(address=email("b@example.com"), channel=Channel.EMAIL)
    text = f"{HEAD}Ann,{ANN},\nBen,{BEN},b@example.com\nCem,{CEM},\n"
    check = checked(text)
    stays = {name: count for name, count in check.result.items() if name.startswith("stays")}
    assert stays == {"stays": 2, "stays.sms": 1, "stays.email": 1}
    assert check.result["stay_out"] == [[2, "Ann", ["sms"]], [3, "Ben", ["email"]]]
    task = run(confirm(check.id))
    assert task.result["stays"] == 2
    found = people()
    assert (found["Ann"].sms_state, found["Ann"].voice_state) == (State.OPTED_OUT, State.UNKNOWN)
    assert found["Ann"].sms_source is Source.API
    assert found["Ben"].email_state is State.OPTED_OUT
    assert found["Cem"].sms_state is State.UNKNOWN


def test_who_was_erased_and_is_imported_again_is_still_opted_out():
    who = add_contact(ANN, "Ann").id
    record(address=phone(ANN), channel=Channel.WHATSAPP)
    transaction(lambda: erase(who, marketer()))
    recorded(f"{HEAD}Ann,{ANN},\n")
    assert people()["Ann"].whatsapp_state is State.OPTED_OUT


def test_the_number_of_somebody_who_was_merged_away_is_still_opted_out():
    keep, other = add_contact(ANN, "Ann").id, add_contact(BEN, "Ben").id
    record(address=phone(BEN), channel=Channel.SMS)
    _merge(keep, other)
    check = checked(f"{HEAD}Anew,{BEN},\n")
    assert check.result["stays.sms"] == 1
    run(confirm(check.id))
    assert people()["Anew"].sms_state is State.OPTED_OUT


def _merge(keep: int, other: int) -> Any:
    return transaction(lambda: merge(keep, other, marketer()))


def test_an_opt_out_goes_along_to_the_number_that_a_list_brings():
    who = add_contact(ANN, "Ann", email="a@example.com", email_key=_key(email("a@example.com")))
    record(address=phone(ANN), channel=Channel.SMS)
    check = checked(f"{HEAD}Ann,{BEN},a@example.com\n", overwrite=True)
    assert check.result["stays.sms"] == 1
    run(confirm(check.id))
    contact = people()["Ann"]
    assert (contact.id, contact.phone, contact.sms_state) == (who.id, BEN, State.OPTED_OUT)
    assert state_of(phone(BEN), Channel.SMS) is State.OPTED_OUT


def test_a_yes_without_evidence_changes_nothing_and_is_counted():
    text = f"Name,Mobile,SMS opt-in\nAnn,{ANN},yes\nBen,{BEN},no\nCem,{CEM},\n"
    check = checked(text)
    assert (check.result["sms.unproven"], check.result["sms.out"]) == (1, 1)
    task = run(confirm(check.id))
    assert task.result["sms.out"] == 1
    found = people()
    assert [found[name].sms_state for name in ("Ann", "Ben", "Cem")] == [
        State.UNKNOWN,
        State.OPTED_OUT,
        State.UNKNOWN,
    ]
    (event,) = all_events()
    assert event.source is Source.IMPORT


def test_a_yes_with_evidence_opts_in_by_row_or_for_the_whole_file():
    text = (
        "Name,Mobile,WhatsApp consent,Consent date,Consent source,Consent page,Consent wording\n"
        f"Ann,{ANN},yes,2026-03-04,Web form,shop.example,Write to me\n"
        f"Ben,{BEN},yes,2026-03-04,Web form,,Write to me\n"
        f"Cem,{CEM},yes,in spring,Web form,shop.example,Write to me\n"
    )
    task = recorded(text)
    assert (task.result["whatsapp.in"], task.result["created"]) == (1, 2)
    assert "is no date" in refusals(task)[0]
    assert people()["Ben"].whatsapp_state is State.UNKNOWN
    assert people()["Ann"].whatsapp_state is State.OPTED_IN
    (event,) = all_events()
    assert f"{event.effective_at:%Y-%m-%d %H:%M}" == "2026-03-03 23:00"  # the day begins in Berlin
    task = recorded(text, **RECORD)
    assert (task.result["whatsapp.in"], task.result["whatsapp.already"]) == (1, 1)
    assert people()["Ben"].whatsapp_state is State.OPTED_IN


def test_an_opt_in_older_than_the_opt_out_changes_nothing():
    add_contact(ANN, "Ann")
    record(address=phone(ANN), channel=Channel.SMS)
    text = f"Name,Mobile,SMS opt-in\nAnn,{ANN},yes\nBen,{BEN},yes\n"
    check = checked(text, **RECORD)
    assert (check.result["sms.older"], check.result["sms.in"]) == (1, 1)
    task = run(confirm(check.id))
    assert (task.result["sms.older"], task.result["sms.in"]) == (1, 1)
    assert state_of(phone(ANN), Channel.SMS) is State.OPTED_OUT
    assert people()["Ann"].sms_state is State.OPTED_OUT


def test_evidence_from_the_future_refuses_its_row():
    later = (clock.now() + timedelta(days=2)).date().isoformat()
    text = f"Name,Mobile,SMS opt-in,Consent date\nAnn,{ANN},yes,{later}\n"
    check = checked(text, **{**RECORD, "when": ""})
    assert "lies in the future" in refusals(check)[0]


def test_an_opt_out_between_the_dry_run_and_the_import_counts():
    text = f"Name,Mobile,SMS opt-in\nAnn,{ANN},yes\n"
    check = checked(text, **RECORD)
    assert check.result["sms.in"] == 1
    record(address=phone(ANN), channel=Channel.SMS)
    task = run(confirm(check.id))
    assert task.result["sms.older"] == 1
    assert people()["Ann"].sms_state is State.OPTED_OUT


def test_a_column_that_says_unsubscribed_opts_out_of_every_channel():
    task = recorded(f"Name,Mobile,Email,Unsubscribed\nAnn,{ANN},a@example.com,1\nBen,{BEN},,0\n")
    ann, ben = people()["Ann"], people()["Ben"]
    assert all(ann.state(channel) is State.OPTED_OUT for channel in Channel)
    assert ben.sms_state is State.UNKNOWN
    assert task.result["email.out"] == 1


def test_a_word_of_consent_that_nobody_knows_refuses_its_row():
    check = checked(f"Name,Mobile,SMS opt-in\nAnn,{ANN},maybe\n")
    assert "“maybe” does not say" in refusals(check)[0]


# --- files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        f"\ufeffName;Mobile\nÄnn;{ANN}\n".encode(),
        f"Name\tMobile\r\nÄnn\t{ANN}\r\n".encode("utf-16"),
        f"Name;Mobile\n\nÄnn;{ANN}\n;\n".encode("cp1252"),
        f'Name,Mobile,Note\n"Änn",{ANN},"two\nlines"\n'.encode(),
        (",".join(f"c{n}" for n in range(98)) + f",Name,Mobile\n{',' * 98}Änn,{ANN}\n").encode(),
    ],
    ids=["bom", "utf-16", "latin-1", "quoted lines", "100 columns"],
)
def test_however_a_file_is_written_it_is_read(raw):
    recorded(raw)
    assert people()["Änn"].phone == ANN


def test_a_cell_of_a_megabyte_is_no_list():
    task = looked_at(f"Name,Mobile\n{'x' * 1_100_000},{ANN}\n")
    assert task.status is TaskStatus.FAILED
    assert "longer than a megabyte" in task.error


def test_the_file_of_refused_rows_holds_no_formula():
    check = checked("Name,Mobile\n=cmd|' /C calc'!A0,no\n")
    assert "'=cmd" in refusals(check)[0]


def test_a_workbook_with_dates_and_numbers_in_its_cells_is_read():
    define("since", "date")
    content = workbook(
        [["Name", "Mobile", "Since"], ["Ann", 4915112345678, ("date", 46000)], ["", None, None]]
    )
    recorded(content)
    ann = people()["Ann"]
    assert (ann.phone, ann.attributes) == ("+4915112345678", {"since": "2025-12-09"})


def workbook(rows: list[list[Any]]) -> bytes:
    """Give an Excel file with these rows; a pair is a date by its serial number."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    said = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        '<sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{said}</sheetData></worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return file.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, tuple):
        return f'<c s="1"><v>{value[1]}</v></c>'
    if isinstance(value, int):
        return f"<c><v>{value:.14E}</v></c>"  # as a sheet may keep a number
    return f'<c t="inlineStr"><is><t>{value or ""}</t></is></c>'


@pytest.mark.parametrize(
    ("titles", "row", "expected"),
    [
        ("Vorname;Nachname;Handy", "Ann;Lee;+491512345671", "first_name last_name phone"),
        ("Vorname;Name;Telefon", "Ann;Lee;+491512345671", "first_name last_name phone"),
        ("Nombre;Correo;Móvil", "Ann;a@b.es;+34612345678", "name email phone"),
        ("Prénom;Nom de famille;Courriel", "Ann;Lee;a@b.fr", "first_name last_name email"),
        ("Kunde;Abgemeldet E-Mail;E-Mail", "Ann;nein;a@b.de", "name  email"),
        ("Name;Unsubscribed from SMS;Phone", "Ann;no;+491512345671", "name consent.sms phone"),
        ("Id;Tags;Phone", "12345678;VIP;+491512345671", " tags phone"),
    ],
)
def test_columns_are_guessed_in_several_languages(titles, row, expected):
    found = guess([row.split(";")], titles.split(";"), ())
    wanted = [word or "" for word in expected.split(" ")]
    if "" in wanted and "Abgemeldet E-Mail" in titles:
        wanted[1] = "consent.email"
    assert list(found) == wanted


def test_whoever_imports_stands_in_the_audit_log_with_the_file():
    recorded(f"{HEAD}Ann,{ANN},\n")
    found = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in found] == [
        "contacts.uploaded",
        "contacts.import_confirmed",
        "contacts.imported",
    ]
    assert (found[-1].detail["file"], found[-1].detail["created"]) == ("people.csv", 1)


def test_a_consent_given_after_the_opt_out_lifts_it_and_nobody_is_said_to_stay_out():
    record(address=phone(ANN), channel=Channel.SMS, at=clock.now() - timedelta(days=400))
    text = f"Name,Mobile,SMS opt-in\nAnn,{ANN},yes\n"
    check = checked(text, **RECORD)
    assert (check.result["sms.in"], check.result.get("stays", 0)) == (1, 0)
    task = run(confirm(check.id))
    assert (task.result["sms.in"], task.result["stays"]) == (1, 0)
    assert people()["Ann"].sms_state is State.OPTED_IN


def test_what_a_stranger_wrote_is_theirs_once_they_come_in():
    talk = wrote("Is it open?", number=ANN)
    held = wrote("stop it already", number=BEN)
    address = phone(BEN)
    transaction(
        lambda: hold(
            Channel.WHATSAPP, address, "stop it already", {"rule": "short"}, actor=CUSTOMER
        )
    )
    recorded(f"{HEAD}Ann,{ANN},\nBen,{BEN},\nCem,{CEM},\n")
    found = people()
    assert conversation(talk).contact_id == found["Ann"].id
    assert conversation(held).contact_id == found["Ben"].id
    assert found["Ben"].whatsapp_held
    assert not found["Ann"].whatsapp_held
