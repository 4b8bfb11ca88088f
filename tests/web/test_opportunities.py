"""Opportunities: the list, the page of one, editing, and what follows from a contact's fate."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import insert, select

from tests.counting import counted_queries
from tests.people import add_contact, add_user, record
from tests.visitor import Visitor, visitor, words
from webapp.accounts.models import User
from webapp.accounts.rules import SYSTEM, Role
from webapp.contacts.models import Activity, Contact
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, NotFound
from webapp.delivery.channels import can_send, why_off
from webapp.events.models import Event
from webapp.opportunities import queries, service
from webapp.opportunities.asked import Asked
from webapp.opportunities.models import Opportunity
from webapp.opportunities.rules import Stage, currencies, read_amount, say_amount
from webapp.opportunities.service import Draft
from webapp.privacy.erasure import erase
from webapp.privacy.merging import merge

NAME = "O'Brien <script>"


def add(contact: Contact, name: str = "Sofa", **values: Any) -> Opportunity:
    draft: dict[str, Any] = {
        "name": name,
        "stage": Stage.NEW,
        "amount": Decimal("1200.50"),
        "currency": "EUR",
        "owner_id": None,
        "expected_on": None,
        "note": "",
    }
    number = contact.id
    return transaction(lambda: service.add(number, Draft(**draft | values), SYSTEM))


def form_of(answer_text: str) -> dict[str, str]:
    """Give the fields of an opportunity's form as a browser would send them."""
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', answer_text, re.S))
    for name, body in re.findall(
        r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', answer_text, re.S
    ):
        chosen = re.search(r'value="([^"]*)"\s+selected', body)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrf_token", None)
    return {name: html.unescape(value) for name, value in found.items()}


@pytest.fixture
def ann(app: Flask) -> int:
    with app.app_context():
        return add_contact().id


def newest(app: Flask) -> Opportunity:
    with app.app_context():
        return db.session.scalars(select(Opportunity).order_by(Opportunity.id.desc())).first()  # type: ignore[return-value]


