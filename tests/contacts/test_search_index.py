"""The search index beside the contacts: kept in step with every write, read as it was meant."""

from __future__ import annotations

from typing import Any

import pytest
from flask.ctx import AppContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text

from tests.database import Rows
from tests.people import add_contact
from webapp.contacts.models import Contact
from webapp.core.db import db, run, table_of
from webapp.core.dialect import is_postgres
from webapp.core.text_index import GRAM, beginning, grams, holding

CONTACTS = table_of(Contact)

names = st.text(alphabet="abAB 'é\"%_\\田中Ж\n", max_size=9)
values = st.dictionaries(
    st.sampled_from(["city", "Plan", "vip"]),
    st.one_of(st.text("aAé'=\" ", max_size=4), st.integers(-5, 5), st.booleans(), st.none()),
    max_size=3,
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), names, values),
        st.tuples(st.just("rename"), names),
        st.tuples(st.just("describe"), values),
        st.tuples(st.just("email"), st.sampled_from([None, "a.b@example.com", "ab@x.example"])),
        st.tuples(st.just("consent")),
        st.tuples(st.just("remove")),
    ),
    max_size=8,
)


def take(step: tuple[Any, ...], nth: int) -> None:
    """Do one thing to the newest contact, or add one."""
    if step[0] == "add":
        add_contact(f"+1650555{nth:04d}", step[1], attributes=step[2])
        return
    newest = db.session.query(Contact).order_by(Contact.id.desc()).first()
    if newest is None:
        return
    if step[0] == "remove":
        db.session.delete(newest)
    elif step[0] == "rename":
        newest.name = step[1]
    elif step[0] == "describe":
        newest.attributes = step[1]
    elif step[0] == "email":
        newest.email = step[1] and f"{newest.id}{step[1]}"  # nobody else's
    else:
        newest.whatsapp_held = not newest.whatsapp_held
    db.session.commit()


def ids_of(wanted) -> set[int]:
    return {row.id for row in run(wanted)}


def found(texts=(), facts=()) -> set[int]:
    """Give who is in every set of candidates."""
    sets = [ids_of(wanted) for wanted in holding(db.session(), texts, facts)]
    return set.intersection(*sets)


def said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_it_is_in_step_after_any_writes(context: AppContext, rows: Rows, steps):
    db.session.rollback()
    rows.restore()
    for nth, step in enumerate(steps):
        take(step, nth)
    people = list(db.session.query(Contact).order_by(Contact.id))
    words = {p.id: f"{p.name_folded}\n{p.email or ''}\n{p.phone or ''}\n\n" for p in people}
    for place in range(len(GRAMS)):
        piece = GRAMS[place]
        holds = {contact_id for contact_id, held in words.items() if piece in held}
        if len(piece) < GRAM:
            assert ids_of(beginning(db.session(), [piece])) == holds, piece
        else:
            assert found([[piece]]) == holds, piece
    for person in people:
        for name, value in person.attributes.items():
            if value is not None:
                fact = f"{name}={said(value)}".translate(LOWER)
                assert person.id in found(facts=[[fact]]), fact
    assert found(facts=[["city=nobody"]]) == set()
    db.session.rollback()


GRAMS = (
    "aba",
    "ab ",
    "ba@",
    "@ex",
    "555",
    "田中a",
    "Ж田",
    "жa",
    "ж",
    "é",
    "%_\\",
    "'\"%",
    "a",
    "中",
)
LOWER = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


def test_many_at_once_and_statements_past_the_models_are_in_it_too(context: AppContext):
    added = [{"name": f"Bulk {nth}", "email": f"bulk{nth}@example.com"} for nth in range(5)]
    db.session.execute(insert(CONTACTS), added)
    assert len(found([["bulk"]])) == 5
    db.session.execute(text("UPDATE contacts SET name_folded = 'other' WHERE email LIKE 'bulk1%'"))
    assert len(found([["oth", "nobody"]])) == 1
    db.session.execute(text("DELETE FROM contacts WHERE email LIKE 'bulk2%'"))
    assert len(found([["bulk"], ["example.com"]])) == 4
    db.session.rollback()
    assert found([["bulk"]]) == set()


def test_a_consent_change_leaves_it_alone(context: AppContext):
    add_contact(name="Ann Lee", attributes={"city": "Roma"})
    before = _entry()
    db.session.execute(text("UPDATE contacts SET whatsapp_state = 'opted_out'"))
    db.session.commit()
    assert _entry() == before
    db.session.rollback()


def _entry() -> object:
    """Give what would show a write: the row's version, or the index's own rows."""
    if is_postgres(db.session()):
        return db.session.execute(text("SELECT xmin, ctid FROM contact_search")).all()
    return db.session.execute(text("SELECT id, block FROM contact_search_data ORDER BY id")).all()


def test_sqlites_index_is_whole_after_edits(context: AppContext, db_kind):
    if db_kind != "sqlite":
        pytest.skip("PostgreSQL looks after its own")
    person = add_contact(name="Ann Lee", attributes={"city": "Roma"})
    person.name, person.attributes = "Bea Ode", {"city": "Lyon", "vip": True}
    db.session.commit()
    db.session.delete(person)
    db.session.commit()
    for index in ("contact_search", "contact_facts"):
        check = f"INSERT INTO {index}({index}) VALUES ('integrity-check')"
        db.session.execute(text(check))
        held = db.session.execute(text(f'SELECT count(*) FROM {index}(\'"ann" OR "bea"\')'))
        assert held.scalar_one() == 0
    db.session.rollback()


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("maria", ["mar", "ari", "ria"]),
        ("abc", ["abc"]),
        ("ab", ["ab"]),
        ("a", ["a"]),
        ("田中太郎", ["田中太", "中太郎"]),
    ],
)
def test_a_text_is_looked_for_by_every_three_characters(piece, expected):
    assert grams(piece) == expected


def test_who_has_no_index_is_found_all_the_same(context: AppContext, db_kind, monkeypatch):
    if db_kind != "sqlite":
        pytest.skip("only an old SQLite lacks it")
    from tests.contacts.crowd import ZONE
    from webapp.contacts.definitions import definitions
    from webapp.contacts.filters import Filters
    from webapp.contacts.listing import page

    monkeypatch.setattr("webapp.contacts.candidates.has_index", lambda _session: False)
    ann = add_contact(name="Ann Lee")
    for search in ("ann", "a", "Ann 1234"):
        listed = page(Filters(search=search), None, ZONE, definitions())
        assert [row.id for row in listed.items] == [ann.id]
    assert db.session.scalar(select(Contact.id)) == ann.id
    db.session.rollback()
