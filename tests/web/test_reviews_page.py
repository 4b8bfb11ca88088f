"""Review: held replies are decided one by one, each once, and marketing goes by what was decided."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import insert, select, update
from time_machine import travel

from tests.counting import counted_queries
from tests.people import add_contact, add_message, all_events, phone, record, state_of, status_of
from tests.visitor import Visitor, visitor, words
from webapp.accounts import settings
from webapp.accounts.rules import CUSTOMER, Role
from webapp.accounts.settings import LIMITS
from webapp.consent.holds import hold
from webapp.consent.models import ConsentEventDetail, Review
from webapp.consent.queries import state_row
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.conversations.service import Arrival, receive
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Reason, Status

OTHER = "+16505559876"
HOUR = timedelta(hours=1)
WHATSAPP_ID = Address(AddressKind.WHATSAPP_ID, "US.13491208655302741918")


@pytest.fixture
def marketer(app: Flask, context: AppContext) -> Visitor:
    return visitor(app, Role.MARKETER)


def held(
    said: str = "stop it will you", *, address: Address | None = None, at: datetime | None = None
) -> int:
    """Hold a reply, written at a moment, and give its review."""
    to = address or phone()

    def work() -> int:
        written = Arrival(
            Channel.WHATSAPP, key_of(to), to.value, None, f"wamid.{said}", "text", said, "", at
        )
        because = {"rule": "unmistakable", "words": ["stop"], "language": "en"}
        kept = receive(written)
        review = hold(Channel.WHATSAPP, to, said, because, actor=CUSTOMER, inbound_id=kept)
        return review.id

    return transaction(work)


def is_held(address: Address | None = None) -> bool:
    row = state_row(Channel.WHATSAPP, key_of(address or phone()))
    found = bool(row and row.held)
    db.session.rollback()
    return found


def decision(review: int) -> str | None:
    found = db.session.scalar(select(Review.decision).where(Review.id == review))
    db.session.rollback()
    return found


def limit(**limits: bool) -> None:
    transaction(lambda: settings.write(LIMITS, limits))


def test_a_card_says_what_was_said_by_whom_and_what_waits(marketer: Visitor) -> None:
    ann = add_contact().id
    review = held("Ok, STOP it <b>now</b>")
    add_message(send_at=clock.now() + HOUR)
    add_message(send_at=clock.now() + HOUR, category=Category.UTILITY)
    text = marketer.text("/review")
    said = words(marketer.get("/review"))
    assert f'id="review-{review}"' in text
    assert "<mark>STOP</mark>" in text
    assert f'href="/contacts/{ann}?next=/review' in text
    assert "+16505551234" in said
    assert "10 business days left" in said
    assert "1 marketing message waits for it" in said
    assert "it <b>now</b>" in said


def test_an_opt_out_counts_from_the_reply_and_cancels_what_waits(marketer: Visitor) -> None:
    add_contact()
    came = clock.now() - 2 * HOUR
    review = held(at=came)
    message = add_message(send_at=clock.now() + HOUR).id
    answer = marketer.post(f"/review/{review}/opt-out", htmx=True)
    assert "Ann Lee is Opted Out of WhatsApp. 1 waiting message was cancelled." in words(answer)
    assert "Undo" not in words(answer)
    assert status_of(message) is Status.CANCELLED
    event = all_events()[0]
    detail = db.session.get(ConsentEventDetail, event.id)
    assert (event.source, event.asked) == (Source.REVIEW, State.OPTED_OUT)
    assert event.effective_at == came
    assert detail
    assert detail.said == "stop it will you"
    assert not is_held()
    assert "Nothing waits for review" in words(marketer.get("/review"))


def test_dismissing_lets_marketing_go_on(marketer: Visitor) -> None:
    add_contact()
    review = held()
    message = add_message(send_at=clock.now() + HOUR, reason=Reason.HELD_FOR_REVIEW).id
    answer = marketer.post(f"/review/{review}/dismiss", htmx=True)
    assert "marketing on WhatsApp goes on for Ann Lee" in words(answer)
    assert answer.headers["HX-Trigger"].endswith("heed:change")
    assert state_of() is State.UNKNOWN
    assert not is_held()
    assert db.session.get_one(Message, message, populate_existing=True).reason is None
    assert not all_events()


def test_each_reply_is_judged_by_itself(marketer: Visitor) -> None:
    add_contact()
    first, second = held("stop this"), held("stop that")
    answer = marketer.post(f"/review/{first}/dismiss", htmx=True)
    assert "Another reply of Ann Lee on WhatsApp still waits" in words(answer)
    assert is_held()
    assert decision(second) is None
    marketer.post(f"/review/{second}/dismiss")
    assert not is_held()


def test_dismissing_says_nothing_about_other_people(marketer: Visitor) -> None:
    add_contact()
    add_contact(OTHER, "Bob")
    ours, others = held(), held(address=phone(OTHER))
    marketer.post(f"/review/{ours}/dismiss")
    assert not is_held()
    assert is_held(phone(OTHER))
    assert decision(others) is None


def test_the_persons_other_address_goes_along(marketer: Visitor) -> None:
    add_contact(whatsapp_id=WHATSAPP_ID.value, whatsapp_id_key=key_of(WHATSAPP_ID))
    by_number, by_id = held("stop one"), held("stop two", address=WHATSAPP_ID)
    marketer.post(f"/review/{by_number}/dismiss")
    assert is_held()
    assert is_held(WHATSAPP_ID)
    marketer.post(f"/review/{by_id}/dismiss")
    assert not is_held()
    assert not is_held(WHATSAPP_ID)


def test_an_opt_out_closes_all_open_replies_of_the_person(marketer: Visitor) -> None:
    add_contact(whatsapp_id=WHATSAPP_ID.value, whatsapp_id_key=key_of(WHATSAPP_ID))
    by_number, by_id = held("stop one"), held("stop two", address=WHATSAPP_ID)
    marketer.post(f"/review/{by_number}/opt-out")
    assert decision(by_number) == decision(by_id) == "opted_out"
    assert state_of() is state_of(WHATSAPP_ID) is State.OPTED_OUT
    assert not is_held()
    assert not is_held(WHATSAPP_ID)


def test_a_reply_from_a_number_that_was_given_up_still_stops_the_person(marketer: Visitor) -> None:
    ann = add_contact()
    review = held()
    ann.phone, ann.phone_key = OTHER, key_of(phone(OTHER))
    db.session.commit()
    transaction(lambda: hold(Channel.WHATSAPP, phone(OTHER), "stop", {}, actor=CUSTOMER))
    marketer.post(f"/review/{review}/opt-out")
    assert state_of() is state_of(phone(OTHER)) is State.OPTED_OUT


def test_an_opt_in_after_the_reply_stands_and_the_card_says_so(marketer: Visitor) -> None:
    add_contact()
    came = clock.now() - 2 * HOUR
    review = held(at=came)
    record(State.OPTED_IN, at=came + HOUR)
    assert "They opted in again" in words(marketer.get("/review"))
    answer = marketer.post(f"/review/{review}/opt-out", htmx=True)
    assert "the opt-in stands" in words(answer)
    assert state_of() is State.OPTED_IN
    assert not is_held()
    assert decision(review) == "opted_out"


def test_the_second_of_two_is_told_and_changes_nothing(app: Flask, marketer: Visitor) -> None:
    add_contact()
    review = held()
    second = visitor(app, Role.ADMIN)
    marketer.post(f"/review/{review}/dismiss")
    answer = second.post(f"/review/{review}/opt-out", htmx=True)
    assert "Marketer decided this reply of Ann Lee before: Dismissed." in words(answer)
    assert state_of() is State.UNKNOWN
    assert not all_events()


def test_a_dismissal_is_undone_for_a_minute_by_whoever_made_it(
    app: Flask, marketer: Visitor
) -> None:
    add_contact()
    review = held()
    answer = marketer.post(f"/review/{review}/dismiss", htmx=True)
    assert f'action="/review/{review}/reopen"' in answer.get_data(as_text=True)
    other = visitor(app, Role.ADMIN).post(f"/review/{review}/reopen", htmx=True)
    assert "Only your own dismissal can be undone" in words(other)
    assert not is_held()
    assert "waits again" in words(marketer.post(f"/review/{review}/reopen", htmx=True))
    assert is_held()
    assert decision(review) is None
    assert "stop it will you" in words(marketer.get("/review"))


def test_a_dismissal_stays_after_a_minute_and_after_an_opt_out(marketer: Visitor) -> None:
    add_contact()
    review = held()
    marketer.post(f"/review/{review}/dismiss")
    record()
    said = words(marketer.post(f"/review/{review}/reopen", htmx=True))
    assert "has been opted out since" in said
    old = clock.now() - timedelta(seconds=61)
    db.session.execute(update(Review).values(decided_at=old))
    db.session.commit()
    assert "for one minute" in words(marketer.post(f"/review/{review}/reopen", htmx=True))
    assert not is_held()


def test_an_opt_out_is_not_undone(marketer: Visitor) -> None:
    add_contact()
    review = held()
    marketer.post(f"/review/{review}/opt-out")
    assert "Opting in needs its evidence" in words(
        marketer.post(f"/review/{review}/reopen", htmx=True)
    )
    assert state_of() is State.OPTED_OUT


def test_replies_wait_oldest_deadline_first_and_late_ones_say_so(marketer: Visitor) -> None:
    newer, older = held("newer stop"), held("older stop", address=phone(OTHER))
    late = clock.now() - timedelta(days=30)
    db.session.execute(update(Review).where(Review.id == older).values(opened_at=late))
    db.session.commit()
    text = marketer.text("/review")
    assert re.findall(r'<li class="card review"\s+id="review-(\d+)"', text) == [
        str(older),
        str(newer),
    ]
    assert "Overdue since" in words(marketer.get("/review"))


def test_decided_replies_say_who_decided_what(app: Flask, marketer: Visitor) -> None:
    add_contact()
    first = held("stop one")
    marketer.post(f"/review/{first}/dismiss")
    second = held("stop two")
    visitor(app, Role.ADMIN).post(f"/review/{second}/opt-out")
    said = words(marketer.get("/review?tab=decided"))
    assert re.search(r"stop two .*Opted out Admin .*stop one .*Dismissed Marketer", said)


def test_several_are_decided_at_once(marketer: Visitor) -> None:
    add_contact()
    add_contact(OTHER, "Bob")
    ids = [held(), held(address=phone(OTHER))]
    answer = marketer.post("/review/ticked", {"review": ids, "do": "opt-out"}, htmx=True)
    assert "2 replies decided as opt-outs." in words(answer)
    assert state_of() is state_of(phone(OTHER)) is State.OPTED_OUT
    assert "Tick the replies" in words(marketer.post("/review/ticked", {}, htmx=True))


def test_one_of_several_that_is_gone_keeps_none_of_the_others(marketer: Visitor) -> None:
    add_contact()
    add_contact(OTHER, "Bob")
    first, second = held(), held(address=phone(OTHER))
    ids = [first, 999, 10**30, "x", second]
    answer = marketer.post("/review/ticked", {"review": ids, "do": "opt-out"}, htmx=True)
    assert "2 replies decided as opt-outs. 1 was decided before." in words(answer)
    assert state_of() is state_of(phone(OTHER)) is State.OPTED_OUT
    only = marketer.post("/review/ticked", {"review": ["999"]}, htmx=True)
    assert "0 replies dismissed. 1 was decided before." in words(only)


def test_several_are_answered_when_what_is_under_way_has_begun(marketer: Visitor) -> None:
    add_contact()
    begin_by = clock.now() + timedelta(seconds=1)
    add_message(status=Status.SENDING, claim_token="t", begin_by=begin_by)
    marketer.post("/review/ticked", {"review": [held(), "999"], "do": "opt-out"}, htmx=True)
    assert clock.now() >= begin_by


def test_a_viewer_sees_and_cannot_decide(app: Flask, context: AppContext) -> None:
    review = held()
    viewer = visitor(app, Role.VIEWER)
    assert "stop it will you" in words(viewer.get("/review"))
    for act in ("opt-out", "dismiss", "reopen"):
        assert viewer.post(f"/review/{review}/{act}").status_code == 403
    assert viewer.post("/review/ticked", {"review": [review]}).status_code == 403
    assert decision(review) is None


def test_where_only_admins_change_consent_a_marketer_cannot_decide(marketer: Visitor) -> None:
    review = held()
    limit(only_admins_change_consent=True)
    page = marketer.get("/review")
    assert "An admin decides these" in words(page)
    assert marketer.post(f"/review/{review}/opt-out").status_code == 403
    assert marketer.post(f"/review/{review}/dismiss").status_code == 403
    ticked = {"review": [review], "do": "opt-out"}
    assert marketer.post("/review/ticked", ticked).status_code == 403
    assert decision(review) is None


def test_without_scripts_a_button_leads_back_to_the_page(marketer: Visitor) -> None:
    review = held()
    here = "/review?tab=open"
    answer = marketer.post(f"/review/{review}/dismiss", {"next": here})
    assert (answer.status_code, answer.headers["Location"]) == (303, here)
    assert "Dismissed" in words(marketer.get(here))


def test_the_menu_counts_what_waits(marketer: Visitor) -> None:
    assert marketer.text("/review/count") == ""
    held("stop one"), held("stop two")
    assert marketer.text("/review/count") == "2"
    assert 'hx-get="/review/count"' in marketer.text("/dispatcher")


def test_many_are_paged_by_key_at_the_cost_of_one_page(app: Flask, marketer: Visitor) -> None:
    start = clock.now() - timedelta(days=40)
    rows = [
        {
            "channel": Channel.SMS,
            "key": n.to_bytes(32),
            "address": f"+1650{n:07d}",
            "said": f"stop {n}",
            "because": {},
            "opened_at": start + timedelta(seconds=n),
        }
        for n in range(2_000)
    ]
    db.session.execute(insert(Review), rows)
    db.session.commit()
    seen: list[str] = []
    path = "/review"
    for _ in range(3):
        with counted_queries(app) as statements:
            text = marketer.text(path)
        assert len(statements) <= 8, statements
        seen += re.findall(r'class="review-said">stop (\d+)<', text)
        path = re.search(r'href="([^"]+)"\s+rel="next"', text)[1]  # type: ignore[index]
    assert seen == [str(n) for n in range(75)]
    assert marketer.text("/review/count") == "1,000+"


def test_the_contact_page_decides_by_the_same_rule(marketer: Visitor) -> None:
    ann = add_contact().id
    review = held()
    page = marketer.get(f"/contacts/{ann}").get_data(as_text=True)
    assert f'action="/review/{review}/opt-out"' in page
    back = f"/contacts/{ann}"
    assert marketer.post(f"/review/{review}/opt-out", {"next": back}).headers["Location"] == back
    assert "Review" in words(marketer.get(back))
    assert all_events()[0].source is Source.REVIEW


def test_the_deadline_counts_business_days_of_the_reader(marketer: Visitor) -> None:
    with travel("2026-11-20T12:00:00Z", tick=False):  # a Friday
        held()
    with travel("2026-12-04T12:00:00Z", tick=False):
        assert "Today is the last day" in words(marketer.get("/review"))
