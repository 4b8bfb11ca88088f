"""Opt-In/Opt-Out Settings: the page, and the gear's dialog."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

from tests.visitor import Visitor, visitor, words
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.core.db import db
from webapp.keywords.languages.ready import READY_SETS
from webapp.keywords.service import KeywordSettings, load

PATH = "/settings/keywords"
FORM = {
    "enabled": "1",
    "opt_out": "STOP",
    "opt_in": "START",
    "help": "HELP",
    "confirmation": "You are out.",
    "opt_in_reply": "You are in.",
    "help_reply": "Reply STOP.",
}


def stamp(admin: Visitor) -> str:
    found = re.search(r'name="stamp" value="([^"]*)"', admin.get(PATH).get_data(as_text=True))
    assert found
    return found[1]


def stored(app: Flask) -> KeywordSettings:
    with app.app_context():
        return load()


def list_of(answer_text: str, name: str) -> list[str]:
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>([^<]*)<', answer_text)
    assert found
    return found[1].split("\n")


def test_stop_is_there_by_default(app: Flask) -> None:
    page = visitor(app, Role.ADMIN).get(PATH).get_data(as_text=True)
    assert list_of(page, "opt_out") == ["STOP"]


def test_words_are_stored_in_upper_case_once_each(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    form = FORM | {"opt_out": "stop\r\n stop   all \r\nSTOP\r\n\r\nbasta", "stamp": stamp(admin)}
    answer = admin.post(PATH, form)
    assert answer.status_code == 303
    assert stored(app).opt_out == ("STOP", "STOP ALL", "BASTA")
    assert "settings saved" in words(admin.get(PATH))


def test_saving_is_kept_in_the_audit_log(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    admin.post(PATH, FORM | {"stamp": stamp(admin)})
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert entry.action == "keywords.changed"
        assert entry.actor_name == "Admin"


def test_the_switch_can_be_turned_off(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    form = {name: value for name, value in FORM.items() if name != "enabled"}
    admin.post(PATH, form | {"stamp": stamp(admin)})
    assert not stored(app).enabled


def test_a_word_on_two_lists_is_refused_and_nothing_typed_is_lost(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    answer = admin.post(PATH, FORM | {"opt_in": "start\nstop", "stamp": stamp(admin)})
    assert answer.status_code == 422
    assert "stands on two lists" in words(answer)
    assert list_of(answer.get_data(as_text=True), "opt_in") == ["START", "STOP"]
    assert stored(app) == KeywordSettings()


def test_the_ready_words_are_added_and_not_yet_saved(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    answer = admin.post(PATH, FORM | {"opt_out": "BASTA", "stamp": stamp(admin), "do": "ready-en"})
    found = list_of(answer.get_data(as_text=True), "opt_out")
    assert found[0] == "BASTA"
    assert {"STOP", "UNSUBSCRIBE", "OPT OUT"} <= set(found)
    assert "Save to keep them" in words(answer)
    assert stored(app) == KeywordSettings()


def test_the_ready_words_of_a_language_are_told_what_they_cannot_join(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    form = FORM | {"opt_out": "STOP", "help": "ALTO", "stamp": stamp(admin), "do": "ready-es"}
    answer = admin.post(PATH, form)
    text = answer.get_data(as_text=True)
    assert "BAJA" in list_of(text, "opt_out")
    assert "ALTO" not in list_of(text, "opt_out")
    assert list_of(text, "opt_in") == ["START", "ALTA", "INICIAR", "REANUDAR"]
    assert "Left out, since another list has them: ALTO." in words(answer)
    assert admin.post(PATH, FORM | {"do": "ready-xx"}).status_code == 422


def test_a_button_tells_that_its_words_are_there_and_each_language_keeps_its_note(
    app: Flask,
) -> None:
    admin = visitor(app, Role.ADMIN)
    assert "Spanish added" not in words(admin.get(PATH))
    first = admin.post(PATH, FORM | {"stamp": stamp(admin), "do": "ready-es"})
    said = words(first)
    assert "Spanish added" in said
    assert "German added" not in said
    assert "12 Spanish words are added below." in said
    assert 'name="added" value="es"' in first.text
    lists = {n: "\n".join(list_of(first.text, n)) for n in ("opt_out", "opt_in", "help")}
    again = FORM | lists | {"stamp": stamp(admin), "added": "es"}
    said = words(admin.post(PATH, again | {"do": "ready-de"}))
    assert "12 Spanish words are added below." in said
    assert "8 German words are added below." in said
    assert "Spanish added" in said
    assert "German added" in said
    assert said.count("Save to keep them.") == 1
    back = admin.post(f"{PATH}/lab", again | {"do": "edit"})
    assert "12 Spanish words are added below." in words(back)


def test_a_word_of_a_language_that_was_taken_out_can_be_added_again(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    form = FORM | {"opt_in": "START\nALTA\nINICIAR", "stamp": stamp(admin), "added": "es"}
    shown = admin.post(PATH, form | {"do": "edit"})
    assert "2 Spanish words are added below." in words(shown)
    assert "Spanish added" not in words(shown)
    assert "REANUDAR" in list_of(admin.post(PATH, form | {"do": "ready-es"}).text, "opt_in")


def test_the_second_of_two_admins_is_told_of_the_first(app: Flask) -> None:
    first = visitor(app, Role.ADMIN, "first@heed.example")
    second = visitor(app, Role.ADMIN, "second@heed.example")
    both_saw = stamp(first)
    assert first.post(PATH, FORM | {"opt_out": "FIRST", "stamp": both_saw}).status_code == 303
    answer = second.post(PATH, FORM | {"opt_out": "SECOND", "stamp": both_saw})
    assert answer.status_code == 409
    assert "Somebody else saved" in words(answer)
    assert list_of(answer.get_data(as_text=True), "opt_out") == ["SECOND"]
    assert stored(app).opt_out == ("FIRST",)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MARKETER])
def test_others_read_and_cannot_change(app: Flask, role: Role) -> None:
    reader = visitor(app, role)
    answer = reader.get(PATH)
    assert "Admins change these settings" in words(answer)
    assert "STOP" in words(answer)
    assert ">Save<" not in answer.get_data(as_text=True)
    assert reader.post(PATH, FORM).status_code == 403
    assert stored(app) == KeywordSettings()


def test_the_gear_gets_the_form_alone_and_closes_when_saved(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    fragment = admin.get(PATH, htmx=True)
    text = fragment.get_data(as_text=True)
    assert "<html" not in text
    assert 'hx-target="#dialog"' in text
    assert "HX-Request" in fragment.headers["Vary"]
    answer = admin.post(PATH, FORM | {"stamp": stamp(admin)}, htmx=True)
    assert answer.status_code == 200
    assert "dialog:close" in answer.headers["HX-Trigger"]
    assert "settings saved" in words(answer)


def test_a_save_after_all_ready_sets_goes_through(app: Flask) -> None:
    admin = visitor(app, Role.ADMIN)
    first = stamp(admin)
    form = dict(FORM)
    for ready in READY_SETS:
        answer = admin.post(PATH, form | {"stamp": first, "do": f"ready-{ready.code}"})
        text = html.unescape(answer.get_data(as_text=True))
        lists = ("opt_out", "opt_in", "help")
        form |= {name: "\n".join(list_of(text, name)) for name in lists}
    assert admin.post(PATH, form | {"stamp": first}).status_code == 303
    assert "بطل" not in stored(app).opt_out
    assert {"BAJA", "SAIR", "ARRÊT", "STOPP", "बंद", "توقف"} <= set(stored(app).opt_out)
