"""The activity of a contact: what they wrote, what was sent, notes, and who may remove them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.people import add_contact, add_message, phone, record
from tests.visitor import Visitor, visitor, words
from webapp.accounts.rules import Role
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Activity
from webapp.contacts.notes import LONGEST
from webapp.contacts.rules import Channel
from webapp.conversations.models import Conversation, InboundMessage
from webapp.core import clock
from webapp.core.db import db
from webapp.pages.timeline import FEW


@pytest.fixture
def ann(app: Flask) -> int:
    with app.app_context():
        return add_contact().id


def wrote(contact_id: int, text: str, kind: str = "text") -> None:
    """Let a contact have written; in an app context."""
    talk = Conversation(
        channel=Channel.WHATSAPP,
        key=key_of(phone()),
        address=phone().value,
        contact_id=contact_id,
    )
    db.session.add(talk)
    db.session.flush()
    at = clock.now()
    db.session.add(
        InboundMessage(
            conversation_id=talk.id,
            provider_message_id=f"wamid.{at.isoformat()}",
            kind=kind,
            text=text,
            occurred_at=at,
            received_at=at,
        )
    )
    db.session.commit()


def add_note(who: Visitor, contact_id: int, text: str, *, htmx: bool = True) -> str:
    answer = who.post(f"/contacts/{contact_id}/notes", {"note": text}, htmx=htmx)
    assert answer.status_code in (200, 303)
    return words(answer)


def kept_notes(app: Flask) -> list[Activity]:
    with app.app_context():
        return list(db.session.scalars(select(Activity).where(Activity.kind == "note")))


def test_a_reply_its_opt_out_and_a_message_stand_in_their_order(app: Flask, ann: int) -> None:
    with app.app_context():
        add_message(contact_id=ann)
        wrote(ann, "STOP")
        record()
    page = words(visitor(app, Role.VIEWER).get(f"/contacts/{ann}"))
    activity = page[page.index("Activity") :]
    opt_out, reply, message = (
        activity.index(said)
        for said in (
            "WhatsApp: Opted Out",
            "Wrote on WhatsApp",
            "WhatsApp message cancelled: opted out",
        )
    )
    assert opt_out < reply < message


def test_what_has_no_words_says_what_came(app: Flask, ann: int) -> None:
    with app.app_context():
        wrote(ann, "", kind="image")
    assert "Sent on WhatsApp: image" in words(visitor(app, Role.VIEWER).get(f"/contacts/{ann}"))


def test_a_note_is_kept_as_it_was_written(app: Flask, ann: int) -> None:
    marketer = visitor(app, Role.MARKETER)
    text = "Called «O'Brien <script>alert(1)</script>».\r\nBack on Monday."
    assert "Back on Monday." in add_note(marketer, ann, text)
    page = marketer.get(f"/contacts/{ann}").get_data(as_text=True)
    assert "<script>alert(1)" not in page
    assert "Called «O'Brien <script>alert(1)</script>».\nBack on Monday." in marketer.text(
        f"/contacts/{ann}"
    )


@pytest.mark.parametrize("text", ["", " \n", "x" * (LONGEST + 1)])
def test_a_note_that_cannot_be_is_given_back_with_the_reason(
    app: Flask, ann: int, text: str
) -> None:
    answer = visitor(app, Role.MARKETER).post(f"/contacts/{ann}/notes", {"note": text}, htmx=True)
    assert answer.status_code == 422
    assert text.strip() in answer.get_data(as_text=True)
    assert not kept_notes(app)


def test_without_javascript_a_note_leads_back_to_the_page(app: Flask, ann: int) -> None:
    answer = visitor(app, Role.MARKETER).post(f"/contacts/{ann}/notes", {"note": "Hi"})
    assert answer.headers["Location"] == f"/contacts/{ann}#activity"


def test_a_viewer_reads_notes_and_writes_none(app: Flask, ann: int) -> None:
    add_note(visitor(app, Role.MARKETER), ann, "Prefers mornings.")
    viewer = visitor(app, Role.VIEWER)
    page = viewer.get(f"/contacts/{ann}")
    assert "Prefers mornings." in words(page)
    assert "Add note" not in words(page)
    assert viewer.post(f"/contacts/{ann}/notes", {"note": "x"}).status_code == 403


def test_a_note_is_removed_by_who_wrote_it_or_an_admin(app: Flask, ann: int) -> None:
    author = visitor(app, Role.MARKETER)
    other = visitor(app, Role.MARKETER, "other@heed.example")
    for text in ("One.", "Two."):
        add_note(author, ann, text)
    one, two = (f"/contacts/{ann}/notes/{note.id}/remove" for note in kept_notes(app))
    assert "Remove note" not in words(other.get(f"/contacts/{ann}"))
    assert other.post(one).status_code == 403
    assert author.post(one).status_code == 303
    assert author.post(one).status_code == 404
    assert visitor(app, Role.ADMIN).post(two).status_code == 303
    assert not kept_notes(app)


def test_only_a_note_of_this_contact_can_be_removed(app: Flask, ann: int) -> None:
    with app.app_context():
        bea = add_contact("+15550009999", "Bea").id
        created = db.session.scalars(select(Activity.id).where(Activity.kind != "note")).first()
    admin = visitor(app, Role.ADMIN)
    add_note(admin, ann, "Of Ann.")
    note = kept_notes(app)[0].id
    assert admin.post(f"/contacts/{bea}/notes/{note}/remove").status_code == 404
    assert (
        created is None or admin.post(f"/contacts/{ann}/notes/{created}/remove").status_code == 404
    )
    assert len(kept_notes(app)) == 1


def test_earlier_lines_are_shown_when_asked_for_and_stay(app: Flask, ann: int) -> None:
    with app.app_context():
        start = clock.now() - timedelta(hours=1)
        for nth in range(FEW + 5):
            db.session.add(
                Activity(
                    contact_id=ann,
                    kind="note",
                    at=start + timedelta(seconds=nth),
                    actor_kind="system",
                    data={"text": f"Note number {nth}."},
                )
            )
        db.session.commit()
    viewer = visitor(app, Role.VIEWER)
    page = viewer.get(f"/contacts/{ann}")
    assert "Note number 3." not in words(page)
    earlier = re.search(r'href="([^"]+moments=\d+)"', page.get_data(as_text=True))
    assert earlier
    fragment = viewer.get(earlier[1], htmx=True)
    assert "Note number 3." in words(fragment)
    many = re.search(r'name="moments"\s+value="(\d+)"', fragment.get_data(as_text=True))
    assert many
    live = viewer.get(f"/contacts/{ann}/live?moments={many[1]}", htmx=True)
    assert "Note number 3." in words(live)


@pytest.mark.parametrize("moments", ["", "-1", "abc", "٣", "9" * 30, "9" * 5000])
def test_an_odd_number_of_lines_is_no_error(app: Flask, ann: int, moments: str) -> None:
    answer = visitor(app, Role.VIEWER).get(f"/contacts/{ann}?moments={moments}")
    assert answer.status_code == 200
