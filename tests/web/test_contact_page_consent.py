"""Communication Preferences on a contact's page: the four toggles, the record, undo, holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.people import (
    NUMBER,
    add_contact,
    add_message,
    add_user,
    all_events,
    phone,
    record,
    state_of,
)
from tests.visitor import Visitor, switch, visitor, words
from webapp.accounts import settings
from webapp.accounts.rules import CUSTOMER, Actor, ActorKind, Role
from webapp.accounts.settings import LIMITS
from webapp.consent.holds import hold
from webapp.consent.models import ConsentEventDetail, Review
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import db, transaction

RECORD = {"how": "By phone", "where": "Call centre", "wording": "Yes, send me offers."}
OUT = {"state": "opted_out"}
ID = "US.1234567890"


@pytest.fixture
def ann(app: Flask) -> int:
    with app.app_context():
        return add_contact().id


def opt_out(who: Visitor, contact_id: int, channel: str = "whatsapp", **values: Any) -> Any:
    return who.post(f"/contacts/{contact_id}/consents/{channel}/opt-out", OUT, **values)


def opt_in(who: Visitor, contact_id: int, values: dict[str, str], **more: Any) -> Any:
    return who.post(f"/contacts/{contact_id}/consents/whatsapp/opt-in", values, **more)


def undo_path(answer: Any) -> str:
    text = answer.get_data(as_text=True)
    return str(text.split('action="/consent-events/')[1].split('"')[0])


def state(app: Flask, channel: Channel = Channel.WHATSAPP) -> State:
    with app.app_context():
        return state_of(channel=channel)


def test_the_four_channels_stand_in_their_order(app: Flask, ann: int) -> None:
    text = words(visitor(app, Role.VIEWER).get(f"/contacts/{ann}"))
    card = text[text.index("Communication Preferences") :]
    places = [card.index(channel.label) for channel in Channel]
    assert places == sorted(places)


def test_a_toggle_says_whose_it_is_and_what_stands(app: Flask, ann: int) -> None:
    with app.app_context():
        record(State.OPTED_IN)
    page = visitor(app, Role.MARKETER).get(f"/contacts/{ann}")
    assert 'aria-checked="true"' in switch(page, "WhatsApp consent of Ann Lee")
    assert "Opted In" in words(page)
    assert "No record" in words(page)


def test_a_channel_without_an_address_has_no_toggle(app: Flask, ann: int) -> None:
    page = visitor(app, Role.MARKETER).get(f"/contacts/{ann}")
    assert switch(page, "SMS consent of Ann Lee")
    assert not switch(page, "Email consent of Ann Lee")
    assert "No address" in words(page)


def test_opting_out_answers_in_place_and_says_what_it_cancelled(app: Flask, ann: int) -> None:
    with app.app_context():
        add_message(contact_id=ann)
    answer = opt_out(visitor(app, Role.MARKETER), ann, htmx=True)
    assert 'aria-checked="false"' in switch(answer, "WhatsApp consent of Ann Lee")
    assert "<html" not in answer.get_data(as_text=True)
    assert "1 waiting message was cancelled" in words(answer)
    assert state(app) is State.OPTED_OUT


def test_without_htmx_the_toggle_comes_back_to_the_page(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    answer = opt_out(marketer, ann)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/contacts/{ann}"
    page = marketer.get(f"/contacts/{ann}")
    assert "Ann Lee is Opted Out of WhatsApp." in words(page)
    assert "Undo" in words(page)


def test_a_second_click_changes_nothing(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    for _ in range(2):
        assert opt_out(marketer, ann, htmx=True).status_code == 200
    with app.app_context():
        assert len(all_events()) == 1


def test_undo_restores_what_stood_before(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    path = undo_path(opt_out(marketer, ann, htmx=True))
    answer = marketer.post(f"/consent-events/{path}", htmx=True)
    assert answer.status_code == 200
    assert "heed:change" in answer.headers["HX-Trigger"]
    assert state(app) is State.UNKNOWN


def test_somebody_else_cannot_undo_it(app: Flask, ann: int) -> None:
    path = undo_path(opt_out(visitor(app, Role.MARKETER), ann, htmx=True))
    answer = visitor(app, Role.ADMIN).post(f"/consent-events/{path}", htmx=True)
    assert answer.status_code == 409
    assert "Only your own change" in words(answer)
    assert state(app) is State.OPTED_OUT


def test_opting_in_asks_for_the_whole_record(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    form = marketer.get(f"/contacts/{ann}/consents/whatsapp/opt-in", htmx=True)
    assert "Record opt-in" in words(form)
    answer = opt_in(marketer, ann, {"how": "By phone", "where": " "}, htmx=True)
    assert answer.status_code == 422
    assert "Say where" in words(answer)
    assert "what the person agreed to" in words(answer)
    assert state(app) is State.UNKNOWN


def test_the_record_of_consent_is_kept_and_shown(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    answer = opt_in(marketer, ann, RECORD, htmx=True)
    assert "dialog:close" in answer.headers["HX-Trigger"]
    assert state(app) is State.OPTED_IN
    with app.app_context():
        evidence = db.session.query(ConsentEventDetail).one().evidence
    assert {name: evidence[name] for name in RECORD} == RECORD
    page = words(marketer.get(f"/contacts/{ann}"))
    assert "Yes, send me offers." in page
    assert "By hand · Marketer" in page


def test_consent_given_before_the_opt_out_does_not_lift_it(app: Flask, ann: int) -> None:
    with app.app_context():
        record(source=Source.KEYWORD, actor=CUSTOMER, said="stop")
    answer = opt_in(visitor(app, Role.MARKETER), ann, RECORD | {"when": "2026-01-05T10:00"})
    assert answer.status_code == 409
    assert "the opt-out stands" in words(answer)
    assert state(app) is State.OPTED_OUT


def test_consent_from_the_future_is_refused(app: Flask, ann: int) -> None:
    later = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = opt_in(visitor(app, Role.MARKETER), ann, RECORD | {"when": later})
    assert answer.status_code == 422
    assert "cannot be dated in the future" in words(answer)


def test_a_viewer_sees_toggles_that_say_why_they_do_nothing(app: Flask, ann: int) -> None:
    viewer = visitor(app, Role.VIEWER)
    page = viewer.get(f"/contacts/{ann}")
    tag = switch(page, "WhatsApp consent of Ann Lee")
    assert "disabled" in tag
    assert "title=" in tag
    assert 'aria-describedby="preferences-limits"' in tag
    assert words(page).count("A viewer can look, not change.") == 2  # here and in Messaging
    assert opt_out(viewer, ann).status_code == 403
    assert opt_in(viewer, ann, RECORD).status_code == 403
    assert state(app) is State.UNKNOWN


def test_the_history_shows_what_the_customer_wrote_as_text(app: Flask, ann: int) -> None:
    with app.app_context():
        change = record(source=Source.KEYWORD, actor=CUSTOMER, said="STOP <b>now</b>")
    page = visitor(app, Role.VIEWER).get(f"/contacts/{ann}").get_data(as_text=True)
    assert "STOP &lt;b&gt;now&lt;/b&gt;" in page
    assert f'id="event-{change.event_id}"' in page


def held(app: Flask) -> int:
    with app.app_context():
        said = "no more of these pls"
        kept = transaction(lambda: hold(Channel.WHATSAPP, phone(), said, {}, actor=CUSTOMER))
        return kept.id


def both_ways(app: Flask) -> int:
    with app.app_context():
        user_id = Address(AddressKind.WHATSAPP_ID, ID)
        return add_contact(whatsapp_id=ID, whatsapp_id_key=key_of(user_id)).id


def activity(page: Any) -> str:
    text = words(page)
    return text[text.index("Activity") :]


def test_one_act_on_both_addresses_is_one_line_that_names_them(app: Flask) -> None:
    ann = both_ways(app)
    who = visitor(app, Role.MARKETER)
    with app.app_context():
        add_message(contact_id=ann)
    opt_out(who, ann)
    opt_in(who, ann, RECORD)
    said = activity(who.get(f"/contacts/{ann}"))
    both = f"for {NUMBER} and {ID}"
    assert f"WhatsApp: Opted Out (by hand), {both}; 1 waiting cancelled" in said
    assert said.count("WhatsApp: Opted Out") == 1
    assert f"WhatsApp: Opted In (by hand), {both}" in said


def test_what_was_done_to_each_address_by_itself_stays_two_lines(app: Flask) -> None:
    ann = both_ways(app)
    with app.app_context():
        record(State.OPTED_IN, source=Source.KEYWORD, actor=CUSTOMER)
        user_id = Address(AddressKind.WHATSAPP_ID, ID)
        record(State.OPTED_IN, source=Source.KEYWORD, actor=CUSTOMER, address=user_id)
    said = activity(visitor(app, Role.MARKETER).get(f"/contacts/{ann}"))
    assert said.count("WhatsApp: Opted In (keyword)") == 2


@pytest.mark.parametrize(
    ("other", "later"),
    [(True, timedelta()), (False, timedelta(hours=1)), (True, timedelta(hours=1))],
)
def test_two_acts_of_which_the_same_was_noted_stay_two_lines(
    app: Flask, monkeypatch: pytest.MonkeyPatch, other: bool, later: timedelta
) -> None:
    ann = both_ways(app)
    with app.app_context():
        doers = [
            Actor(ActorKind.USER, add_user(Role.MARKETER, f"{n}@heed.example").id) for n in "ab"
        ]
        user_id = Address(AddressKind.WHATSAPP_ID, ID)
        note: Any = {"source": Source.MANUAL, "reason": "asked by phone"}
        record(State.OPTED_IN, actor=doers[0], **note)
        then = clock.now() + later
        monkeypatch.setattr(clock, "now", lambda: then)
        record(State.OPTED_IN, actor=doers[other], address=user_id, at=then - later, **note)
    said = activity(visitor(app, Role.MARKETER).get(f"/contacts/{ann}"))
    assert said.count("WhatsApp: Opted In (by hand)") == 2
    assert f"for {NUMBER} and {ID}" not in said


def test_the_history_of_two_addresses_says_which_each_event_was_about(app: Flask) -> None:
    ann = both_ways(app)
    who = visitor(app, Role.MARKETER)
    opt_out(who, ann)
    said = words(who.get(f"/contacts/{ann}"))
    assert f"By hand · Marketer · {NUMBER}" in said
    assert f"By hand · Marketer · {ID}" in said


def test_a_held_reply_is_shown_and_can_be_dismissed(app: Flask, ann: int) -> None:
    review = held(app)
    marketer = visitor(app, Role.MARKETER)
    page = marketer.get(f"/contacts/{ann}")
    assert "On hold" in words(page)
    assert "no more of these pls" in words(page)
    assert f'hx-post="/review/{review}/dismiss"' in page.get_data(as_text=True)
    marketer.post(f"/review/{review}/dismiss", htmx=True)
    assert "On hold" not in words(marketer.get(f"/contacts/{ann}"))
    assert state(app) is State.UNKNOWN


def test_a_held_reply_can_be_made_an_opt_out(app: Flask, ann: int) -> None:
    held(app)
    answer = opt_out(visitor(app, Role.MARKETER), ann, htmx=True)
    assert "On hold" not in words(answer)
    assert state(app) is State.OPTED_OUT


def test_where_only_admins_change_consent_a_marketer_reports(app: Flask, ann: int) -> None:
    with app.app_context():
        limits = {"only_admins_change_consent": True}
        transaction(lambda: settings.write(LIMITS, limits))
    marketer = visitor(app, Role.MARKETER)
    page = marketer.get(f"/contacts/{ann}")
    assert "disabled" in switch(page, "WhatsApp consent of Ann Lee")
    assert "Report opt-out" in words(page)
    assert opt_out(marketer, ann).status_code == 403
    marketer.post(f"/contacts/{ann}/consents/whatsapp/report", htmx=True)
    said = words(marketer.get(f"/contacts/{ann}"))
    assert "On hold" in said
    assert "Dismiss Ann Lee Only admins change consent here. You can report an opt-out." in said
    assert "Waits Waits Waits Somebody reported an opt-out, which waits for a decision." in said
    assert state(app) is State.UNKNOWN


def limited(app: Flask, **limits: bool) -> None:
    with app.app_context():
        transaction(lambda: settings.write(LIMITS, limits))


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("only_admins_change_consent", "Only admins change consent here."),
        ("only_admins_resubscribe", "Only admins resubscribe here. You can opt people out."),
    ],
)
def test_the_card_says_once_who_may_change_it(app: Flask, ann: int, limit: str, told: str) -> None:
    limited(app, **{limit: True})
    text = words(visitor(app, Role.MARKETER).get(f"/contacts/{ann}"))
    card = text[text.index("Communication Preferences") : text.index("Messaging")]
    assert card.count(told) == 1
    viewer = visitor(app, Role.VIEWER)
    page = viewer.get(f"/contacts/{ann}")
    assert told not in words(page)
    assert "A viewer can look, not change." in switch(page, "WhatsApp consent of Ann Lee")
    assert "A viewer can look, not change." in words(opt_out(viewer, ann))
    assert "Only admins" not in words(visitor(app, Role.ADMIN).get(f"/contacts/{ann}"))


def test_a_report_asks_what_they_said_and_keeps_it(app: Flask, ann: int) -> None:
    limited(app, only_admins_change_consent=True)
    marketer, path = visitor(app, Role.MARKETER), f"/contacts/{ann}/consents/whatsapp/report"
    dialog = marketer.get(path, htmx=True)
    assert "What did they say?" in words(dialog)
    assert "<html" in marketer.get(path).get_data(as_text=True)
    assert "On hold" not in words(marketer.get(f"/contacts/{ann}"))
    said = "Leave me «alone» <b>now</b>"
    answer = marketer.post(path, {"said": f" {said}\x00 "}, htmx=True)
    assert answer.headers["HX-Trigger"] == "dialog:close, heed:change"
    assert "Reported" in words(answer)
    assert said in words(marketer.get(f"/contacts/{ann}"))
    lines = activity(marketer.get(f"/contacts/{ann}"))
    assert f"WhatsApp: opt-out reported, on hold just now by Marketer {said}" in lines
    again = marketer.post(path, {"said": "Again"}, htmx=True)
    assert "Not reported again" in words(again)
    with app.app_context():
        assert [review.said for review in db.session.query(Review)] == [said]


def test_a_report_without_words_says_who_reported(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    assert marketer.post(f"/contacts/{ann}/consents/sms/report").status_code == 303
    with app.app_context():
        said = "Marketer reports that the person asked to stop."
        assert db.session.query(Review).one().said == said


def test_too_long_a_report_is_refused_in_its_dialog(app: Flask, ann: int) -> None:
    path = f"/contacts/{ann}/consents/whatsapp/report"
    answer = visitor(app, Role.MARKETER).post(path, {"said": "x" * 2001}, htmx=True)
    assert answer.status_code == 422
    assert 'id="dialog-title"' in answer.text
    assert "Write 2000 characters at most." in words(answer)
    with app.app_context():
        assert not db.session.query(Review).count()


def test_only_who_may_report_is_asked(app: Flask, ann: int) -> None:
    path = f"/contacts/{ann}/consents/whatsapp/report"
    assert visitor(app, Role.VIEWER).get(path).status_code == 403
    marketer = visitor(app, Role.MARKETER)
    assert marketer.get(f"/contacts/{ann}/consents/fax/report").status_code == 404
    assert marketer.get("/contacts/99999/consents/sms/report").status_code == 404


def test_where_all_channels_are_in_there_is_nothing_to_resubscribe(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    assert f'href="/contacts/{ann}/resubscribe"' in marketer.get(f"/contacts/{ann}").text
    with app.app_context():
        for channel in set(Channel) - {Channel.EMAIL}:
            record(State.OPTED_IN, channel=channel)
    page = marketer.get(f"/contacts/{ann}")
    assert f'href="/contacts/{ann}/resubscribe"' not in page.text
    assert "Resubscribe… Opted In on every channel already." in words(page)


def test_one_start_for_both_addresses_is_one_line(app: Flask) -> None:
    ann = both_ways(app)
    user_id = Address(AddressKind.WHATSAPP_ID, ID)
    with app.app_context():
        at = clock.now() - timedelta(minutes=5)
        for address in (phone(), user_id):
            note: Any = {"source": Source.KEYWORD, "actor": CUSTOMER, "said": "START"}
            record(State.OPTED_IN, address=address, at=at, **note)
    said = activity(visitor(app, Role.MARKETER).get(f"/contacts/{ann}"))
    assert f"WhatsApp: Opted In (keyword), for {NUMBER} and {ID}" in said
    assert said.count("WhatsApp: Opted In (keyword)") == 1


def test_two_starts_of_two_messages_stay_two_lines(app: Flask) -> None:
    ann = both_ways(app)
    user_id = Address(AddressKind.WHATSAPP_ID, ID)
    with app.app_context():
        at = clock.now() - timedelta(minutes=5)
        for address, more in ((phone(), 0), (user_id, 1)):
            note: Any = {"source": Source.KEYWORD, "actor": CUSTOMER, "said": "START"}
            then = at + timedelta(seconds=more)
            record(State.OPTED_IN, address=address, at=then, **note)
    said = activity(visitor(app, Role.MARKETER).get(f"/contacts/{ann}"))
    assert said.count("WhatsApp: Opted In (keyword)") == 2


def test_what_is_not_there_is_said_so(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    assert marketer.get("/contacts/99999").status_code == 404
    assert opt_out(marketer, ann, "fax").status_code == 404
    assert opt_out(marketer, 99999).status_code == 404


def test_an_open_page_fetches_only_what_changes(app: Flask, ann: int) -> None:
    with app.app_context():
        record()
        add_user(Role.VIEWER, "other@heed.example")
    answer = visitor(app, Role.VIEWER).get(f"/contacts/{ann}/live", htmx=True)
    text = answer.get_data(as_text=True)
    for part in ("#who", "#preferences", "#messages", "#timeline", "#send-mark"):
        assert f'hx-target="{part}"' in text
    assert "Opted Out" in words(answer)
