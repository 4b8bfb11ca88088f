"""The keyword lab: what other words would have made of the replies that came; nothing is saved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select, update

from tests.counting import counted_queries
from tests.people import add_contact, phone
from tests.visitor import Visitor, visitor, words
from webapp.accounts.rules import SYSTEM, Role
from webapp.audit.models import AuditEntry
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel
from webapp.conversations.models import Conversation, InboundMessage
from webapp.conversations.service import Arrival, receive
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.keywords import lab
from webapp.keywords.lab import Effect, effect_of, replay
from webapp.keywords.rules import Verdict, Words
from webapp.keywords.service import KeywordSettings, load, save

PATH = "/settings/keywords/lab"
SAVED = Words(("STOP", "KRUMPEL", "END"), ("START",), ("HELP",))
FORM = {
    "enabled": "1",
    "opt_out": "STOP\nENDE",
    "opt_in": "START",
    "help": "HELP",
    "confirmation": "You are out.",
    "opt_in_reply": "",
    "help_reply": "",
}


@pytest.fixture
def admin(app: Flask, context: AppContext) -> Visitor:
    wanted = KeywordSettings(opt_out=SAVED.opt_out)
    transaction(lambda: save(wanted, SYSTEM))
    return visitor(app, Role.ADMIN)


def said(text: str, number: str = "+16505551234", kind: str = "text") -> None:
    to = phone(number)
    item = f"wamid.{text}.{number}.{kind}"
    written = Arrival(Channel.WHATSAPP, key_of(to), to.value, None, item, kind, text, "", None)
    transaction(lambda: receive(written))


def test_who_would_no_longer_be_heard_comes_first(admin: Visitor) -> None:
    said("krumpel")
    said("ende", "+16505550002")
    said("hello", "+16505550003")
    answer = admin.post(PATH, FORM | {"do": "replay"})
    shown = words(answer)
    assert "Looked at 3 replies" in shown
    assert "No longer opted out: 1 person, 1 reply" in shown
    assert "Opted out now: 1 person, 1 reply" in shown
    assert shown.index("No longer opted out") < shown.index("Opted out now")
    assert "Opts out → Means nothing here" in shown
    assert "<mark>krumpel</mark>" in answer.get_data(as_text=True)


def test_looking_saves_nothing(admin: Visitor) -> None:
    before = load(), db.session.query(AuditEntry).count()
    said("krumpel")
    admin.post(PATH, FORM | {"do": "replay"})
    admin.post("/settings/keywords", FORM | {"do": "try"})
    assert (load(), db.session.query(AuditEntry).count()) == before


def test_the_settings_lead_there_and_back_with_the_unsaved_words(admin: Visitor) -> None:
    form = admin.get("/settings/keywords").get_data(as_text=True)
    assert "Try these words" in form
    tried = admin.post("/settings/keywords", FORM | {"do": "try"}, htmx=True)
    assert "Keyword lab" in words(tried)
    assert "ENDE" in tried.get_data(as_text=True)
    back = admin.post(PATH, FORM | {"do": "edit"}, htmx=True).get_data(as_text=True)
    assert "Opt-In/Opt-Out Settings" in back
    assert "STOP\nENDE" in back
    assert "You are out." in back


def test_a_sentence_says_what_it_means_and_why(admin: Visitor) -> None:
    answer = admin.post(PATH, FORM | {"do": "say", "say": "Please ENDE, thanks"})
    assert "Opts out : one of the words and politeness: “ENDE”" in words(answer)
    assert "Under the saved words: held for review" in words(answer) or (
        "Under the saved words: means nothing here" in words(answer)
    )
    assert "<mark>ENDE</mark>" in answer.get_data(as_text=True)


def test_others_try_a_sentence_and_no_words(app: Flask, admin: Visitor) -> None:
    viewer = visitor(app, Role.VIEWER)
    shown = words(viewer.get(f"{PATH}?say=take+me+off+your+list"))
    assert "Opts out : a clear request to stop" in shown
    assert "Admins can try other words" in shown
    assert viewer.post(PATH, FORM).status_code == 403


def test_a_person_who_wrote_twice_is_counted_once(admin: Visitor) -> None:
    ann = add_contact().id
    for n in range(3):
        said(f"krumpel{'!' * n}")
    db.session.execute(
        update(Conversation).values(contact_id=ann)  # as the webhook links them
    )
    db.session.commit()
    answer = admin.post(PATH, FORM | {"do": "replay"})
    assert "No longer opted out: 1 person, 3 replies" in words(answer)
    assert f'href="/contacts/{ann}"' in answer.get_data(as_text=True)


def test_old_replies_are_left_out(admin: Visitor) -> None:
    said("krumpel")
    old = clock.now() - timedelta(days=lab.DAYS + 1)
    db.session.execute(update(InboundMessage).values(received_at=old))
    db.session.commit()
    assert "There are no replies of the last 90 days" in words(admin.post(PATH, FORM))


def test_the_first_that_is_too_old_ends_it(
    app: Flask, admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab, "CHUNK", 3)
    for n in range(6):
        said(f"krumpel {n}", f"+1650555000{n}")
    ids = db.session.scalars(select(InboundMessage.id).order_by(InboundMessage.id)).all()
    old = clock.now() - timedelta(days=lab.DAYS + 1)
    older = update(InboundMessage).where(InboundMessage.id.in_(ids[:4]))
    db.session.execute(older.values(received_at=old))
    db.session.commit()
    with counted_queries(app) as statements:
        found = replay(SAVED, SAVED)
    assert (found.looked, found.next_id) == (2, None)
    reads = [one for one in statements if "FROM inbound_messages" in one]
    # No index knows when they came: a condition on it would read all of them.
    assert len(reads) == 1
    assert "received_at >" not in reads[0]


def test_what_does_not_fit_in_the_time_goes_on_from_its_place(
    admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab, "CHUNK", 2)
    for n in range(5):
        said(f"krumpel {n}", f"+1650555000{n}")
    first = replay(SAVED, Words(("STOP",), (), ()), seconds=0)
    assert (first.looked, first.next_id is None) == (2, False)
    second = replay(SAVED, Words(("STOP",), (), ()), before_id=first.next_id, seconds=60)
    assert (second.looked, second.next_id) == (3, None)
    assert replay(SAVED, SAVED, seen=lab.MOST_REPLIES - 1, seconds=60).looked == 1
    answer = admin.post(PATH, FORM | {"do": "older", "before": str(first.next_id), "seen": "2"})
    assert "Looked at 3 replies" in words(answer)


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        (Verdict.OPT_OUT, Verdict.NOTHING, Effect.NO_LONGER_OUT),
        (Verdict.OPT_OUT, Verdict.HOLD, Effect.NO_LONGER_OUT),
        (Verdict.HOLD, Verdict.NOTHING, Effect.NO_LONGER_HELD),
        (Verdict.HOLD, Verdict.OPT_OUT, Effect.OUT),
        (Verdict.NOTHING, Verdict.OPT_IN, Effect.IN),
        (Verdict.OPT_IN, Verdict.NOTHING, Effect.NO_LONGER_IN),
        (Verdict.NOTHING, Verdict.HELP, Effect.HELP),
        (Verdict.NOTHING, Verdict.HOLD, Effect.HELD),
        (Verdict.HELP, Verdict.HELP, None),
    ],
)
def test_every_change_of_a_verdict_has_a_name(
    before: Verdict, after: Verdict, effect: Effect | None
) -> None:
    assert effect_of(before, after) is effect
