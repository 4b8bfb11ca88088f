"""The inbox: who wrote, what was said either way, and what may be answered."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from tests.counting import counted_queries
from tests.people import NUMBER, add_message, phone, record
from tests.talks import person, wrote
from tests.visitor import Visitor, visitor, words
from webapp.accounts import settings
from webapp.accounts.rules import CUSTOMER, Role
from webapp.consent.holds import hold
from webapp.contacts.rules import Channel, Source, State
from webapp.conversations.models import InboundMessage
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.message_templates.models import Template
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin, Reason, Status

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def marketer(app: Flask, context: AppContext) -> Visitor:
    return visitor(app, Role.MARKETER)


def template(body: str = "Hello {{1}}", category: Category = Category.MARKETING) -> str:
    row = Template(
        channel=Channel.WHATSAPP, name="offer", language="en", category=category, body=body
    )
    db.session.add(row)
    db.session.commit()
    return str(row.id)


def reply(who: Visitor, talk: int, text: str = "Yes, since today", **more: str) -> Any:
    return who.post(f"/inbox/{talk}/reply", {"text": text, "template": "", **more}, htmx=True)


def sent() -> list[Message]:
    found = list(db.session.scalars(select(Message).order_by(Message.id)))
    db.session.rollback()
    return found


def test_a_thread_has_both_sides_by_time_with_what_became_of_each(marketer: Visitor) -> None:
    talk = person(ago=2 * HOUR, text="Is it in stock?")
    now = clock.now()
    add_message(status=Status.DELIVERED, origin=Origin.CAMPAIGN, sent_at=now - HOUR)
    add_message(status=Status.FAILED, reason=Reason.PROVIDER_REFUSED, detail="number unknown")
    wrote("Thanks", ago=timedelta(minutes=1))
    said = words(marketer.get(f"/inbox/{talk}"))
    assert (
        said.index("Is it in stock?") < said.index("Delivered · Campaign") < said.index("Failed ·")
    )
    assert "The provider refused it. The provider said: number unknown." in said
    assert "Today" in said
    assert "The conversation begins here." in said


def test_what_waits_stands_at_the_end_and_can_be_cancelled(marketer: Visitor) -> None:
    talk = person()
    waits = add_message(send_at=clock.now() + DAY).id
    answer = marketer.get(f"/inbox/{talk}")
    assert "Waiting to be sent" in words(answer)
    assert f"/messages/{waits}/cancel" in answer.get_data(as_text=True)


def test_a_reply_is_sent_by_hand_and_stands_in_the_thread(marketer: Visitor) -> None:
    talk = person()
    answer = reply(marketer, talk)
    assert answer.status_code == 200
    assert "On its way." in words(answer)
    assert answer.headers["HX-Trigger"] == "heed:change"
    message = sent()[0]
    assert (message.origin, message.body, message.address) == (
        Origin.MANUAL,
        "Yes, since today",
        NUMBER,
    )
    assert "Yes, since today" in words(marketer.get(f"/inbox/{talk}"))
    assert "You: Yes, since today" in words(marketer.get("/inbox"))


@pytest.mark.parametrize("text", ["", "   ", "x" * 4097])
def test_what_cannot_be_sent_stays_in_the_field(marketer: Visitor, text: str) -> None:
    talk = person()
    answer = reply(marketer, talk, text)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert text.strip() in answer.get_data(as_text=True)
    assert not sent()


def test_outside_of_the_window_only_a_template_goes(marketer: Visitor) -> None:
    offer = template()
    talk = person(ago=2 * DAY)
    text = marketer.text(f"/inbox/{talk}")
    assert 'name="variable_1"' in text
    assert "WhatsApp takes templates alone" in text
    refused = reply(marketer, talk, "hello")
    assert refused.status_code == 422
    assert "Choose a template" in words(refused)
    assert "hello" in words(refused)
    done = reply(marketer, talk, "", template=offer, variable_1="Ann")
    assert done.status_code == 200
    assert sent()[0].body == "Hello Ann"


def test_a_template_is_chosen_with_its_variables_and_a_preview(marketer: Visitor) -> None:
    offer, talk = template(), person()
    answer = marketer.get(f"/inbox/{talk}/reply?template={offer}", htmx=True)
    text = answer.get_data(as_text=True)
    assert 'id="composer"' in text
    assert 'name="variable_1"' in text
    assert "data-preview" in text


def test_a_stop_puts_the_alert_in_the_composers_place(marketer: Visitor) -> None:
    talk = person()
    record(source=Source.KEYWORD, actor=CUSTOMER, said="STOP")
    text = marketer.text(f"/inbox/{talk}")
    assert "is Opted Out of WhatsApp" in text
    assert "data-composer" not in text
    assert "Reply anyway" in text
    assert "“STOP” reply → Opted Out" in text
    assert "Resubscribe…" in text
    assert "Opted Out" in words(marketer.get("/inbox"))


def test_reply_anyway_sends_past_the_warning_that_was_seen(marketer: Visitor) -> None:
    talk = person()
    event = record().event_id
    composer = marketer.get(f"/inbox/{talk}/reply?override={event}", htmx=True)
    assert "What you send now says that you saw that" in words(composer)
    assert f'name="override" value="{event}"' in composer.get_data(as_text=True)
    done = reply(marketer, talk, override=str(event))
    assert done.status_code == 200
    assert "past the opt-out" in words(done)
    message = sent()[0]
    assert (message.override_event_id, message.status) == (event, Status.SCHEDULED)
    # Once sent, the alert stands there again.
    assert "Reply anyway" in words(done)


def test_without_the_warning_nothing_is_sent_and_the_text_is_kept(marketer: Visitor) -> None:
    talk = person()
    record()
    refused = reply(marketer, talk, "Here is what you asked")
    assert refused.status_code == 409
    assert "Not sent: Here is what you asked" in words(refused)
    assert not sent()


def test_a_newer_opt_out_asks_again(marketer: Visitor) -> None:
    talk = person()
    first = record().event_id
    record(State.OPTED_IN, source=Source.MANUAL)
    record()
    refused = reply(marketer, talk, override=str(first))
    assert refused.status_code == 409
    assert "Reply anyway" in words(refused)
    assert not sent()


def test_reply_anyway_ends_with_the_customers_question(marketer: Visitor) -> None:
    talk = person(ago=2 * DAY)
    event = record().event_id
    text = marketer.text(f"/inbox/{talk}")
    assert "more than 24 hours old" in text
    assert "Reply anyway" not in text
    assert (
        reply(marketer, talk, template=template(), variable_1="A", override=str(event)).status_code
        == 409
    )
    assert not sent()


def test_an_account_that_blocks_offers_no_reply_anyway(marketer: Visitor) -> None:
    talk = person()
    event = record().event_id
    transaction(lambda: settings.write("consent", {"manual_sends_blocked": True}))
    text = marketer.text(f"/inbox/{talk}")
    assert "The account blocks sends by hand" in text
    assert "Reply anyway" not in text
    assert reply(marketer, talk, override=str(event)).status_code == 409
    assert not sent()


def test_a_held_reply_says_that_marketing_waits(marketer: Visitor) -> None:
    talk = person(text="stop it will you")
    said, inbound = "stop it will you", db.session.scalars(select(InboundMessage.id)).one()
    review = transaction(
        lambda: hold(Channel.WHATSAPP, phone(), said, {}, actor=CUSTOMER, inbound_id=inbound).id
    )
    text = marketer.text(f"/inbox/{talk}")
    assert "Marketing waits here" in text
    assert "Decide it in Review" in text
    assert f'href="/review#review-{review}"' in text
    done = reply(marketer, talk)
    assert "It waits." in words(done)
    assert "On hold" in words(marketer.get("/inbox"))


def test_a_viewer_reads_and_cannot_answer(app: Flask, context: AppContext) -> None:
    talk = person()
    viewer = visitor(app, Role.VIEWER)
    text = viewer.text(f"/inbox/{talk}")
    assert "A viewer can look, not change." in text
    assert "data-composer" not in text
    assert "Modify" not in text
    assert reply(viewer, talk).status_code == 403
    assert f"/inbox/{talk}/seen" not in text


def test_odd_names_and_texts_are_only_text(marketer: Visitor) -> None:
    talk = person("O'Brien <script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    text = marketer.get(f"/inbox/{talk}").get_data(as_text=True)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "O'Brien <script>alert(1)</script>" in marketer.text("/inbox")


def test_a_very_long_message_is_folded_and_whole(marketer: Visitor) -> None:
    talk = person(text="a" * 65_000 + "end")
    text = marketer.text(f"/inbox/{talk}")
    assert "Show all 65,003 characters" in text
    assert "aend" in text
    assert len(marketer.text("/inbox")) < 40_000


def test_right_to_left_text_has_its_own_direction(marketer: Visitor) -> None:
    talk = person("محمد", text="السلام عليكم")
    text = marketer.text(f"/inbox/{talk}")
    assert 'dir="auto"' in text
    assert "<bdi>محمد</bdi>" in text


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("image", "Photo"),
        ("audio", "Voice message"),
        ("unsupported", "does not pass on"),
        ("hologram", "Hologram"),
    ],
)
def test_what_is_no_text_says_what_came(marketer: Visitor, kind: str, word: str) -> None:
    talk = person(text="", kind=kind)
    assert word in words(marketer.get(f"/inbox/{talk}"))
    assert word in words(marketer.get("/inbox"))


def test_earlier_messages_come_page_by_page_and_none_twice(marketer: Visitor) -> None:
    talk = person(text="m0", ago=200 * HOUR)
    for n in range(1, 100):
        wrote(f"m{n}", ago=(200 - n) * HOUR)
    text = marketer.text(f"/inbox/{talk}")
    seen: list[str] = []
    while True:
        page = re.findall(r'<p class="bubble-text" dir="auto">(m\d+)</p>', text)
        seen = page + seen
        link = re.search(r'hx-get="(/inbox/\d+/earlier\?[^"]+)"', text)
        if not link:
            break
        text = marketer.text(link[1], htmx=True)
    assert seen == [f"m{n}" for n in range(100)]


def test_the_live_part_goes_on_from_where_the_page_began(marketer: Visitor) -> None:
    talk = person(text="m0", ago=200 * HOUR)
    for n in range(1, 60):
        wrote(f"m{n}", ago=(200 - n) * HOUR)
    page = marketer.text(f"/inbox/{talk}")
    live = re.search(r'hx-get="(/inbox/\d+/live\?[^"]+)"', page)
    assert live
    wrote("fresh", ago=timedelta(0))
    text = marketer.text(live[1] + "&mode=other", htmx=True)
    found = re.findall(r'<p class="bubble-text" dir="auto">(\w+)</p>', text)
    assert found == [f"m{n}" for n in range(20, 60)] + ["fresh"]
    assert 'hx-target="#composer"' in text
    # The window has opened: another composer stands there, and what it is next time stays.
    mode = re.search(r'name="mode"\s+value="([^"]+)"', text)
    assert mode
    same = marketer.text(f"{live[1]}&mode={mode[1]}&editing=1", htmx=True)
    assert 'hx-target="#composer"' not in same
    assert 'hx-target="#subscription"' not in same


def test_a_page_asks_for_each_thing_once(app: Flask, marketer: Visitor) -> None:
    talk = person()
    few = queries(app, marketer, talk)
    record()
    for n in range(30):
        wrote(f"m{n}")
        add_message(status=Status.SENT)
        person(f"Person {n}", f"+1650555{n:04d}")
    marketer.get(f"/inbox/{talk}")
    many = queries(app, marketer, talk)
    assert len(many) <= len(few) + 6, many
    assert len(many) <= 34, many


def queries(app: Flask, who: Visitor, talk: int) -> list[str]:
    with counted_queries(app) as statements:
        assert who.get(f"/inbox/{talk}").status_code == 200
    return statements


def test_a_conversation_that_is_not_there_is_not_found(marketer: Visitor) -> None:
    assert marketer.get("/inbox/99").status_code == 404
    assert reply(marketer, 99).status_code == 404
    talk = person()
    assert marketer.get(f"/inbox/{talk}?before=nonsense").status_code == 422
    assert marketer.get("/inbox?cursor=nonsense").status_code == 422


def test_a_channel_that_sends_nothing_says_why(marketer: Visitor) -> None:
    talk = wrote("Call me back", channel=Channel.VOICE)
    said = words(marketer.get(f"/inbox/{talk}"))
    assert "Voice cannot be answered here. Nobody answers on Voice in writing." in said
    assert reply(marketer, talk).status_code == 422
    assert not sent()


def test_without_a_script_a_reply_leads_back_to_the_conversation(marketer: Visitor) -> None:
    talk = person()
    fields = {"text": "Yes", "template": "", "next": f"/inbox/{talk}?tab=mine"}
    answer = marketer.post(f"/inbox/{talk}/reply", fields)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/inbox/{talk}?tab=mine"
    event = record().event_id
    page = marketer.text(f"/inbox/{talk}/reply?override={event}")
    assert "<!DOCTYPE html>" in page
    assert "data-composer" in page
    assert "data-earlier" not in page
    form = marketer.text(f"/inbox/{talk}/subscription")
    assert "<!DOCTYPE html>" in form
    assert 'type="radio"' in form
