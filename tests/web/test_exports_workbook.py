"""Excel files: opened as what they are, small ones at once, large ones as a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.ctx import AppContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal

from tests.people import add_contact, phone, record
from tests.sheets import Moment, Sheet, sheets
from tests.visitor import Visitor
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.contacts.models import AttributeDefinition
from webapp.contacts.rules import Source
from webapp.core.db import db
from webapp.exports import service, workbooks
from webapp.exports.columns import Column, Kind
from webapp.tasks.models import Task

NUMBERS = [f"+1650555{n:04d}" for n in range(6)]
FORMULA = '=HYPERLINK("https://evil.example","x")'


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


def opened(visitor: Visitor, path: str) -> Sheet:
    """Fetch an Excel file of one sheet and open it."""
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.content_type == workbooks.CONTENT_TYPE
    (sheet,) = sheets(answer.data)
    return sheet


def test_the_exclusion_list_opens_with_dates_of_the_readers_zone(visitor: Visitor) -> None:
    ann = add_contact(NUMBERS[0], "Ann")
    record(
        address=phone(NUMBERS[0]),
        source=Source.KEYWORD,
        at=datetime(2026, 11, 9, 22, 30, 15, tzinfo=UTC),
    )
    record(address=phone(NUMBERS[1]), at=datetime(2026, 7, 8, 22, 30, tzinfo=UTC))
    visitor.in_zone("Europe/Berlin")
    sheet = opened(visitor, "/audience/exclusions.xlsx")
    head, *rows = sheet.rows
    assert head == [
        "channel",
        "address",
        "opted_out_at (Europe/Berlin)",
        "source",
        "contact_id",
        "name",
    ]
    assert rows == [
        ["whatsapp", NUMBERS[0], Moment("2026-11-09 23:30:15"), "keyword", ann.id, "Ann"],
        ["whatsapp", NUMBERS[1], Moment("2026-07-09 00:30:00"), "api"],
    ]
    assert isinstance(rows[0][2], Moment)
    assert (sheet.frozen, sheet.filtered) == (1, "A1:F3")


def test_it_holds_exactly_what_is_filtered(visitor: Visitor) -> None:
    for n, name in enumerate(["Ann", "Ben", "Cem"]):
        add_contact(NUMBERS[n], name)
        record(address=phone(NUMBERS[n]), at=datetime(2026, 11, 9 + n, tzinfo=UTC))
    narrowed = "/audience/exclusions.xlsx?from=2026-11-10&to=2026-11-10"
    assert [row[5] for row in opened(visitor, narrowed).rows[1:]] == ["Ben"]
    sorted_ = opened(visitor, "/audience/export.xlsx?state=opted_out&sort=-name").rows[1:]
    assert [row[1] for row in sorted_] == ["Cem", "Ben", "Ann"]


def test_a_file_of_nobody_has_its_head(visitor: Visitor) -> None:
    assert len(opened(visitor, "/audience/exclusions.xlsx").rows) == 1
    assert len(opened(visitor, "/audience/export.xlsx?q=nobody").rows) == 1


def test_each_attribute_is_what_it_is(visitor: Visitor) -> None:
    kinds = {"city": "text", "age": "number", "vip": "boolean", "born": "date"}
    for name, kind in kinds.items():
        db.session.add(AttributeDefinition(name=name, label=name.title(), kind=kind, choices=[]))
    add_contact(
        NUMBERS[0],
        "Ann",
        attributes={"city": FORMULA, "age": 41.5, "vip": True, "born": "1990-04-23"},
    )
    add_contact(NUMBERS[1], "Old", attributes={"age": "forty", "born": "1899-12-31"})
    sheet = opened(visitor, "/audience/export.xlsx")
    assert sheet.rows[0][-4:] == ["City", "Age", "Vip", "Born"]
    assert sheet.rows[1][-4:] == [FORMULA, 41.5, "Yes", Moment("1990-04-23 00:00:00")]
    assert [sheet.rows[2][12], sheet.rows[2][14]] == ["forty", "1899-12-31"]
    assert isinstance(sheet.rows[1][-1], Moment)
    assert sheet.formulas == []


def test_a_phone_number_is_a_text(visitor: Visitor) -> None:
    add_contact(NUMBERS[0], "Ann")
    assert opened(visitor, "/audience/export.xlsx").rows[1][2] == NUMBERS[0]


ODD = st.one_of(
    st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=40),
    st.sampled_from(
        [
            FORMULA,
            "<r><t>x</t></r>",
            "_x0041_",
            "\x01\x1f",
            "\ufffe",
            "{=1}",
            "http://x",
            "  a\n b ",
            "1e5",
        ]
    ),
)


COLUMNS = [Column("n", literal(0), Kind.ID), Column("name", literal(""))]
UTC_ZONE = ZoneInfo("UTC")


def written(path: Path, rows: Sequence[Sequence[Any]]) -> list[Sheet]:
    book = workbooks.Book(COLUMNS, UTC_ZONE, "whatsapp-contacts", path)
    for row in rows:
        book.add(row)
    book.close()
    return sheets(path.read_bytes())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ODD, min_size=1, max_size=30))
def test_odd_texts_come_back_as_they_were(tmp_path: Path, names: list[str]) -> None:
    (sheet,) = written(tmp_path / "odd.xlsx", list(enumerate(names)))
    shown = [row[1] if len(row) > 1 else "" for row in sheet.rows[1:]]
    assert shown == [workbooks.shown(name) for name in names]
    assert sheet.formulas == []


def test_what_is_no_xml_of_ours_is_never_taken_for_it() -> None:
    assert workbooks.shown("<r><t>x</t></r>") == "<r><t>x</t></r> "
    assert workbooks.shown("a\ufffeb\uffff") == "a\ufffdb\ufffd"


def test_more_than_a_sheet_holds_goes_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "ROWS_OF_A_SHEET", 4)
    found = written(tmp_path / "long.xlsx", [(n, f"N{n}") for n in range(7)])
    assert [sheet.name for sheet in found] == [
        "whatsapp-contacts",
        "whatsapp-contacts 2",
        "whatsapp-contacts 3",
    ]
    assert [[row[0] for row in sheet.rows] for sheet in found] == [
        ["n", 0, 1, 2],
        ["n", 3, 4, 5],
        ["n", 6],
    ]
    assert [sheet.filtered for sheet in found] == ["A1:B4", "A1:B4", "A1:B2"]
    assert {sheet.frozen for sheet in found} == {1}


def test_the_file_has_a_name_that_says_what_it_is(visitor: Visitor) -> None:
    answer = visitor.get("/audience/export.xlsx?channel=sms&from=2026-11-01&to=2026-11-20")
    name = "heed-sms-contacts-2026-11-01-to-2026-11-20.xlsx"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_who_exported_what_is_noted(visitor: Visitor) -> None:
    visitor.get("/audience/exclusions.xlsx?source=api")
    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.actor_name) == ("exclusions.exported", "Marketer")
    assert entry.detail == {"asked": [["channel", "whatsapp"], ["source", "api"]], "file": "xlsx"}


def test_a_viewer_has_none(app: Flask, context: AppContext) -> None:
    viewer = signed_in(app, Role.VIEWER)
    for path in ("/audience/export.xlsx", "/audience/exclusions.xlsx"):
        assert viewer.get(path).status_code == 403
    assert db.session.query(AuditEntry).count() == 0


def test_what_cannot_be_read_is_refused_before_anything_is_noted(visitor: Visitor) -> None:
    assert visitor.get("/audience/export.xlsx?attr.unheard=1").status_code == 422
    assert db.session.query(AuditEntry).count() == 0


def test_a_large_one_is_begun_as_a_task_that_leads_to_its_page(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 1)
    for n in range(2):
        record(address=phone(NUMBERS[n]))
    answer = visitor.get("/audience/exclusions.xlsx")
    task = db.session.query(Task).one()
    assert (answer.status_code, answer.location) == (303, f"/tasks/{task.id}")
    assert (task.kind, task.title, task.actor_name) == (
        "export.xlsx",
        "Exclusion list of WhatsApp as Excel",
        "Marketer",
    )
    assert db.session.query(AuditEntry).one().detail["task_id"] == task.id
    assert (
        visitor.get("/audience/exclusions.xlsx?channel=sms").content_type == workbooks.CONTENT_TYPE
    )


def test_asking_again_while_it_is_made_makes_no_second(
    visitor: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 0)
    record(address=phone(NUMBERS[0]))
    first = visitor.get("/audience/exclusions.xlsx").location
    assert visitor.get("/audience/exclusions.xlsx").location == first
    assert visitor.get("/audience/exclusions.xlsx?source=api").location != first
    other = signed_in(app, Role.ADMIN)
    assert other.get("/audience/exclusions.xlsx").location != first
