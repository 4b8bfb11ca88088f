"""The pages of an upload: the form, how it stands, the yes; without JavaScript too."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.lists import run
from tests.people import add_contact, add_message, all_events, phone, record
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts import settings
from webapp.accounts.rules import Role
from webapp.accounts.settings import LIMITS
from webapp.audit.models import AuditEntry
from webapp.contacts.rules import Channel, State
from webapp.core.db import db, transaction
from webapp.imports import uploads
from webapp.tasks import queries

FORM = "/imports/opt-outs/new"


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


def send(
    visitor: Visitor, content: bytes | str, *, name: str = "stops.csv", **fields: Any
) -> TestResponse:
    """Send the form with a file, as a browser does."""
    raw = content.encode() if isinstance(content, str) else content
    said = {
        "on": ["sms"],
        **fields,
        "csrf_token": visitor.token,
        "file": FileStorage(io.BytesIO(raw), name),
    }
    # Encoded here: the test client would leave the temporary file of a large one open.
    boundary, body = encode_multipart(said)
    environ = {"REMOTE_ADDR": visitor.address}
    with visitor.app.app_context():
        return visitor.client.post(
            FORM,
            input_stream=io.BytesIO(body),
            content_length=len(body),
            content_type=f"multipart/form-data; boundary={boundary}",
            environ_base=environ,
            buffered=True,
        )


def uploaded(visitor: Visitor, content: str, **fields: Any) -> int:
    """Upload a list and let it be checked; gives its task."""
    answer = send(visitor, content, **fields)
    assert answer.status_code == 303, words(answer)
    found = re.fullmatch(r".*/imports/(\d+)", answer.headers["Location"])
    assert found
    run(int(found[1]))
    return int(found[1])


def test_without_uploads_the_page_says_what_to_do_first(visitor):
    text = visitor.text("/imports")
    assert "Nothing uploaded yet" in text
    assert FORM in text


def test_a_list_goes_from_the_form_to_the_exclusion_list(visitor, app):
    add_contact("+491512345678", "Ann")
    add_message(address=phone("+491512345678"), channel=Channel.SMS)
    task_id = uploaded(visitor, "+491512345678\n+491512345679\nnobody", note="Old tool")
    text = visitor.text(f"/imports/{task_id}")
    assert "1 contact, 1 other" in text
    assert "1 waiting message will be cancelled" in text
    assert "“nobody” is neither" in text
    assert "Opt out 2 addresses" in text
    assert not all_events()

    answer = visitor.post(f"/imports/{task_id}/record")
    assert answer.status_code == 303
    recording = int(answer.headers["Location"].rsplit("/", 1)[1])
    run(recording)
    done = visitor.text(f"/imports/{recording}")
    assert "See the exclusion list" in done
    assert {event.asked for event in all_events()} == {State.OPTED_OUT}
    listed = visitor.text("/audience/exclusions?channel=sms&source=import")
    assert "+491512345679" in listed
    assert "Old tool" in listed


def test_the_address_of_a_check_leads_on_to_what_came_of_it(visitor):
    task_id = uploaded(visitor, "+491512345678")
    visitor.post(f"/imports/{task_id}/record")
    assert visitor.get(f"/imports/{task_id}").headers["Location"] == f"/imports/{task_id + 1}"
    assert visitor.text("/imports").count(">stops.csv</a>") == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"on": []}, "Choose the channels that the list speaks for."),
        ({"on": ["fax"]}, "There is no such channel."),
        ({"region": "XX"}, "There is no such country."),
    ],
)
def test_a_form_that_is_not_whole_says_what_is_missing(visitor, fields, said):
    answer = send(visitor, "+491512345678", **fields)
    assert answer.status_code == 422
    assert said in words(answer)


def test_a_form_without_a_file_or_with_an_empty_one_says_so(visitor):
    answer = visitor.post(FORM, {"on": ["sms"]})
    assert (answer.status_code, "Choose a file." in words(answer)) == (422, True)
    answer = send(visitor, b"")
    assert (answer.status_code, "This file is empty." in words(answer)) == (422, True)
    assert queries.recent() == []


def test_a_file_that_is_too_large_is_refused_before_it_is_read(visitor, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1024 * 1024)
    answer = send(visitor, b"1" * (2 * 1024 * 1024))
    assert answer.status_code == 413
    assert "A list may be up to 1 MB. Cut this one into several files." in words(answer)
    assert queries.recent() == []


def test_a_file_just_over_the_limit_is_refused_too(visitor, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1024 * 1024)
    answer = send(visitor, b"1" * (1024 * 1024 + 10))
    assert answer.status_code == 422
    assert "A list may be up to 1 MB" in words(answer)


def test_a_list_may_be_larger_than_other_forms(visitor, app):
    rows = b"+491512345678,and a name that makes it long\n" * 800_000
    assert len(rows) > app.config["MAX_CONTENT_LENGTH"]
    answer = send(visitor, rows)
    assert answer.status_code == 303


def test_who_is_not_signed_in_is_told_no_more_than_that(app, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1024)
    answer = send(Visitor(app), b"1" * 200_000)
    assert answer.status_code == 413
    assert "Imports" not in words(answer)


def test_the_file_can_be_read_in_another_way(visitor):
    text = "id,mobile,other\n1,+491512345678,+491512345679\n"
    task_id = uploaded(visitor, text)
    page = visitor.text(f"/imports/{task_id}")
    assert "2: mobile" in page
    assert "+491512345678" in page
    answer = visitor.post(
        f"/imports/{task_id}/check",
        {"address": "2", "header": "1", "on": ["voice"], "order": "month", "region": "DE"},
    )
    assert answer.status_code == 303
    again = run(int(answer.headers["Location"].rsplit("/", 1)[1]))
    assert again.result["shown"][0]["address"] == "+491512345679"
    assert again.result["voice_out"] == 1
    assert again.result["reading"]["day_first"] is False


def test_columns_that_are_not_there_are_refused_with_the_form(visitor):
    task_id = uploaded(visitor, "+491512345678")
    answer = visitor.post(f"/imports/{task_id}/check", {"address": "x", "on": ["sms"]})
    assert answer.status_code == 422
    assert "There is no such column." in words(answer)
    answer = visitor.post(f"/imports/{task_id}/check", {"address": "0"})
    assert answer.status_code == 422
    assert "Choose the channels" in words(answer)


def test_a_column_beyond_the_last_refuses_every_row(visitor):
    task_id = uploaded(visitor, "+491512345678")
    answer = visitor.post(f"/imports/{task_id}/check", {"address": "9", "on": ["sms"]})
    again = run(int(answer.headers["Location"].rsplit("/", 1)[1]))
    assert again.result["refused"] == 1
    assert "no row of this list can be taken" in visitor.text(f"/imports/{again.id}")


def test_refused_rows_can_be_downloaded_and_uploaded_again(visitor):
    task_id = uploaded(visitor, "phone,name\n0151 2345678,Ann\n+491512345679,Ben\n")
    answer = visitor.get(f"/imports/{task_id}/refused.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=refused-rows.csv"
    assert answer.data.startswith(b"\xef\xbb\xbfrow,reason,phone,name\r\n2,")
    again = run(uploaded(visitor, answer.data.decode("utf-8-sig"), region="DE"))
    assert again.result["out"] == 1


def test_more_than_a_hundred_refused_rows_are_in_the_file_only(visitor):
    task_id = uploaded(visitor, "phone\n" + "nobody\n" * 130)
    page = visitor.text(f"/imports/{task_id}")
    assert "the first 100 of 130" in page
    assert page.count("neither a phone number") == 100 + 8
    assert visitor.get(f"/imports/{task_id}/refused.csv").data.count(b"nobody") == 260


def test_nothing_is_offered_where_there_is_nothing_to_do(visitor):
    visitor.post(f"/imports/{uploaded(visitor, '+491512345678')}/record")
    run(queries.recent()[0].id)
    text = visitor.text(f"/imports/{uploaded(visitor, '+491512345678')}")
    assert "everybody in this list is opted out already" in text
    assert "btn-out" not in text


def test_a_list_of_later_opt_outs_alone_can_be_recorded(visitor):
    first = uploaded(visitor, "phone,date\n+491512345678,2020-05-01\n")
    visitor.post(f"/imports/{first}/record")
    run(queries.recent()[0].id)
    task_id = uploaded(visitor, "phone,date\n+491512345678,2024-05-01\n")
    text = visitor.text(f"/imports/{task_id}")
    assert "They stay so; 1 later opt-out is kept in their history." in text
    assert "Record 1 opt-out" in text
    visitor.post(f"/imports/{task_id}/record")
    run(queries.recent()[0].id)
    assert len(all_events()) == 2


def test_while_it_goes_on_the_page_fetches_itself_and_can_be_cancelled(visitor):
    answer = send(visitor, "+491512345678")
    path = answer.headers["Location"]
    assert 'hx-trigger="every 1s' in visitor.text(path)
    task_id = int(path.rsplit("/", 1)[1])
    assert visitor.post(f"/tasks/{task_id}/cancel", {"next": path}).headers["Location"] == path
    text = visitor.text(path)
    assert "Cancelled" in text
    assert "every 1s" not in text


def test_a_fragment_is_the_part_alone(visitor):
    task_id = uploaded(visitor, "+491512345678")
    text = visitor.text(f"/imports/{task_id}", htmx=True)
    assert text.lstrip().startswith("<section")
    assert "<html" not in text


def test_a_viewer_sees_no_uploads(app, context):
    viewer = signed_in(app, Role.VIEWER)
    assert viewer.get("/imports").status_code == 403
    assert viewer.get(FORM).status_code == 403
    assert "/imports" not in viewer.text("/audience/exclusions")


def test_where_only_admins_change_consent_a_marketer_may_check_but_not_record(visitor, app):
    transaction(lambda: settings.write(LIMITS, {"only_admins_change_consent": True}))
    task_id = uploaded(visitor, "+491512345678")
    text = visitor.text(f"/imports/{task_id}")
    assert re.search(r'class="btn btn-out" type="submit" disabled', text)
    assert visitor.post(f"/imports/{task_id}/record").status_code == 403
    admin = signed_in(app, Role.ADMIN)
    assert admin.post(f"/imports/{task_id}/record").status_code == 303


def test_a_task_that_is_no_upload_is_not_there(visitor):
    assert visitor.get("/imports/4711").status_code == 404


def test_no_text_of_a_list_is_markup(visitor):
    task_id = uploaded(
        visitor, 'phone,<b>x</b>\n"<script>alert(1)</script>",y\n+491512345678,<i>\n'
    )
    text = visitor.get(f"/imports/{task_id}").get_data(as_text=True)
    assert "<script>alert" not in text
    assert "<b>x</b>" not in text


def test_refused_rows_are_for_who_uploaded_the_list_and_admins_and_taking_them_is_noted(
    visitor, app
):
    task_id = uploaded(visitor, "phone\nnobody\n")
    url = f"/imports/{task_id}/refused.csv"
    other = signed_in(app, Role.MARKETER, "other@heed.example")
    assert other.get(url).status_code == 403
    assert "All refused rows as CSV" not in other.text(f"/imports/{task_id}")
    assert signed_in(app, Role.ADMIN).get(url).status_code == 200
    taken = select(AuditEntry.detail).where(AuditEntry.action == "task.file_downloaded")
    assert [said["task_id"] for said in db.session.scalars(taken)] == [task_id]


def test_each_of_the_first_rows_says_what_it_does_as_it_is_counted(visitor):
    again, out, new = "+491512345671", "+491512345672", "+491512345673"
    record(State.OPTED_IN, address=phone(again), channel=Channel.SMS)
    record(address=phone(out), channel=Channel.SMS)
    text = "phone,date\n" + f"{again},2020-05-01\n{out},2020-05-02\n{new},2020-05-03\n"
    text += f"{new},2020-05-01\nnobody,2020-05-01\n"
    task_id = uploaded(visitor, text)
    shown = queries.task_of(task_id).result["shown"]
    assert [row.get("what") for row in shown] == ["stands", "already", "out", "twice", None]
    page = visitor.text(f"/imports/{task_id}")
    assert "What it does" in page
    assert "Agreed again later: stays opted in" in page
    visitor.post(f"/imports/{task_id}/record")
    recording = run(queries.recent()[0].id)
    assert "The first rows" not in visitor.text(f"/imports/{recording.id}")


def test_a_row_that_a_later_moment_overtakes_is_the_one_that_is_twice(visitor):
    text = "phone,date\n+491512345678,2020-05-01\n+491512345678,2024-05-01\n"
    shown = queries.task_of(uploaded(visitor, text)).result["shown"]
    assert [row["what"] for row in shown] == ["twice", "out"]


def test_the_file_of_refused_rows_is_where_the_upload_has_gone_on(visitor):
    task_id = uploaded(visitor, "phone\n+491512345678\nnobody\n")
    visitor.post(f"/imports/{task_id}/record")
    recording = run(queries.recent()[0].id)
    answer = visitor.get(f"/imports/{task_id}/refused.csv")
    there = f"/imports/{recording.id}/refused.csv"
    assert (answer.status_code, answer.headers["Location"]) == (303, there)
    assert "nobody" in visitor.get(there).text
    assert there in visitor.get(f"/imports/{recording.id}").text


def test_an_empty_list_of_uploads_offers_each_beginning_once(visitor):
    assert visitor.get("/imports").text.count("/imports/contacts/new") == 1
    uploaded(visitor, "+491512345678")
    assert visitor.get("/imports").text.count("/imports/contacts/new") == 1
