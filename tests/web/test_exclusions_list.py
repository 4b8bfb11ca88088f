"""The exclusion list page: everybody opted out of a channel, contact or not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import delete, event, insert

from tests.counting import counted_queries
from tests.people import NUMBER, add_contact, phone, record
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import CUSTOMER, SYSTEM, Role
from webapp.consent.exclusions import ExclusionFilter, count_exclusions, exclusion_page
from webapp.consent.models import ConsentEventDetail, ConsentState
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core.db import db, transaction
from webapp.privacy.erasure import erase

ROW = re.compile(r'<tr id="exclusion-[^>]*>\s*<td>\s*<span class="cell-main[^"]*">([^<]*)</span>')
NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


def number(nth: int) -> str:
    return f"+1650555{nth:04d}"


def listed(visitor: Visitor, query: str = "") -> list[str]:
    return ROW.findall(visitor.text(f"/audience/exclusions?{query}"))


def test_an_empty_list_says_how_one_gets_there(visitor):
    assert "Nobody has opted out" in visitor.text("/audience/exclusions")


def test_contacts_and_others_stand_in_it_newest_first(visitor):
    ann = add_contact(number(0), "Ann")
    record(address=phone(number(0)), at=NOON)
    record(address=phone(number(1)), at=NOON + timedelta(hours=1))
    record(State.OPTED_IN, address=phone(number(2)))
    assert listed(visitor) == [number(1), number(0)]
    text = visitor.text("/audience/exclusions")
    assert f'href="/contacts/{ann.id}?next=/audience/exclusions?channel%3Dwhatsapp">Ann</a>' in text
    assert "Not a contact" in text


def test_whoever_opted_in_again_leaves_it(visitor):
    record(address=phone(number(0)), at=NOON)
    record(State.OPTED_IN, address=phone(number(0)), source=Source.KEYWORD)
    assert listed(visitor) == []


def test_each_channel_has_its_own(visitor):
    record(address=phone(number(0)), channel=Channel.SMS)
    mail = Address(AddressKind.EMAIL, "ann@example.com")
    contact = add_contact(None, "Ann", email=mail.value, email_key=key_of(mail))
    record(address=mail, channel=Channel.EMAIL)
    assert listed(visitor) == []
    assert listed(visitor, "channel=sms") == [number(0)]
    assert listed(visitor, "channel=email") == ["ann@example.com"]
    assert f"/contacts/{contact.id}" in visitor.text("/audience/exclusions?channel=email")


def test_a_hidden_number_is_known_by_its_whatsapp_id(visitor):
    shy = Address(AddressKind.WHATSAPP_ID, "DE.1A2b3C")
    contact = add_contact(None, "Shy", whatsapp_id=shy.value, whatsapp_id_key=key_of(shy))
    record(address=shy)
    assert listed(visitor) == ["DE.1A2b3C"]
    assert f"/contacts/{contact.id}" in visitor.text("/audience/exclusions")


def test_source_and_both_days_narrow_it(visitor):
    record(
        address=phone(number(0)), source=Source.API, at=datetime(2026, 11, 9, 23, 30, tzinfo=UTC)
    )
    record(address=phone(number(1)), source=Source.KEYWORD, at=NOON)
    assert listed(visitor, "source=api") == [number(0)]
    assert listed(visitor, "from=2026-11-09&to=2026-11-09") == [number(0), number(1)]
    visitor.in_zone("Europe/Berlin")
    assert listed(visitor, "from=2026-11-09&to=2026-11-09") == [number(1)]
    assert listed(visitor, "from=2026-11-10") == [number(0)]


def test_pages_hold_everybody_once_and_lead_back(visitor):
    for nth in range(70):
        record(address=phone(number(nth)), at=NOON + timedelta(hours=nth // 20))
    first = listed(visitor)
    after = re.search(r'id="page-after"[^>]*href="([^"]+)"', visitor.text("/audience/exclusions"))
    assert after
    text = visitor.text(after.group(1))
    second = ROW.findall(text)
    assert (len(first), len(second), len({*first, *second})) == (50, 20, 70)
    before = re.search(r'id="page-before"[^>]*href="([^"]+)"', text)
    assert before
    assert ROW.findall(visitor.text(before.group(1))) == first


def test_an_erased_person_stays_excluded_without_their_number(visitor):
    record(address=phone(number(0)))
    db.session.execute(delete(ConsentEventDetail))
    db.session.commit()
    assert listed(visitor) == ["Erased person"]


def test_counts_come_after_the_rows(visitor):
    record(address=phone(number(0)))
    record(address=phone(number(1)), channel=Channel.SMS, source=Source.IMPORT)
    text = visitor.text("/audience/exclusions/counts?source=api", htmx=True)
    assert '"#count-whatsapp" hx-swap="innerHTML">1<' in text
    assert '"#count-sms" hx-swap="innerHTML">0<' in text


def both_ways(nth: int = 0) -> Contact:
    """Add a contact with a number and a WhatsApp id."""
    user_id = wa_id(nth)
    return add_contact(
        number(nth), f"Ann {nth}", whatsapp_id=user_id.value, whatsapp_id_key=key_of(user_id)
    )


def wa_id(nth: int = 0) -> Address:
    return Address(AddressKind.WHATSAPP_ID, f"US.{nth:010}")


def test_one_act_on_both_addresses_of_a_person_is_one_row(visitor):
    both_ways()
    record(address=wa_id(), source=Source.KEYWORD)
    page = visitor.get("/audience/exclusions")
    assert listed(visitor) == [number(0)]
    assert f"WhatsApp id {wa_id().value} Evidence of {wa_id().value}" in words(page)
    for address in (phone(number(0)), wa_id()):
        assert f'href="/evidence?key={key_of(address).hex()}"' in page.get_data(as_text=True)
    # The file is one of addresses.
    assert len(visitor.get("/audience/exclusions.csv").get_data(as_text=True).splitlines()) == 3


def test_two_opt_outs_of_one_person_are_two_rows_that_name_each_other(visitor):
    record(address=wa_id(), at=NOON)
    record(address=phone(number(0)), at=NOON + timedelta(hours=1))
    both_ways()
    assert listed(visitor) == [number(0), wa_id().value]
    said = words(visitor.get("/audience/exclusions"))
    assert f"{number(0)} WhatsApp id {wa_id().value} is opted out too" in said
    assert f"{wa_id().value} WhatsApp id of {number(0)}" in said


def test_a_whatsapp_id_alone_on_the_list_names_its_number(visitor):
    record(address=wa_id(), at=NOON)
    both_ways()
    assert f"{wa_id().value} WhatsApp id of {number(0)}" in words(
        visitor.get("/audience/exclusions")
    )


def test_the_same_moment_does_not_put_two_people_together(visitor):
    for nth in range(2):
        both_ways(nth)
        record(address=phone(number(nth)), at=NOON)
    assert set(listed(visitor)) == {number(0), number(1)}


def test_pages_of_people_with_two_addresses_hold_everybody(visitor):
    for nth in range(40):
        both_ways(nth)
        record(address=phone(number(nth)), at=NOON)
    text = visitor.text("/audience/exclusions")
    after = re.search(r'id="page-after"[^>]*href="([^"]+)"', text)
    assert after
    rest = visitor.text(after.group(1))
    found = re.findall(r'href="/evidence[?]key=([0-9a-f]+)"', text + rest)
    assert len(found) == len(set(found)) == 80
    assert {*ROW.findall(text), *ROW.findall(rest)} >= {number(nth) for nth in range(40)}


def test_a_page_takes_few_queries(visitor, app):
    for nth in range(20):
        both_ways(nth)
        record(address=phone(number(nth)))
    with counted_queries(app) as queries:
        visitor.text("/audience/exclusions", htmx=True)
    assert len(queries) <= 5, queries


def test_a_viewer_may_look(app, context):
    record(address=phone(number(0)))
    viewer = signed_in(app, Role.VIEWER)
    assert listed(viewer) == [number(0)]
    assert "Export CSV" not in viewer.text("/audience/exclusions")


def test_one_source_is_one_click_away_and_a_chip_that_can_be_removed(visitor):
    record(address=phone(number(0)), source=Source.API, at=NOON)
    record(address=phone(number(1)), source=Source.KEYWORD, at=NOON)
    text = visitor.text("/audience/exclusions?channel=whatsapp")
    assert 'href="/audience/exclusions?channel=whatsapp&source=api"' in text
    narrowed = visitor.text("/audience/exclusions?source=api&last=30")
    assert re.search(r'aria-current="true">API only', narrowed)
    chips = re.findall(r'chip-filter" href="([^"]+)"[^>]*>([^<]+)<', narrowed)
    assert chips == [
        ("/audience/exclusions?channel=whatsapp&last=30", "Source: API"),
        ("/audience/exclusions?channel=whatsapp&source=api", "Opted out in the last 30 days"),
    ]
    assert "Clear all" in narrowed


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("+16505550003", True),
        ("+1 (650) 555-0003", True),
        ("16505550003", True),
        ("001 650 555 0003", True),
        ("5550003", False),
        ("nobody", False),
    ],
)
def test_a_whole_number_is_found_however_it_is_written(visitor, asked, found):
    for nth in range(5):
        record(address=phone(number(nth)))
    expected = [number(3)] if found else []
    assert listed(visitor, urlencode({"q": asked})) == expected
    text = visitor.text("/audience/exclusions?" + urlencode({"q": asked}))
    assert ("Not on this list" in text) is not found


def test_a_whole_email_address_is_found_in_any_case(visitor):
    mail = Address(AddressKind.EMAIL, "ann@example.com")
    record(address=mail, channel=Channel.EMAIL)
    assert listed(visitor, "channel=email&q=ANN@Example.com") == ["ann@example.com"]
    assert listed(visitor, "channel=email&q=ann") == []


def test_an_erased_number_is_still_found_by_whoever_knows_it(visitor):
    record(address=phone(number(0)))
    db.session.execute(delete(ConsentEventDetail))
    db.session.commit()
    assert listed(visitor, urlencode({"q": number(0)})) == ["Erased person"]
    text = visitor.text("/audience/exclusions")
    assert "the opt-out stays" in text
    assert "Add as contact" not in text


def test_who_is_no_contact_can_be_added_with_the_address_filled_in(visitor):
    record(address=phone(number(0)))
    text = visitor.text("/audience/exclusions")
    link = re.search(r'class="add-link"\s+href="([^"]+)"', text)
    assert link
    assert f'value="{number(0)}"' in visitor.text(link[1])
    visitor.post("/contacts/new", name="Ann", phone=number(0))
    assert ">Ann</a>" in visitor.text("/audience/exclusions")


def test_the_list_tells_by_whom_and_with_which_words(visitor):
    record(address=phone(number(0)), source=Source.KEYWORD, actor=CUSTOMER, said="STOP!!")
    record(address=phone(number(1)), source=Source.IMPORT, reason="Old tool")
    text = " ".join(visitor.text("/audience/exclusions").split())
    assert "“STOP!!”, the customer" in text
    assert "Heed: Old tool" in text


def test_a_list_can_be_uploaded_from_here(visitor):
    assert "/imports/opt-outs/new" in visitor.text("/audience/exclusions")


def test_what_a_search_shows_is_what_its_file_holds(visitor):
    for nth in range(3):
        record(address=phone(number(nth)))
    answer = visitor.get("/audience/exclusions.csv?" + urlencode({"q": number(1)}))
    lines = answer.get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert number(1) in lines[1]


def test_opt_outs_by_a_source_are_counted_by_the_index_alone(context, db_kind):
    record(address=phone(number(0)), channel=Channel.SMS, source=Source.IMPORT)
    postgres, asked = db_kind == "postgres", []

    def note(_connection, _cursor, statement, parameters, *_more):
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert count_exclusions(ExclusionFilter(Channel.SMS, Source.IMPORT)) == 1
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    # Among many who are not out; of a table of one row any way is as good.
    others = [
        {"channel": Channel.SMS, "key": n.to_bytes(32), "state": State.OPTED_IN} for n in range(500)
    ]
    db.session.execute(insert(ConsentState), others)
    db.session.commit()
    statement, parameters = asked[-1]
    if postgres:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE consent_states")
    with db.engine.connect() as connection:
        if postgres:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        explain = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
        rows = connection.exec_driver_sql(explain + statement, parameters)
        said = "\n".join(str(row[-1]) for row in rows)
    by = "Index Only Scan using" if postgres else "USING COVERING INDEX"
    assert f"{by} ix_consent_states_out" in said, said


def test_a_number_that_came_back_after_an_erasure_is_shown_again(context: AppContext) -> None:
    ann = add_contact().id
    record()
    transaction(lambda: erase(ann, SYSTEM))
    [gone] = exclusion_page(ExclusionFilter(None), None).items
    assert gone.address == ""
    add_contact(name="Ann again")
    [back] = exclusion_page(ExclusionFilter(None), None).items
    assert (back.address, back.contact_name) == (NUMBER, "Ann again")
