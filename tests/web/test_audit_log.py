"""The audit log: every act in a sentence, found by filters, taken along as a file."""

from __future__ import annotations

import ast
import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from tests.people import add_contact, add_user
from tests.visitor import visitor, words
from webapp.accounts.rules import SYSTEM, Actor, Role
from webapp.audit import queries
from webapp.audit.models import AuditEntry
from webapp.audit.service import record
from webapp.bulk.asked import Deed
from webapp.contacts.models import Contact
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.exports.asked import What
from webapp.pages import audit_words
from webapp.privacy.erasure import erase
from webapp.privacy.merging import merge
from webapp.privacy.models import Erasure

PATH = "/settings/audit"
ROOT = Path(__file__).parents[2] / "webapp"
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
WRITERS = {"record", "audit", "_note"}  # what a room calls that writes the log


def actions_in_the_code() -> set[str]:
    """Collect the actions that any module which writes the log names."""
    found = {deed.audited for deed in Deed} | {f"{what}.exported" for what in What}
    for path in ROOT.rglob("*.py"):
        text = path.read_text()
        if re.search(r"from webapp\.audit(\.service)? import", text):
            for node in ast.walk(ast.parse(text)):
                found |= _named(node)
    return found


def _named(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        parts: list[ast.AST] = list(node.args) if name in WRITERS else []
    elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "action":
        parts = list(ast.walk(node.value))
    else:
        parts = []
    texts = [part.value for part in parts if isinstance(part, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and ACTION.fullmatch(text)}


def test_every_action_in_the_code_has_a_sentence_and_a_kind() -> None:
    found = actions_in_the_code()
    assert len(found) > 30
    assert sorted(found - set(audit_words.ACTS)) == []
    assert {kind for kind, _ in audit_words.ACTS.values()} <= set(audit_words.KINDS)


@pytest.mark.parametrize("action", sorted(audit_words.ACTS))
def test_a_sentence_bears_what_an_erasure_left_of_its_entry(action: str) -> None:
    odd: list[dict[str, Any]] = [
        {},
        {"name": "(erased)", "asked": [], "ids": [], "before": {"name": "x"}, "after": {}},
        {"asked": {"channels": ["pager"]}, "counts": {}, "recipients": [], "before": [1]},
    ]
    for detail in odd:
        if action.endswith(".exported") and isinstance(detail.get("asked"), dict):
            continue
        said = audit_words.sentence(action, detail)
        assert said
        assert "{" not in said
        audit_words.changed(detail)


def note(actor: Actor, action: str, days_ago: int = 0, **detail: Any) -> None:
    def work() -> None:
        record(actor, action, **detail)
        db.session.flush()
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        entry.at = clock.now() - timedelta(days=days_ago)

    transaction(work)


def said(text: str) -> list[str]:
    return [" ".join(one.split()) for one in re.findall(r'class="audit-said">(.*?)</span>', text)]


def test_a_setting_s_old_and_new_value_stand_with_it(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    with app.app_context():
        then, now = {"whatsapp.needs_opt_in": False}, {"whatsapp.needs_opt_in": True}
        note(SYSTEM, "consent_policy.changed", before=then, after=now)
        words_then: dict[str, list[str]] = {"opt_out": ["STOP"], "help": []}
        words_now = {**words_then, "opt_out": ["STOP", "END"]}
        note(SYSTEM, "keywords.changed", before=words_then, after=words_now)
    text = words(admin.get(PATH))
    assert "WhatsApp: Marketing needs a recorded opt-in before: off → after: on" in text
    assert "Opt-out words before: STOP → after: STOP, END" in text
    assert "Help words" not in text


def test_it_is_filtered_by_person_kind_and_day(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN).in_zone("Europe/Berlin")
    with app.app_context():
        other = add_user(Role.MARKETER).actor()
        note(other, "segment.saved", name="O'Brien <script>")
        note(SYSTEM, "demo.loaded", days_ago=3)
        note(other, "exports.downloaded", days_ago=3, file="list.csv")
        number = other.id
        # A day of whoever reads: an hour before midnight in UTC it is another one in Berlin.
        day = (clock.now() - timedelta(days=2)).astimezone(ZoneInfo("Europe/Berlin")).date()
    assert len(said(admin.text(PATH))) == 3
    assert said(admin.text(f"{PATH}?who=user-{number}")) == [
        "Saved the segment “O'Brien <script>”",
        "Downloaded the export “list.csv”",
    ]
    assert said(admin.text(f"{PATH}?who=system-")) == ["Loaded the demo data"]
    assert said(admin.text(f"{PATH}?kind=exports")) == ["Downloaded the export “list.csv”"]
    assert said(admin.text(f"{PATH}?kind=segments&to={day}")) == []
    assert len(said(admin.text(f"{PATH}?to={day}"))) == 2
    assert len(said(admin.text(f"{PATH}?from={day}"))) == 1
    assert "<script>" not in admin.get(PATH).text.replace("<script src", "")


def test_a_contact_s_entries_are_found_by_its_id(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    with app.app_context():
        keep, other = add_contact().id, add_contact("+16505550000").id
        key = add_contact("+16505550001").phone_key
        seen = db.session.scalars(select(AuditEntry.id)).all()
        assert seen == []
        transaction(lambda: merge(keep, other, SYSTEM))
        note(SYSTEM, "bulk.tagged", ids=[keep, 999], asked={"tag": "VIP"})
        note(SYSTEM, "segment.saved", contact_id=keep)
        assert key is not None
        note(SYSTEM, "evidence.read", key=key.hex(), form="page")
        third = keep + 2
    assert len(said(admin.text(f"{PATH}?contact={keep}"))) == 2
    assert said(admin.text(f"{PATH}?contact={other}")) == [
        f"Merged contact {other} into contact {keep}"
    ]
    assert said(admin.text(f"{PATH}?contact={third}"))[0].startswith("Read the evidence pack")
    assert said(admin.text(f"{PATH}?contact=12345")) == []
    assert admin.get(f"{PATH}?contact=ann").status_code == 422


def test_a_merge_is_named_by_whom_it_left_as_they_are_called_now(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    with app.app_context():
        keep, other = add_contact().id, add_contact("+16505550000", "Ann L").id
        transaction(lambda: merge(keep, other, SYSTEM))
    page = admin.text(PATH)
    assert f"Merged contact {other} into contact {keep}" in page
    assert re.search(rf'href="/contacts/{keep}">Ann Lee</a>', page)
    with app.app_context():
        db.session.get_one(Contact, keep).name = "Zoë <script>"
        db.session.commit()
    assert f'href="/contacts/{keep}">Zoë &lt;script&gt;</a>' in admin.get(PATH).text
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry))
        assert "Ann" not in str([entry.detail for entry in entries])
        transaction(lambda: erase(keep, SYSTEM, ""))
    page = admin.text(PATH)
    assert f"Merged contact {other} into contact {keep}" in page
    assert f'href="/contacts/{keep}"' not in page


def test_a_file_of_everybody_names_no_channel_unless_one_was_asked() -> None:
    def told(*asked: list[str]) -> str:
        return audit_words.sentence("contacts.exported", {"asked": asked, "file": "csv"})

    channel = ["channel", "whatsapp"]
    assert told(channel) == "Exported contacts as CSV"
    assert told(channel, ["state", "opted_in"]).endswith("(channel: WhatsApp, state: opted_in)")
    one = audit_words.sentence("audience.exported", {"asked": [channel], "file": "csv"})
    assert one == "Exported contacts as CSV (channel: WhatsApp)"


def test_odd_filters_are_refused_or_ask_for_all(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    assert admin.get(f"{PATH}?who=user-x&kind=odd").status_code == 200
    for odd in ("from=yesterday", "cursor=abc", "contact=-1", "from=2026-02-02&to=2026-01-01"):
        assert admin.get(f"{PATH}?{odd}").status_code == 422


def test_pages_go_by_key(context: AppContext) -> None:
    for number in range(5):
        note(SYSTEM, "segment.saved", name=str(number))
    asked = queries.Asked(zone=ZoneInfo("UTC"))
    first = queries.page(asked, limit=2)
    second = queries.page(asked, first.next_cursor or "", limit=2)
    assert [entry.detail["name"] for entry in (*first.items, *second.items)] == ["4", "3", "2", "1"]
    back = queries.page(asked, second.previous_cursor or "", limit=2)
    assert back.items == first.items


def test_the_file_has_what_is_filtered_no_formula_and_is_noted_itself(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN).in_zone("Europe/Berlin")
    with app.app_context():
        note(Actor(SYSTEM.kind, None, "=cmd()"), "segment.saved", name="@SUM(1)")
        note(SYSTEM, "demo.loaded")
        user = db.session.scalars(select(AuditEntry.id)).all()
        assert len(user) == 2
    answer = admin.get(f"{PATH}/export.csv?kind=segments")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row["What"] for row in rows] == ["Saved the segment “@SUM(1)”"]
    assert rows[0]["Who"] == "'=cmd()"
    assert re.search(r"\+0[12]:00$", rows[0]["Time"])
    assert said(admin.text(f"{PATH}?kind=exports")) == [
        "Exported the audit log as CSV (kind: segments)"
    ]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MARKETER])
def test_it_is_for_admins(app: Flask, role: Role) -> None:
    reader = visitor(app, role)
    assert reader.get(PATH).status_code == 403
    assert reader.get(f"{PATH}/export.csv").status_code == 403


def test_an_erased_person_is_not_named_by_it(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    with app.app_context():
        number = add_contact(name="Ann Lee").id
        transaction(lambda: erase(number, SYSTEM, "asked"))
        assert db.session.scalars(select(Erasure)).one().contact_id == number
    text = words(admin.get(PATH))
    assert f"Erased contact {number}" in text
    assert "Ann Lee" not in text


def test_a_token_is_told_by_its_name_and_role() -> None:
    assert audit_words.sentence("token.created", {"name": "shop", "role": "marketer"}) == (
        "Made the API token shop with the role marketer"
    )
