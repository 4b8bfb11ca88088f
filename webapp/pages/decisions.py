"""Which rule and which consent event decided about messages, in sentences for a list of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from webapp.consent.answers import why
from webapp.consent.models import ConsentEvent, ConsentEventDetail
from webapp.consent.rules import Rule
from webapp.contacts.rules import State
from webapp.core.db import db
from webapp.delivery.sentences import saw_warning
from webapp.outbox.models import Message
from webapp.outbox.rules import Status
from webapp.pages.message_people import NOBODY, people_of
from webapp.pages.presentation import sentence, source_word
from webapp.pages.times import Times

NOT_LET_GO = (Status.SCHEDULED, Status.CANCELLED, Status.SKIPPED)
LONGEST_HOW = 30  # characters of what somebody wrote that still read within a sentence


class _Event(NamedTuple):
    event: ConsentEvent
    detail: ConsentEventDetail | None


def decisions_of(messages: Iterable[Message]) -> dict[int, Markup]:
    """Say of each message why it is where it is: what stopped it, or what let it go.

    By message id, empty where there is nothing to say; the consent event is a link to its
    evidence, and who sent past a warning or cancelled is named. A few queries for all of them.
    """
    messages = list(messages)
    gone = [message for message in messages if _rule(message) is not None]
    events = _events({message.event_id for message in gone if message.event_id})
    times, people = Times.of_reader(), people_of(messages)
    said = {each.id: sentence(each, *people.get(each.id, NOBODY)) for each in messages}
    for message in gone:
        receipt = _receipt(message, events.get(message.event_id or 0), times)
        said[message.id] = Markup(" ").join(part for part in (said[message.id], receipt) if part)
    return said


def _rule(message: Message) -> Rule | None:
    """Give the line of the table that let a message go and is yet to be told; else None."""
    if message.rule is None or message.status in NOT_LET_GO:
        return None
    rule = Rule(message.rule)
    # That somebody sent it past a warning is said of every message, with who and which event.
    return None if rule is Rule.SEEN_WARNING and saw_warning(message) else rule


def _events(ids: set[int]) -> dict[int, _Event]:
    if not ids:
        return {}
    found = db.session.execute(
        select(ConsentEvent, ConsentEventDetail)
        .outerjoin(ConsentEventDetail, ConsentEventDetail.event_id == ConsentEvent.id)
        .where(ConsentEvent.id.in_(ids))
    )
    return {event.id: _Event(event, detail) for event, detail in found}


def _receipt(message: Message, found: _Event | None, times: Times) -> Markup:
    """Say what let a message go: “Opted in (web form) on 3 May, event 812.”"""
    rule = _rule(message)
    assert rule is not None
    if found is None:
        return Markup.escape(why(rule, State.UNKNOWN))
    event = found.event
    link = Markup('<a href="{}">event {}</a>').format(
        url_for("evidence.event", event_id=event.id), event.id
    )
    if rule is Rule.FREE:
        day = times.day(event.effective_at)
        return Markup("Opted in ({}) on {}, {}.").format(_how(found), day, link)
    return Markup("{} ({})").format(why(rule, event.asked), link)


def _how(found: _Event) -> str:
    written = str(found.detail.evidence.get("how", "")).strip() if found.detail else ""
    if 0 < len(written) <= LONGEST_HOW:
        return written[0].lower() + written[1:]
    return {"By hand": "by hand", "API": "API"}.get(
        source_word(found.event.source), str(found.event.source)
    )
