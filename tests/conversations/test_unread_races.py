"""Reading while customers write: what nobody was shown stays unread."""

from __future__ import annotations

import threading

from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from tests.people import NUMBER, add_user, phone
from tests.talks import conversation, wrote
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel
from webapp.conversations.assignment import assign, assignee_of
from webapp.conversations.models import InboundMessage
from webapp.conversations.service import Arrival, opened, receive
from webapp.conversations.unread import mark_seen
from webapp.core.db import db, transaction


def newest() -> int:
    found = db.session.scalars(select(InboundMessage.id).order_by(InboundMessage.id.desc())).first()
    db.session.rollback()
    assert found
    return found


def test_what_arrives_while_it_is_marked_read_stays_unread(app: Flask, context: AppContext) -> None:
    talk = wrote("First")
    shown = newest()
    begun = threading.Event()

    def read() -> None:
        begun.set()
        with app.app_context():
            transaction(lambda: mark_seen(talk, shown))

    reader = threading.Thread(target=read)
    # The arrival is under way, its conversation locked, when somebody marks it as read.
    receive(
        Arrival(
            Channel.WHATSAPP, key_of(phone()), NUMBER, None, "wamid.2", "text", "Second", "", None
        )
    )
    reader.start()
    begun.wait()
    db.session.commit()
    reader.join()
    assert conversation(talk).unread == 1


def test_two_who_assign_at_once_leave_one(app: Flask, context: AppContext) -> None:
    talk = wrote()
    users = [add_user(email=f"user{n}@heed.example").id for n in range(4)]
    db.session.rollback()  # what has read holds SQLite's lock
    ready = threading.Barrier(len(users))

    def take(user: int) -> None:
        ready.wait()
        with app.app_context():
            transaction(lambda: assign(talk, user))

    takers = [threading.Thread(target=take, args=(user,)) for user in users]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert assignee_of(talk) in users


def test_two_who_open_a_conversation_at_once_open_one(app: Flask, context: AppContext) -> None:
    found: list[int] = []
    ready = threading.Barrier(3)

    def write() -> None:
        ready.wait()
        with app.app_context():
            key = key_of(phone())
            found.append(transaction(lambda: opened(Channel.WHATSAPP, key, NUMBER, None)))

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(set(found)) == 1
    assert conversation(found[0]).unread == 0