def test_it_is_added_for_a_contact_that_a_search_finds(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    assert "Which customer is it with?" in words(marketer.get("/opportunities/new"))
    found = marketer.get("/opportunities/new?q=lee")
    assert f"/opportunities/new?contact={ann}" in found.text
    assert "Nobody is found." in words(marketer.get("/opportunities/new?q=nobody"))
    form = form_of(marketer.get(f"/opportunities/new?contact={ann}").text)
    assert (form["currency"], form["stage"]) == ("EUR", "new")
    form |= {"name": NAME, "amount": "1,200.50", "expected_on": "2026-12-24", "currency": "USD"}
    answer = marketer.post("/opportunities/new", form)
    made = newest(app)
    assert answer.headers["Location"] == f"/opportunities/{made.id}"
    assert (made.amount, made.currency) == (Decimal("1200.50"), "USD")
    assert made.expected_on == date(2026, 12, 24)
    page = marketer.get(f"/opportunities/{made.id}")
    assert "<script>" not in page.text.replace("<script src=", "")
    assert "$1,200.50" in words(page)
    assert "24 Dec 2026" in words(page)
    assert "Added as New" in words(page)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("amount", "a lot"),
        ("amount", "-5"),
        ("amount", "1.234"),
        ("amount", "9" * 13),
        ("currency", "XXX"),
        ("stage", "dreamt"),
        ("owner", "999"),
        ("expected_on", "tomorrow"),
        ("expected_on", "9999-12-31"),
        ("note", "x" * 5001),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(
    app: Flask, ann: int, field: str, value: str
) -> None:
    marketer = visitor(app, Role.MARKETER)
    form = form_of(marketer.get(f"/opportunities/new?contact={ann}").text) | {"name": "Sofa"}
    answer = marketer.post("/opportunities/new", form | {field: value})
    assert answer.status_code == 422
    assert f'id="field-{field}-error"' in answer.text
    assert newest(app) is None


def test_a_stage_is_changed_in_the_row_and_told_to_the_timeline_and_to_automations(
    app: Flask, ann: int
) -> None:
    marketer = visitor(app, Role.MARKETER)
    with app.app_context():
        made = add(db.session.get_one(Contact, ann))
        number, seen = made.id, made.updated_at.isoformat()
    form = {"stage": "won", "stamp": seen}
    answer = marketer.post(f"/opportunities/{number}/stage", form, htmx=True)
    assert answer.status_code == 200
    assert re.search(r'value="won"\s+selected', answer.text)
    assert "“Sofa” is Won now." in words(answer)
    with app.app_context():
        told = db.session.scalars(select(Activity).order_by(Activity.id.desc())).first()
        assert told is not None
        assert told.data == {
            "opportunity_id": number,
            "name": "Sofa",
            "before": "new",
            "after": "won",
        }
        named = select(Event.data).where(Event.name == "opportunity.stage_changed")
        events = db.session.scalars(named.order_by(Event.id)).all()
        assert events[-1] == {
            "opportunity_id": number,
            "contact_id": ann,
            "before": "new",
            "after": "won",
        }
    assert "New → Won" in words(marketer.get(f"/opportunities/{number}"))
    timeline = words(marketer.get(f"/contacts/{ann}"))
    assert "Opportunity “Sofa”" in timeline


def test_a_colleague_s_change_in_between_is_said(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    with app.app_context():
        number = add(db.session.get_one(Contact, ann)).id
    form = form_of(marketer.get(f"/opportunities/{number}/edit").text)
    assert marketer.post(f"/opportunities/{number}/edit", form | {"amount": "7"}).status_code == 303
    late = marketer.post(f"/opportunities/{number}/edit", form | {"name": "Bed"})
    assert late.status_code == 409
    assert "Amount is now 7.00" in words(late)
    assert 'value="Bed"' in late.text
    assert marketer.post(f"/opportunities/{number}/edit", form_of(late.text)).status_code == 303
    moved = marketer.post(
        f"/opportunities/{number}/stage", {"stage": "won", "stamp": form["stamp"]}, htmx=True
    )
    assert moved.status_code == 409
    assert "Somebody else changed this opportunity" in words(moved)
    assert newest(app).stage is Stage.NEW


def test_an_odd_form_is_refused(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    with app.app_context():
        number = add(db.session.get_one(Contact, ann)).id
    assert marketer.post(f"/opportunities/{number}/stage", {"stage": "odd"}).status_code == 422
    assert marketer.post(f"/opportunities/{number}/stage", {"stage": "won"}).status_code == 422
    assert marketer.post(f"/opportunities/{number}/edit", {"name": "x"}).status_code == 422
    assert marketer.get("/opportunities?cursor=abc").status_code == 422
    assert marketer.get("/opportunities?stage=odd&owner=x&sort=odd").status_code == 200
    assert marketer.get("/opportunities?q=%00").status_code == 422


def test_the_owner_is_somebody_who_may_act(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    with app.app_context():
        viewer, former = add_user(Role.VIEWER), add_user(Role.MARKETER, "former@heed.example")
        ids = {"viewer": viewer.id, "former": former.id}
        number = add(db.session.get_one(Contact, ann), owner_id=ids["former"]).id
        db.session.get_one(User, ids["former"]).role = Role.VIEWER
        db.session.commit()

    def offered(path: str) -> set[str]:
        found = re.search(r'<select[^>]*name="owner".*?</select>', marketer.text(path), re.S)
        assert found
        return set(re.findall(r'value="(\d+)"', found[0]))

    new = f"/opportunities/new?contact={ann}"
    assert not {str(n) for n in ids.values()} & offered(new)
    assert str(ids["former"]) in offered(f"/opportunities/{number}/edit")
    assert str(ids["former"]) in offered("/opportunities")
    assert str(ids["viewer"]) not in offered("/opportunities")
    form = form_of(marketer.text(new)) | {"name": "Bed", "owner": str(ids["viewer"])}
    assert marketer.post("/opportunities/new", form).status_code == 422
    form = form_of(marketer.text(f"/opportunities/{number}/edit"))
    assert marketer.post(f"/opportunities/{number}/edit", form).status_code == 303


def test_a_channel_that_cannot_send_says_why_and_has_no_button(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    config = app.extensions["heed"]
    with app.app_context():
        number = add(db.session.get_one(Contact, ann)).id
    page = marketer.get(f"/opportunities/{number}")
    for channel in (Channel.SMS, Channel.WHATSAPP, Channel.VOICE):
        assert (f'id="send-{channel}"' in page.text) is can_send(channel, config)
        assert why_off(channel, config) in words(page)
    assert 'id="send-voice"' not in page.text
    assert "Nothing is sent on it yet; consent is kept." in words(page)
    assert re.search(r'href="/opportunities">.*?Opportunities</a>', page.text, re.S)


def test_all_of_them_are_counted_beside_the_stages(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    with app.app_context():
        for stage in (Stage.NEW, Stage.WON, Stage.WON):
            add(db.session.get_one(Contact, ann), stage=stage)
    assert re.search(r"\bAll 3\b.*\bWon 2\b", words(marketer.get("/opportunities/totals")))


def test_the_contact_s_card_brings_itself_up_to_date(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    assert "No opportunities yet." in words(marketer.get(f"/contacts/{ann}"))
    with app.app_context():
        number = add(db.session.get_one(Contact, ann), NAME).id
    live = marketer.get(f"/contacts/{ann}/live", htmx=True).text
    part = live.split('hx-target="#opportunities"', 1)[1].split("</hx-partial>", 1)[0]
    assert f'id="opportunity-{number}"' in part
    assert "O&#39;Brien &lt;script&gt;" in part


def test_deleting_asks_first_and_is_kept_in_the_log(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    with app.app_context():
        number = add(db.session.get_one(Contact, ann)).id
    assert "gone for good" in words(marketer.get(f"/opportunities/{number}/delete"))
    assert marketer.post(f"/opportunities/{number}/delete").status_code == 303
    assert marketer.get(f"/opportunities/{number}").status_code == 404
    assert "Opportunity “Sofa” deleted" in words(marketer.get(f"/contacts/{ann}"))


def test_a_viewer_sees_and_changes_nothing(app: Flask, ann: int) -> None:
    viewer = visitor(app, Role.VIEWER)
    with app.app_context():
        number = add(db.session.get_one(Contact, ann)).id
    for path in ("/opportunities", f"/opportunities/{number}"):
        page = viewer.get(path)
        assert page.status_code == 200
        assert 'name="stage"' not in page.text
        assert "/edit" not in page.text
    assert viewer.post(f"/opportunities/{number}/delete").status_code == 403
    assert viewer.get("/opportunities/new").status_code == 403


def test_the_send_buttons_carry_the_mark_of_who_opted_out(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    with app.app_context():
        number = add(db.session.get_one(Contact, ann)).id
    page = marketer.get(f"/opportunities/{number}").text
    assert (
        f'href="/contacts/{ann}?channel=whatsapp&amp;next=/opportunities/{number}#messaging"'
        in page
    )
    assert "(opted out)" not in page
    with app.app_context():
        record(channel=Channel.WHATSAPP)
    text = words(marketer.get(f"/opportunities/{number}"))
    assert "Send WhatsApp (opted out)" in text
    assert "Send SMS (opted out)" not in text
    assert f'<a href="/contacts/{ann}?next=/opportunities/{number}">Full contact record</a>' in page


def titles(reader: Visitor, path: str) -> list[str]:
    return re.findall(r'class="cell-main"\s+href="/opportunities/\d+">([^<]+)<', reader.text(path))


def test_the_list_is_filtered_and_sorted_by_its_address(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    with app.app_context():
        owner = add_user(Role.ADMIN, "owner@heed.example").id
        contact = db.session.get_one(Contact, ann)
        zoe = add_contact("+16505550000", "Zoë Ångström")
        add(contact, "Sofa", amount=Decimal(5), expected_on=date(2026, 12, 1), owner_id=owner)
        add(contact, "Café table", amount=None, stage=Stage.WON)
        add(zoe, "Bed", amount=Decimal(900), expected_on=date(2026, 11, 30))
    assert titles(marketer, "/opportunities") == ["Bed", "Café table", "Sofa"]
    assert titles(marketer, "/opportunities?sort=-amount") == ["Bed", "Sofa", "Café table"]
    assert titles(marketer, "/opportunities?sort=expected") == ["Bed", "Sofa", "Café table"]
    assert titles(marketer, "/opportunities?stage=won") == ["Café table"]
    assert titles(marketer, f"/opportunities?owner={owner}") == ["Sofa"]
    assert titles(marketer, "/opportunities?q=CAFE") == ["Café table"]
    assert titles(marketer, "/opportunities?q=angstrom+bed") == ["Bed"]
    assert titles(marketer, "/opportunities?q=6505550000") == ["Bed"]
    assert "Nothing matches" in words(marketer.get("/opportunities?q=100%25"))


def test_sums_are_exact_and_apart_by_currency(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    with app.app_context():
        contact = db.session.get_one(Contact, ann)
        for amount in ("0.10", "0.20", "999999999999.99"):
            add(contact, amount=Decimal(amount))
        add(contact, amount=Decimal(100), currency="JPY")
        add(contact, amount=None)
    text = words(marketer.get("/opportunities/totals"))
    assert "New 5" in text
    assert "€1,000,000,000,000.29" in text
    assert "¥100" in text
    assert "Won 0" in text


@pytest.mark.parametrize("sort", ["-updated", "-amount", "amount", "expected"])
def test_pages_go_by_key_and_show_each_once(context: AppContext, sort: str) -> None:
    contact = add_contact()
    for index in range(7):
        amount = None if index % 3 == 0 else Decimal(index % 2)
        add(contact, str(index), amount=amount, expected_on=date(2026, 1, 1 + index % 2))
    seen: list[int] = []
    asked, cursor = Asked(sort=sort), ""
    while True:
        page = queries.page(asked, cursor, 3)
        seen += [line.opportunity.id for line in page.items]
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert sorted(seen) == sorted({*seen})
    assert len(seen) == 7
    assert page.previous_cursor
    back = queries.page(asked, page.previous_cursor, 3)
    assert [line.opportunity.id for line in back.items] == seen[3:6]


def test_a_page_costs_the_same_few_queries_however_many_there_are(
    app: Flask, context: AppContext
) -> None:
    marketer, contact = visitor(app, Role.MARKETER), add_contact()
    add(contact)
    with counted_queries(app) as few:
        marketer.get("/opportunities")
    for _ in range(20):
        add(contact)
    with counted_queries(app) as many:
        marketer.get("/opportunities")
    assert len(many) == len(few)


def test_a_merge_hands_the_opportunities_over(context: AppContext) -> None:
    keep, other = add_contact().id, add_contact("+16505550000", "Ann L").id
    made = add(db.session.get_one(Contact, other)).id
    transaction(lambda: merge(keep, other, SYSTEM))
    assert [line.opportunity.id for line in queries.of_contact(keep)] == [made]
    assert queries.history_of(queries.opportunity_of(made))


def test_an_erasure_deletes_them(context: AppContext) -> None:
    contact = add_contact()
    add(contact, "Sofa for Ann", note="Her number is +16505551234")
    number = contact.id
    transaction(lambda: erase(number, SYSTEM, "asked"))
    assert db.session.scalars(select(Opportunity)).all() == []


def test_none_is_added_for_somebody_who_is_gone(context: AppContext) -> None:
    draft = Draft("Sofa", Stage.NEW, None, "EUR", None, None, "")
    with pytest.raises(NotFound):
        transaction(lambda: service.add(7, draft, SYSTEM))


def test_of_two_who_move_it_at_once_one_is_told(context: AppContext) -> None:
    made = add(add_contact())
    number, seen = made.id, made.updated_at
    transaction(lambda: service.move(number, Stage.WON, SYSTEM, seen))
    with pytest.raises(Conflict):
        transaction(lambda: service.move(number, Stage.LOST, SYSTEM, seen))


def test_saving_what_stands_notes_no_stage(context: AppContext) -> None:
    made = add(add_contact())
    number, seen = made.id, made.updated_at
    transaction(lambda: service.move(number, Stage.NEW, SYSTEM, seen))
    assert len(queries.history_of(queries.opportunity_of(number))) == 1


def test_amounts_are_read_as_they_are_typed() -> None:
    assert read_amount("1,200.50", "EUR") == Decimal("1200.50")
    assert read_amount(" 1 200 ", "EUR") == Decimal(1200)
    assert read_amount("", "EUR") is None
    assert say_amount(None, "EUR") == ""
    assert say_amount(Decimal(5), "JPY") == "¥5"
    for odd in ("1.200,50", "12,00", "١٢", "1e5", "NaN", "0.5"):
        with pytest.raises(ValueError, match="amount"):
            read_amount(odd, "JPY")


def test_the_currencies_are_those_of_iso_4217_in_use() -> None:
    assert {"EUR", "USD", "GBP", "INR", "JPY"} <= set(currencies())
    assert not {"DEM", "XXX", "KWD"} & set(currencies())


Plans = Callable[[], list[str]]


def test_pages_are_read_by_an_index(context: AppContext) -> None:
    contact = add_contact()
    now = clock.now()
    rows = [
        {
            "contact_id": contact.id,
            "name": f"Deal {number}",
            "folded": f"deal {number}",
            "stage": Stage.NEW,
            "amount": Decimal(number),
            "currency": "EUR",
            "expected_on": date(2026, 1, 1),
            "note": "",
            "created_at": now,
            "updated_at": now,
            "stage_at": now,
        }
        for number in range(3000)
    ]
    db.session.execute(insert(Opportunity), rows)
    db.session.commit()
    names = {"updated": "ix_opportunities_updated", "amount": "ix_opportunities_amount"}
    kind = db.engine.dialect.name
    for name, index in names.items():
        column = getattr(Opportunity, f"{name}_at" if name == "updated" else name)
        query = select(Opportunity.id).order_by(column.desc(), Opportunity.id.desc()).limit(51)
        sql = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
        how = "EXPLAIN " if kind == "postgresql" else "EXPLAIN QUERY PLAN "
        with db.engine.begin() as connection:
            if kind == "postgresql":
                connection.exec_driver_sql("ANALYZE opportunities")
            plan = "\n".join(str(row) for row in connection.exec_driver_sql(how + sql))
        assert index in plan
