"""Exports: exactly what is filtered, safe in a spreadsheet, noted, and never whole in memory."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import insert

from tests.people import add_contact, phone, record
from tests.sheets import sheets
from tests.visitor import Visitor
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.contacts.models import AttributeDefinition, Contact
from webapp.contacts.rules import Channel, Source
from webapp.contacts.tags import named
from webapp.core.db import db

NUMBERS = [f"+1650555{n:04d}" for n in range(4)]


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


def table(visitor: Visitor, path: str) -> list[dict[str, str]]:
    """Read a CSV file as a spreadsheet does."""
    answer = visitor.get(path)
    assert answer.status_code == 200
    text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def bar_of(text: str) -> list[tuple[str, str]]:
    """Give what the bar under the list sends with each of its buttons."""
    form = text[text.index('<form id="selection"') :].partition("</form>")[0]
    hidden = re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', form)
    return [(name, value) for name, value in hidden]


def test_the_file_holds_exactly_what_is_filtered(visitor):
    for n, name in enumerate(["Ann", "Ben", "Cem"]):
        add_contact(NUMBERS[n], name)
    record(address=phone(NUMBERS[0]), at=datetime(2026, 11, 9, 22, 30, tzinfo=UTC))
    record(address=phone(NUMBERS[2]), at=datetime(2026, 11, 10, 12, 0, tzinfo=UTC))
    visitor.in_zone("Europe/Berlin")
    rows = table(visitor, "/audience/export.csv?state=opted_out&from=2026-11-09&to=2026-11-09")
    assert [row["name"] for row in rows] == ["Ann"]
    assert rows[0]["whatsapp_state"] == "opted_out"
    assert rows[0]["whatsapp_changed_at"] == "2026-11-09T23:30:00+01:00"
    assert rows[0]["whatsapp_source"] == "api"


def test_chosen_rows_alone_can_be_exported(visitor):
    chosen = [add_contact(NUMBERS[n], name).id for n, name in enumerate(["Ann", "Ben", "Cem"])][1:]
    rows = table(visitor, f"/audience/export.csv?channel=sms&id={chosen[0]}&id={chosen[1]}")
    assert [row["name"] for row in rows] == ["Ben", "Cem"]
    assert "sms_state" in rows[0]


@pytest.mark.parametrize("picked", [[], [0]])
def test_all_that_match_are_exported_whatever_is_ticked(visitor, picked):
    people = [add_contact(NUMBERS[n], name).id for n, name in enumerate(["Ann", "Ben", "Cem"])]
    for nth in (0, 1):
        record(address=phone(NUMBERS[nth]))
    text = visitor.text("/audience?state=opted_out&sort=name")
    form = bar_of(text) + [("id", str(people[nth])) for nth in picked] + [("all", "1")]
    path = f"/audience/export.csv?{urlencode(form)}"
    assert [row["name"] for row in table(visitor, path)] == ["Ann", "Ben"]
    workbook = visitor.get(path.replace(".csv", ".xlsx"))
    (sheet,) = sheets(workbook.data)
    place = sheet.rows[0].index("name")
    assert [row[place] for row in sheet.rows[1:]] == ["Ann", "Ben"]
    noted = [entry.detail["asked"] for entry in db.session.query(AuditEntry)]
    asked = [["channel", "whatsapp"], ["state", "opted_out"], ["sort", "name"]]
    assert noted == [asked, asked]


def test_all_that_match_nothing_said_is_refused(visitor):
    assert visitor.get("/audience/export.csv?all=1").status_code == 422


def test_attributes_and_tags_are_in_the_file(visitor):
    db.session.add(AttributeDefinition(name="city", label="City", kind="text", choices=[]))
    ann = add_contact(NUMBERS[0], "Ann", attributes={"city": "Roma"})
    ann.tags = named(["VIP", "Trade fair"])
    db.session.commit()
    (row,) = table(visitor, "/audience/export.csv")
    assert row["City"] == "Roma"
    assert sorted(row["tags"].split(", ")) == ["Trade fair", "VIP"]


def test_no_cell_is_a_formula(visitor):
    add_contact(NUMBERS[0], '=HYPERLINK("https://evil.example")')
    (row,) = table(visitor, "/audience/export.csv")
    assert row["name"] == '\'=HYPERLINK("https://evil.example")'
    assert row["phone"] == NUMBERS[0]


def test_the_file_has_a_name_that_says_what_it_is_and_excel_reads_it(visitor):
    answer = visitor.get("/audience/export.csv?channel=sms&from=2026-11-01&to=2026-11-20")
    name = "heed-sms-contacts-2026-11-01-to-2026-11-20.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.data.startswith(b"\xef\xbb\xbf")


def test_who_exported_what_is_noted(visitor):
    visitor.get("/audience/export.csv?state=opted_out&q=ann")
    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.actor_name) == ("audience.exported", "Marketer")
    assert entry.detail["asked"] == [["channel", "whatsapp"], ["q", "ann"], ["state", "opted_out"]]


def test_a_viewer_exports_nothing(app, context):
    viewer = signed_in(app, Role.VIEWER)
    assert viewer.get("/audience/export.csv").status_code == 403
    assert viewer.get("/audience/exclusions.csv").status_code == 403
    assert db.session.query(AuditEntry).count() == 0


def test_what_cannot_be_read_is_refused_before_the_file_begins(visitor):
    assert visitor.get("/audience/export.csv?state=maybe").status_code == 422
    assert visitor.get("/audience/export.csv?attr.unheard=1").status_code == 422


def test_the_exclusion_list_file_holds_contacts_and_others(visitor):
    ann = add_contact(NUMBERS[0], "Ann")
    record(address=phone(NUMBERS[0]), source=Source.KEYWORD, at=datetime(2026, 11, 9, tzinfo=UTC))
    record(address=phone(NUMBERS[1]), source=Source.API, at=datetime(2026, 11, 8, tzinfo=UTC))
    record(address=phone(NUMBERS[2]), channel=Channel.SMS)
    rows = table(visitor, "/audience/exclusions.csv")
    assert rows == [
        {
            "channel": "whatsapp",
            "address": NUMBERS[0],
            "opted_out_at": "2026-11-09T00:00:00+00:00",
            "source": "keyword",
            "contact_id": str(ann.id),
            "name": "Ann",
        },
        {
            "channel": "whatsapp",
            "address": NUMBERS[1],
            "opted_out_at": "2026-11-08T00:00:00+00:00",
            "source": "api",
            "contact_id": "",
            "name": "",
        },
    ]
    assert table(visitor, "/audience/exclusions.csv?source=api&to=2026-11-08") == rows[1:]
    assert table(visitor, "/audience/exclusions.csv?from=2026-11-10") == []


def test_memory_stays_flat_while_a_long_file_leaves(app, visitor):
    rows = [{"name": f"N{n} {'x' * 150}", "phone": f"+1650{n:07d}"} for n in range(12_000)]
    db.session.execute(insert(Contact), rows)
    db.session.commit()
    with app.app_context():
        response = visitor.client.get("/audience/export.csv")
        lines = 0
        tracemalloc.start()
        for piece in response.iter_encoded():
            lines += piece.count(b"\n")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        response.close()
    assert lines == 12_001
    assert peak < 6_000_000
