"""The evidence page, its file and its call: what they show, to whom, and that they can be checked."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import delete, select

from tests.api_client import ApiClient, problem_of
from tests.counting import counted_queries
from tests.people import (
    EVIDENCE,
    NUMBER,
    add_contact,
    add_message,
    add_user,
    phone,
    record,
    state_of,
)
from tests.visitor import Visitor, visitor, words
from webapp.accounts.rules import CUSTOMER, Role
from webapp.audit.models import AuditEntry
from webapp.consent.holds import hold
from webapp.consent.models import ConsentEventDetail
from webapp.consent.reviews import dismiss_review
from webapp.consent.rules import Rule
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import (
    Address,
    AddressKind,
    Channel,
    Source,
    State,
    provider_address,
)
from webapp.core import clock
from webapp.core.config import ROOT
from webapp.core.db import db, transaction
from webapp.outbox.rules import Category, Origin, Status

NAME = "O'Brien <script>"
PAGE = f"/evidence?address={quote(NUMBER)}"
NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
# Three channels of a number, whoever asks, and what every page needs.
MOST_QUERIES = 45


@pytest.fixture
def viewer(app: Flask) -> Visitor:
    return visitor(app, Role.VIEWER)


@pytest.fixture
def story(app: Flask) -> dict[str, int]:
    """Somebody opts in by a form, is written to, says stop, and hears that it was heard."""
    with app.app_context():
        contact_id = add_contact(name=NAME).id
        given = record(State.OPTED_IN, at=NOON, evidence_at=NOON).event_id
        add_message(
            contact_id=contact_id,
            status=Status.DELIVERED,
            claimed_at=clock.now(),
            rule=Rule.FREE,
            event_id=given,
        )
        waiting = add_message(contact_id=contact_id, send_at=clock.now() + timedelta(hours=1)).id
        out = record(
            source=Source.KEYWORD, actor=CUSTOMER, said="Stop <b>now</b>", at=clock.now()
        ).event_id
        add_message(
            origin=Origin.CONFIRMATION,
            category=Category.UTILITY,
            confirms_event_id=out,
            status=Status.DELIVERED,
            delivered_at=NOON,
        )
        return {"contact": contact_id, "in": given, "out": out, "cancelled": waiting}


def pack(who: Visitor, query: str = "") -> dict[str, Any]:
    answer = who.get(f"/evidence.json?address={quote(NUMBER)}{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.get_data(as_text=True))
    return found


def test_a_viewer_reads_the_whole_story(viewer: Visitor, story: dict[str, int]) -> None:
    page = viewer.get(PAGE)
    html, text = page.get_data(as_text=True), words(page)
    for said in (
        f"Evidence of {NUMBER}",
        NAME,
        "Opted Out · from Opted In to Opted Out",
        "the customer",
        "Keyword",
        "Stop <b>now</b>",
        EVIDENCE["wording"],
        "1 waiting message",
        f"#{story['cancelled']}",
        "Delivered. Delivered 3 May 2026, 12:00:00 (UTC)",
        "Verified now: 2 events recomputed",
        "not sealed yet",
    ):
        assert said in text, said
    assert f"Opted in (form) on 3 May 2026 , event {story['in']} ." in text
    assert "Delivered Opted in (form)" in text
    assert f'id="event-{story["out"]}"' in html
    assert "<script>" not in html.replace("<script src", "")
    assert "Stop <b>" not in html
    assert not re.search(r"\sstyle=", html)


def test_a_past_moment_is_read_in_the_reader_s_zone(viewer: Visitor, story: dict[str, int]) -> None:
    viewer.in_zone("Asia/Kolkata")  # half past five ahead
    with viewer.app.app_context():
        moment = clock.now() - timedelta(days=1)
    there = (moment + timedelta(hours=5, minutes=30)).strftime("%Y-%m-%dT%H:%M:%S")
    text = words(viewer.get(f"{PAGE}&at={there}"))
    assert "(Asia/Kolkata)" in text
    # The form was filled in long ago, but recorded today.
    assert "Known then No record" in text
    since = "3 May 2026, 17:30:00 (Asia/Kolkata)"
    assert f"Known today Opted In since {since} · API · event {story['in']}" in text
    assert "Recorded after the moment asked for." in text
    assert f'value="{there}"' in viewer.text(f"{PAGE}&at={there}")


def test_each_event_leads_to_what_stood_when_it_was_recorded(
    viewer: Visitor, story: dict[str, int]
) -> None:
    html = viewer.text(PAGE)
    item = re.search(rf'<li id="event-{story["in"]}".*?</li>', html, re.S)
    assert item
    link = re.search(r'href="(/evidence\?[^"]*at=[^"]*)"', item[0])
    assert link
    assert "Known then Opted In" in words(viewer.get(link[1]))


@pytest.mark.parametrize("at", ["soon", "2999-12-31T10:00", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_moment_that_is_none_or_to_come_is_refused_beside_its_field(
    viewer: Visitor, at: str
) -> None:
    answer = viewer.get(f"{PAGE}&at={at}")
    assert answer.status_code == 422
    assert 'id="at-error"' in answer.get_data(as_text=True)


def test_what_is_no_address_is_refused_beside_its_field(viewer: Visitor) -> None:
    answer = viewer.get("/evidence?address=<b>hello")
    assert answer.status_code == 422
    assert "“<b>hello” is no address" in words(answer)
    assert "<b>hello" not in answer.get_data(as_text=True)


def test_an_address_that_nobody_knows_says_what_that_means(app: Flask, viewer: Visitor) -> None:
    text = words(viewer.get(PAGE))
    assert f"Nothing is known of {NUMBER}" in text
    assert "Add as contact" not in text
    assert "Add as contact" in words(visitor(app, Role.MARKETER).get(PAGE))


def test_a_number_is_found_without_its_plus(viewer: Visitor, story: dict[str, int]) -> None:
    assert NAME in words(viewer.get(f"/evidence?address={NUMBER[1:]}"))


def test_without_an_address_the_page_asks_for_one(viewer: Visitor) -> None:
    assert "Whose evidence?" in words(viewer.get("/evidence"))
    assert "Whose evidence?" in words(viewer.get("/evidence?key=nonsense"))


def test_an_event_leads_to_its_address(app: Flask, viewer: Visitor, story: dict[str, int]) -> None:
    answer = viewer.get(f"/evidence/events/{story['out']}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{PAGE}#event-{story['out']}"
    assert viewer.get("/evidence/events/999").status_code == 404
    with app.app_context():
        db.session.execute(delete(ConsentEventDetail))
        db.session.commit()
        key = key_of(phone()).hex()
    erased = viewer.get(f"/evidence/events/{story['out']}").headers["Location"]
    assert erased == f"/evidence?key={key}#event-{story['out']}"
    text = words(viewer.get(erased))
    assert "Removed by erasure" in text
    assert "Verified now" in text


# What a provider may have written, and no rule of ours takes as a number.
@pytest.mark.parametrize("written", ["86753", "", "490151234567"])
def test_an_address_that_we_would_refuse_has_its_evidence(
    app: Flask, viewer: Visitor, written: str
) -> None:
    with app.app_context():
        address = provider_address(f"+{written}")
        event = record(address=address, source=Source.KEYWORD, actor=CUSTOMER, said="stop").event_id
        key = key_of(address).hex()
    led = viewer.get(f"/evidence/events/{event}").headers["Location"]
    assert led == f"/evidence?key={key}#event-{event}"
    assert f'href="/evidence?key={key}"' in viewer.text("/audience/exclusions?channel=whatsapp")
    html = viewer.text(led)
    assert f"Evidence of +{written}" in html
    for link in re.findall(r'href="(/evidence[^"]*key=[^"]*)"', html):
        assert viewer.get(link).status_code == 200


def test_what_was_typed_is_found_where_it_is_on_record(app: Flask, viewer: Visitor) -> None:
    assert viewer.get("/evidence?address=86753").status_code == 422
    api = ApiClient(app, Role.VIEWER)
    assert api.get("/evidence", address="86753").status_code == 422
    with app.app_context():
        record(address=provider_address("86753"))
        record(address=provider_address("+"))
    for typed in ("86753", "%2B86753", "%2B"):
        assert viewer.get(f"/evidence?address={typed}").status_code == 200, typed
    found = api.get("/evidence", address="86753").get_json()["pack"]
    assert (found["address"], found["channels"][2]["now"]["state"]) == ("+86753", "opted_out")
    # Only what it says itself: any other text would read as no digits.
    assert viewer.get("/evidence?address=hello").status_code == 422


def test_the_printed_page_bears_address_time_and_hash(
    viewer: Visitor, story: dict[str, int]
) -> None:
    text = words(viewer.get(PAGE))
    assert PAGE in text
    assert pack(viewer)["sha256"] in text
    assert "Made " in text


def test_who_read_it_is_noted_without_the_address(
    app: Flask, viewer: Visitor, story: dict[str, int]
) -> None:
    viewer.get(PAGE)
    pack(viewer)
    ApiClient(app, Role.VIEWER).get("/evidence", address=NUMBER)
    with app.app_context():
        noted = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        reads = [entry for entry in noted if entry.action == "evidence.read"]
        assert [entry.detail["form"] for entry in reads] == ["page", "json", "api"]
        assert all(NUMBER not in json.dumps(entry.detail) for entry in reads)


def test_the_file_holds_for_anybody_and_breaks_where_it_was_edited(
    viewer: Visitor, story: dict[str, int], tmp_path: Path
) -> None:
    text = (ROOT / "docs" / "evidence.md").read_text()
    script = re.search(r"```python\n(.*?)```", text, re.S)
    assert script
    program, file = tmp_path / "check.py", tmp_path / "pack.json"
    program.write_text(script[1])

    def verdict(content: Any) -> tuple[int, str]:
        file.write_text(json.dumps(content))
        done = subprocess.run(
            [sys.executable, str(program), str(file)], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    assert verdict(pack(viewer)) == (0, "It holds.\n")
    for place in ("public", "detail"):
        edited = pack(viewer)
        channel = next(c for c in edited["pack"]["channels"] if c["channel"] == "whatsapp")
        event = channel["events"][-1]
        event[place] |= {"source": "manual"} if place == "public" else {"said": "go on"}
        plain = json.dumps(edited["pack"], sort_keys=True, separators=(",", ":"))
        edited["sha256"] = hashlib.sha256(plain.encode()).hexdigest()
        status, said = verdict(edited)
        assert status == 1
        assert f"event {event['id']}" in said
    removed = pack(viewer)
    removed["pack"]["channels"][2]["events"].pop(0)
    assert verdict(removed)[0] == 1


def test_the_call_gives_what_the_file_does(
    app: Flask, viewer: Visitor, story: dict[str, int]
) -> None:
    api = ApiClient(app, Role.VIEWER)
    at = (clock.now() - timedelta(days=1)).isoformat()
    found = api.get("/evidence", address=NUMBER, at=at).get_json()
    assert found["pack"] == pack(viewer, f"&at={quote(at)}")["pack"]
    whatsapp = next(c for c in found["pack"]["channels"] if c["channel"] == Channel.WHATSAPP)
    assert whatsapp["then"]["known"]["state"] == "unknown"
    assert whatsapp["then"]["today"]["state"] == "opted_in"
    assert whatsapp["checked"]["holds"] is True
    assert problem_of(api.get("/evidence", address="hello"))[:2] == (422, "invalid")
    later = (clock.now() + timedelta(days=1)).isoformat()
    assert problem_of(api.get("/evidence", address=NUMBER, at=later))[:2] == (422, "invalid")
    assert problem_of(api.get("/evidence"))[0] == 422


def test_a_file_of_nobody_in_particular_is_refused(viewer: Visitor) -> None:
    assert viewer.get("/evidence.json").status_code == 422
    assert viewer.get("/evidence.json?address=hello").status_code == 422


def test_however_many_events_the_statements_stay_few(
    app: Flask, viewer: Visitor, story: dict[str, int]
) -> None:
    viewer.get(PAGE)
    with app.app_context():
        for _ in range(4):
            record()
    with counted_queries(app) as statements:
        assert viewer.get(PAGE).status_code == 200
    assert len(statements) <= MOST_QUERIES, len(statements)


def test_contact_and_exclusion_list_lead_to_it(viewer: Visitor, story: dict[str, int]) -> None:
    with viewer.app.app_context():
        key_of_number = key_of(phone()).hex()
    contact = viewer.get(f"/contacts/{story['contact']}").get_data(as_text=True)
    assert f'href="{PAGE}"' in contact
    assert f'href="/evidence/events/{story["out"]}"' in contact
    listed = viewer.get("/audience/exclusions?channel=whatsapp").get_data(as_text=True)
    assert f'href="/evidence?key={key_of_number}"' in listed


def test_a_held_reply_stands_in_the_evidence_with_its_decision(app: Flask, viewer: Visitor) -> None:
    with app.app_context():
        add_contact()
        ada = add_user(Role.ADMIN).actor()
        review = transaction(
            lambda: hold(
                Channel.WHATSAPP, phone(), "stop it maybe", {"words": ["stop"]}, actor=CUSTOMER
            )
        ).id
    said = words(viewer.get(PAGE))
    assert "“stop it maybe”" in said
    assert "because of “stop”" in said
    with app.app_context():
        waiting_at = clock.now()
        transaction(lambda: dismiss_review(review, ada))
    said = words(viewer.get(f"{PAGE}&at={quote(waiting_at.isoformat())}"))
    assert "dismissed by Admin" in said
    assert "marketing waited for a decision" in said
    [held] = channel_of(viewer.get(f"/evidence.json?address={quote(NUMBER)}").get_json())["holds"]
    assert (held["said"], held["decision"], held["decided_by"]) == (
        "stop it maybe",
        "dismissed",
        "Admin",
    )


def channel_of(pack: dict[str, Any], channel: str = "whatsapp") -> dict[str, Any]:
    return next(part for part in pack["pack"]["channels"] if part["channel"] == channel)


WHATSAPP_ID = Address(AddressKind.WHATSAPP_ID, "US.1234567890")


@pytest.fixture
def only_the_id_is_out(app: Flask) -> datetime:
    """Somebody said stop, then START from the number alone; gives a moment before that START."""
    with app.app_context():
        add_contact(whatsapp_id=WHATSAPP_ID.value, whatsapp_id_key=key_of(WHATSAPP_ID))
        record(source=Source.KEYWORD, actor=CUSTOMER)
        between = clock.now()
        record(State.OPTED_IN, source=Source.KEYWORD, actor=CUSTOMER)
        assert state_of() is State.OPTED_IN
        return between


def test_an_opt_out_at_the_other_address_of_the_contact_is_said(
    viewer: Visitor, only_the_id_is_out: datetime
) -> None:
    page = viewer.get(PAGE)
    said = f"WhatsApp id {WHATSAPP_ID.value} , of the same contact, is opted out."
    assert said in words(page)
    assert f"not sent to {NUMBER} either" in words(page)
    assert f'href="/evidence?address={WHATSAPP_ID.value}"' in page.get_data(as_text=True)
    [other] = channel_of(pack(viewer))["same_contact"]
    assert (other["address"], other["kind"]) == (WHATSAPP_ID.value, "whatsapp_id")
    assert (other["now"]["state"], other["now"]["held"]) == ("opted_out", False)
    assert other["then"] is None
    assert channel_of(pack(viewer), "sms")["same_contact"] == []
    # The id itself is out: of it there is no more to say than what stands for the number.
    there = words(viewer.get(f"/evidence?address={WHATSAPP_ID.value}"))
    assert f"Number {NUMBER} , now: Opted In" in there
    assert "of the same contact, is" not in there


def test_the_other_address_is_shown_as_of_the_moment_that_was_asked_for(
    viewer: Visitor, only_the_id_is_out: datetime
) -> None:
    before = quote((only_the_id_is_out - timedelta(days=1)).isoformat())
    said = words(viewer.get(f"{PAGE}&at={before}"))
    assert "of the same contact, was not known to be opted out at that moment, but is now." in said
    assert "Known then: No record" in said
    assert f"address={WHATSAPP_ID.value}&at=" in viewer.text(f"{PAGE}&at={before}")
    later = quote(clock.now().isoformat())
    said = words(viewer.get(f"{PAGE}&at={later}"))
    assert "of the same contact, was opted out at that moment and still is." in said
    [other] = channel_of(pack(viewer, f"&at={later}"))["same_contact"]
    assert other["then"]["known"]["state"] == "opted_out"


def test_a_number_without_a_record_is_not_called_unknown_where_its_whatsapp_id_is_out(
    app: Flask, viewer: Visitor
) -> None:
    with app.app_context():
        record(address=WHATSAPP_ID)
        add_contact(whatsapp_id=WHATSAPP_ID.value, whatsapp_id_key=key_of(WHATSAPP_ID))
    said = words(viewer.get(PAGE))
    assert "Nothing is known" not in said
    assert "of the same contact, is opted out." in said


def test_a_moment_is_read_in_the_zone_that_its_field_named(
    viewer: Visitor, story: dict[str, int]
) -> None:
    assert "As of (UTC)" in words(viewer.get(PAGE))
    viewer.in_zone("Asia/Kolkata")  # known only after the form was filled in
    page = viewer.get(f"{PAGE}&at=2026-05-03T12:00:00&zone=UTC")
    assert "As of (Asia/Kolkata)" in words(page)
    assert 'value="2026-05-03T17:30:00"' in page.get_data(as_text=True)
    assert "As of 3 May 2026, 17:30:00 (Asia/Kolkata)" in words(page)
    assert 'name="zone" value="Asia/Kolkata"' in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "asked",
    [
        f"{PAGE}&at=2999-12-31T10:00&zone=UTC",
        "/evidence?address=nobody&at=2026-05-03T10:00&zone=UTC",
        "/evidence?address=&at=2026-05-03T10:00&zone=UTC",
    ],
)
def test_a_moment_that_is_shown_again_as_typed_keeps_the_zone_it_was_typed_in(
    viewer: Visitor, asked: str
) -> None:
    viewer.in_zone("Asia/Kolkata")  # known only after the form was filled in
    page = viewer.get(asked)
    assert "As of (UTC)" in words(page)
    assert 'T10:00"' in page.get_data(as_text=True)
    assert 'name="zone" value="UTC"' in page.get_data(as_text=True)


def test_what_was_typed_as_a_moment_stays_beside_its_error(viewer: Visitor) -> None:
    page = viewer.get(f"{PAGE}&at=2999-12-31T10:00").get_data(as_text=True)
    assert 'value="2999-12-31T10:00"' in page
