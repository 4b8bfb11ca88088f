"""The pages of a contacts import: the form, the columns, the dry run, the yes; without JavaScript."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.contact_lists import people
from tests.lists import marketer, run
from tests.people import add_contact, phone, record, state_of
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts import settings
from webapp.accounts.rules import Role
from webapp.accounts.settings import LIMITS
from webapp.audit.models import AuditEntry
from webapp.contacts.models import AttributeDefinition
from webapp.contacts.rules import Channel, State
from webapp.core.db import db, transaction
from webapp.privacy.erasure import erase
from webapp.tasks import queries

FORM = "/imports/contacts/new"
ANN, BEN = "+491512345671", "+491512345672"
ODD = "O'Brien <script>"


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


def send(visitor: Visitor, content: str, name: str = "people.csv", **fields: Any) -> TestResponse:
    """Send the form with a file, as a browser does."""
    file = FileStorage(io.BytesIO(content.encode()), name)
    boundary, body = encode_multipart({**fields, "csrf_token": visitor.token, "file": file})
    with visitor.app.app_context():
        return visitor.client.post(
            FORM,
            input_stream=io.BytesIO(body),
            content_length=len(body),
            content_type=f"multipart/form-data; boundary={boundary}",
            environ_base={"REMOTE_ADDR": visitor.address},
            buffered=True,
        )


def task_of(answer: TestResponse) -> int:
    assert answer.status_code == 303, words(answer)
    found = re.fullmatch(r".*/imports/contacts/(\d+)", answer.headers["Location"])
    assert found
    run(int(found[1]))
    return int(found[1])


def uploaded(visitor: Visitor, content: str, **fields: Any) -> int:
    """Upload a list and let it be looked at; gives its task."""
    return task_of(send(visitor, content, **fields))


def checked(visitor: Visitor, task_id: int, **fields: Any) -> int:
    """Start the dry run as the form does, and let it end."""
    said = {"header": "1", "existing": "fill", "separator": ",;|", **fields}
    return task_of(visitor.post(f"/imports/contacts/{task_id}/check", said))


def test_a_list_goes_from_the_form_over_its_columns_to_the_contacts(visitor):
    record(address=phone(BEN), channel=Channel.SMS)
    text = f"Name,Mobile,Shoe size\nAnn,0151 2345671,38\nBen,{BEN},\nNobody,none,\n"
    look = uploaded(visitor, text, region="DE")
    shown = visitor.text(f"/imports/contacts/{look}")
    assert "What the columns hold" in shown
    assert "Left out. It could be a new attribute: number." in shown
    columns = {"column-0": "name", "column-1": "phone", "column-2": "new.number"}
    check = checked(visitor, look, region="DE", tag="Fair 2026", **columns)
    shown = visitor.text(f"/imports/contacts/{check}")
    assert "Import 2 rows" in shown
    assert "1 stays opted out" in " ".join(shown.split())
    assert "Shoe size (number)" in shown
    assert "Fair 2026" in shown
    assert "“none” is neither a phone number" in shown
    assert not people()

    answer = visitor.post(f"/imports/contacts/{check}/record")
    recording = task_of(answer)
    shown = visitor.text(f"/imports/contacts/{recording}")
    assert "See the contacts tagged “Fair 2026”" in shown
    found = people()
    assert (found["Ann"].phone, found["Ann"].attributes) == (ANN, {"shoe_size": 38})
    assert found["Ben"].sms_state is State.OPTED_OUT
    refused = visitor.get(f"/imports/contacts/{recording}/refused.csv")
    assert "attachment" in refused.headers["Content-Disposition"]
    assert "Nobody,none" in refused.text
    assert visitor.text("/imports").count(">people.csv</a>") == 1


def test_what_is_left_out_is_said(visitor):
    look = uploaded(visitor, f"Name,Mobile,Note,Other\nAnn,{ANN},x,y\n")
    check = checked(visitor, look, **{"column-0": "name", "column-1": "phone"})
    assert "“Note” and “Other”." in visitor.text(f"/imports/contacts/{check}")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"column-0": "name", "column-1": ""}, "Say which column holds the phone numbers"),
        ({"column-0": "phone", "column-1": "phone"}, "Another column holds this too."),
        ({"column-0": "new.text", "column-1": "attr.none"}, "There is no such choice."),
        ({"column-0": "fax", "column-1": "phone"}, "There is no such choice."),
        ({"column-1": "phone", "region": "XX"}, "There is no such country."),
        ({"column-1": "phone", "separator": "x"}, "There is no such choice."),
        ({"column-1": "phone", "tag": "x" * 99}, "A tag has at most 64 characters."),
        ({"column-1": "phone", "how": "Web form"}, "Say when they agreed"),
        ({"column-1": "phone", "how": "Web form"}, "Say where"),
        (
            {
                "column-1": "phone",
                "how": "a",
                "where": "b",
                "wording": "c",
                "when": "2999-01-01T00:00",
            },
            "This lies in the future.",
        ),
        (
            {"column-1": "phone", "how": "a", "where": "b", "wording": "c", "when": "soon"},
            "Give a date and a time",
        ),
    ],
)
def test_a_form_that_cannot_be_says_where(visitor, fields, said):
    look = uploaded(visitor, f"Name,Mobile\nAnn,{ANN}\n")
    answer = visitor.post(f"/imports/contacts/{look}/check", fields)
    assert answer.status_code == 422
    assert said in words(answer)
    assert len(queries.recent()) == 1


def test_a_form_without_a_file_says_so(visitor):
    answer = visitor.post(FORM, {})
    assert (answer.status_code, "Choose a file." in words(answer)) == (422, True)


def test_a_list_that_only_one_may_go_on_with(visitor):
    look = uploaded(visitor, f"Name,Mobile\nAnn,{ANN}\n")
    columns = {"column-0": "name", "column-1": "phone"}
    check = checked(visitor, look, **columns)
    again = visitor.post(f"/imports/contacts/{look}/check", columns)
    assert again.status_code == 409
    assert visitor.get(f"/imports/contacts/{look}").headers["Location"].endswith(f"/{check}")
    task_of(visitor.post(f"/imports/contacts/{check}/record"))
    assert visitor.post(f"/imports/contacts/{check}/record").status_code == 409
    assert len(people()) == 1


def test_a_list_that_was_only_looked_at_cannot_be_recorded(visitor):
    look = uploaded(visitor, f"Name,Mobile\nAnn,{ANN}\n")
    assert visitor.post(f"/imports/contacts/{look}/record").status_code == 409


def test_imports_of_one_kind_are_none_of_the_other(visitor):
    look = uploaded(visitor, f"Name,Mobile\nAnn,{ANN}\n")
    assert visitor.get(f"/imports/{look}").status_code == 404
    assert visitor.get("/imports/contacts/999").status_code == 404


def test_a_viewer_imports_nothing(context, app):
    viewer = signed_in(app, Role.VIEWER)
    assert viewer.get(FORM).status_code == 403


@pytest.mark.parametrize(
    ("limit", "cell", "status"),
    [
        ({"only_admins_change_consent": True}, "no", 403),
        ({"only_admins_resubscribe": True}, "yes", 403),
        ({"only_admins_resubscribe": True}, "no", 303),
        ({"only_admins_change_consent": True}, "", 303),
    ],
)
def test_consent_in_a_list_takes_the_right_to_change_it(visitor, limit, cell, status):
    transaction(lambda: settings.write(LIMITS, limit))
    look = uploaded(visitor, f"Name,Mobile,SMS opt-in\nAnn,{ANN},{cell}\n")
    columns = {"column-0": "name", "column-1": "phone", "column-2": "consent.sms"}
    proof = {"how": "Web form", "where": "shop", "wording": "Yes", "when": "2026-01-02T10:00"}
    check = checked(visitor, look, **columns, **proof)
    page = visitor.text(f"/imports/contacts/{check}")
    assert ("Leave the consent columns out" in page) == (status == 403)
    assert visitor.post(f"/imports/contacts/{check}/record").status_code == status


def test_refused_rows_are_for_who_uploaded_the_list_and_admins_and_taking_them_is_noted(
    visitor, app
):
    look = uploaded(visitor, f"Name,Mobile\nAnn,{ANN}\nNobody,none\n")
    check = checked(visitor, look, **{"column-0": "name", "column-1": "phone"})
    url = f"/imports/contacts/{check}/refused.csv"
    other = signed_in(app, Role.MARKETER, "other@heed.example")
    assert other.get(url).status_code == 403
    assert "All refused rows as CSV" not in other.text(f"/imports/contacts/{check}")
    assert "All refused rows as CSV" in visitor.text(f"/imports/contacts/{check}")
    assert visitor.get(url).status_code == 200
    assert signed_in(app, Role.ADMIN).get(url).status_code == 200
    taken = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "task.file_downloaded")
    ).all()
    assert [entry.detail["task_id"] for entry in taken] == [check, check]


def test_several_columns_may_hold_consent_and_a_refused_no_is_told_in_its_own_sentence(visitor):
    text = f"Name,Mobile,SMS consent,Opt-out SMS\nAnn,{ANN},,yes\nBen,{BEN}5555555555,,yes\n"
    text += f"{'x' * 201},{BEN},no,\n"
    look = uploaded(visitor, text)
    sms = {"column-2": "consent.sms", "column-3": "consent.sms"}
    check = checked(visitor, look, **{"column-0": "name", "column-1": "phone"}, **sms)
    page = " ".join(visitor.text(f"/imports/contacts/{check}").split())
    assert "1 refused row says no. It will count all the same" in page
    assert "1 refused row says no, but its address cannot be read" in page
    recording = task_of(visitor.post(f"/imports/contacts/{check}/record"))
    assert "It counts all the same" in visitor.text(f"/imports/contacts/{recording}")
    assert state_of(phone(BEN), Channel.SMS) is State.OPTED_OUT


def test_a_dry_run_shows_what_a_row_changes_and_nothing_of_who_was_erased_since(visitor):
    size = AttributeDefinition(name="shoe_size", label="Shoe size", kind="number")
    db.session.add(size)
    ann = add_contact(ANN, ODD, attributes={"shoe_size": 38}).id
    db.session.rollback()
    text = f"Name,Mobile,Email,Shoe size\nAnn,{ANN},ann@example.org,39\n"
    look = uploaded(visitor, text)
    columns = {"column-0": "name", "column-1": "phone", "column-2": "email"}
    columns["column-3"] = "attr.shoe_size"
    check = checked(visitor, look, existing="overwrite", tag="Fair", **columns)
    url = f"/imports/contacts/{check}"
    shown = words(visitor.get(url))
    for said in (
        f"Name now: {ODD} → then: Ann",
        "Email empty → then: ann@example.org",
        "Shoe size now: 38 → then: 39",
        "Tags then: + Fair",
    ):
        assert said in shown
    assert ODD not in visitor.get(url).text
    assert ODD not in str(queries.task_of(check).result)  # what stands there is not kept

    transaction(lambda: erase(ann, marketer()))
    shown = words(visitor.get(url))
    assert ("Changes a contact" in shown, "then:" in shown) == (True, False)


PROOF = {"how": "Web form", "where": "shop", "wording": "Yes", "when": "2026-01-02T10:00"}


def links_of_one(page: str) -> list[str]:
    """Give where numbers lead that are 1."""
    return [html.unescape(url) for url in re.findall(r'<a href="([^"]+)">1<span', page)]


def test_the_counts_of_an_import_lead_to_lists_that_have_them_and_nobody_else(visitor):
    text = f"Name,Mobile,SMS\nAnn,{ANN},yes\nNobody,none,\n"
    look = uploaded(visitor, text)
    columns = {"column-0": "name", "column-1": "phone", "column-2": "consent.sms"}
    check = checked(visitor, look, tag="Fair & more", **columns, **PROOF)
    assert "/contacts?tag=" not in visitor.get(f"/imports/contacts/{check}").text
    recording = task_of(visitor.post(f"/imports/contacts/{check}/record"))
    page = visitor.get(f"/imports/contacts/{recording}").text
    added, refused, agreed = links_of_one(page)
    assert "Ann" in visitor.text(added)
    assert refused == "#refused"
    assert 'id="refused"' in page
    assert "Ann" in visitor.text(agreed)


def test_where_no_list_has_only_those_who_were_added_they_are_not_linked(visitor):
    add_contact(BEN, "Ben")
    look = uploaded(visitor, f"Name,Mobile,SMS\nAnn,{ANN},yes\nBen,{BEN},no\n")
    columns = {"column-0": "name", "column-1": "phone", "column-2": "consent.sms"}
    check = checked(visitor, look, tag="Fair & more", **columns, **PROOF)
    recording = task_of(visitor.post(f"/imports/contacts/{check}/record"))
    page = visitor.get(f"/imports/contacts/{recording}").text
    agreed, out = links_of_one(page)
    assert "Ben" not in visitor.text(agreed)
    assert "Ben" in visitor.text(out)
    assert "Ann" not in visitor.text(out)
    tagged = html.unescape(re.findall(r'href="(/contacts\?tag=[^"]+)"', page)[0])
    assert "See the contacts tagged “Fair & more”" in html.unescape(page)
    assert all(name in visitor.text(tagged) for name in ("Ann", "Ben"))


def test_without_a_tag_the_newest_contacts_are_offered(visitor):
    look = uploaded(visitor, f"Name,Mobile\nAnn,{ANN}\nNora,\n")
    check = checked(visitor, look, **{"column-0": "name", "column-1": "phone"})
    recording = task_of(visitor.post(f"/imports/contacts/{check}/record"))
    page = visitor.get(f"/imports/contacts/{recording}").text
    assert 'href="/contacts?sort=-created">See the newest contacts' in page
    assert links_of_one(page) == ["#refused"]


def test_dry_run_result_and_audit_log_count_a_person_who_stands_twice_alike(visitor):
    add_contact(BEN, "Ben")
    text = f"Name,Mobile,Email\nAnn,{ANN},\nBen,{BEN},ben@example.org\n"
    text += f"Ann,{ANN},ann@example.org\nBen,{BEN},ben@example.org\nNobody,none,\n"
    look = uploaded(visitor, text)
    columns = {"column-0": "name", "column-1": "phone", "column-2": "email"}
    check = checked(visitor, look, **columns)
    page = words(visitor.get(f"/imports/contacts/{check}"))
    assert "Email by 2 rows." in page
    assert "1 contact will be added, 1 updated, 2 rows are twice in the file; 1 refused" in page
    recording = task_of(visitor.post(f"/imports/contacts/{check}/record"))
    counts = {"created": 1, "updated": 1, "twice": 2}
    for task_id in (check, recording):
        result = queries.task_of(task_id).result
        assert {name: result.get(name, 0) for name in counts} == counts
        assert result.get("unchanged", 0) == 0
    assert people()["Ann"].email == "ann@example.org"
    assert "Twice in the file" in visitor.text(f"/imports/contacts/{recording}")
    told = select(AuditEntry.detail).where(AuditEntry.action == "contacts.imported")
    assert db.session.scalars(told).one()["twice"] == 2


def test_refusals_are_summed_up_by_their_reasons_without_the_cells(visitor):
    size = AttributeDefinition(name="orders", label="Orders", kind="number")
    db.session.add(size)
    db.session.commit()
    text = f"Name,Mobile,Email,Orders\nAnn,{ANN},,many\nBen,nobody,,1\nCy,no one,,2\n"
    text += "Di,12 ab,di@,3\n"
    columns = {"column-0": "name", "column-1": "phone", "column-2": "email"}
    check = checked(visitor, uploaded(visitor, text), **columns, **{"column-3": "attr.orders"})
    page = visitor.get(f"/imports/contacts/{check}").text
    said = re.findall(r"<dd>(\d × [^<]+)</dd>", page)
    neither = "A value is neither a phone number nor an email address."
    assert said[0] == f"2 × {neither}"
    assert "1 × Orders is a number, like 12 or 3.5." in said
    assert any(s.startswith(f"1 × {neither} A value is not an email address") for s in said)
    assert "…”" not in "".join(said)


def test_the_file_of_refused_rows_is_where_the_import_has_gone_on(visitor):
    look = uploaded(visitor, f"Name,Mobile\nAnn,{ANN}\nNobody,none\n")
    check = checked(visitor, look, **{"column-0": "name", "column-1": "phone"})
    recording = task_of(visitor.post(f"/imports/contacts/{check}/record"))
    answer = visitor.get(f"/imports/contacts/{check}/refused.csv")
    there = f"/imports/contacts/{recording}/refused.csv"
    assert (answer.status_code, answer.headers["Location"]) == (303, there)
    assert "Nobody,none" in visitor.get(there).text
