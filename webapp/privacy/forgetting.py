"""Taking away what is found by a person's address keys and contact: rows, at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, false, or_, select, true, update

from webapp.consent.models import ConsentEvent, ConsentEventDetail, Review
from webapp.contacts.models import Activity
from webapp.contacts.numbering import delete_contact
from webapp.conversations.models import Conversation, InboundMessage
from webapp.core.db import db
from webapp.core.queue import after_commit
from webapp.events.service import publish
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.rules import Reason, Status, job_id

Condition = ColumnElement[bool]
EMPTY_MESSAGE: dict[str, Any] = {
    "contact_id": None,
    "address": "",
    "body": "",
    "variables": {},
    "detail": "",
    "provider_message_id": None,
}


@dataclass(frozen=True)
class Trail:
    """By what a person's rows are found: the contact, where there is one, and address keys.

    `until` leaves alone what came later: a person who writes in again is known again.
    """

    contact_id: int | None
    keys: tuple[bytes, ...]
    until: datetime | None = None

    def of(self, key: Any, contact_id: Any) -> Condition:
        """Give the condition that a row is this person's."""
        theirs = contact_id == self.contact_id if self.contact_id is not None else false()
        return or_(key.in_(self.keys), theirs)

    def before(self, moment: Any) -> Condition:
        """Give the condition that a row is not younger than `until`."""
        return moment <= self.until if self.until else true()


def addresses_of(trail: Trail) -> set[str]:
    """Give every address under which a person's rows stand; for knowing it where no key does."""
    found: set[str] = set()
    for model in (Message, Conversation, Review):
        where = trail.of(model.key, model.contact_id)
        found.update(db.session.scalars(select(model.address).where(where).distinct()))
    details = select(ConsentEventDetail.address).where(_details(trail)).distinct()
    found.update(db.session.scalars(details))
    return found - {""}


def cancel_waiting(trail: Trail) -> int:
    """Cancel what waits for a person, and after the commit its jobs; gives how many."""
    waits = trail.of(Message.key, Message.contact_id) & trail.before(Message.created_at)
    ended = outbox.end_waiting(waits, Status.CANCELLED, Reason.ERASED)
    if ended:
        after_commit("jobs.delivery.forget", [job_id(message_id) for message_id in ended])
    return len(ended)


def forget(trail: Trail) -> dict[str, int]:
    """Empty or delete a person's rows in the open transaction; gives how many, by what they are.

    The caller holds the locks of the keys. A message keeps its row, its end and its times: how
    many left, and what became of each, stays provable. Of an event goes the detail alone.
    """
    counts = {"cancelled": cancel_waiting(trail), "events": _delete_details(trail)}
    counts["messages"] = len(_empty_messages(trail))
    counts["replies"], counts["conversations"] = _delete_conversations(trail)
    counts["reviews"] = _empty_reviews(trail)
    if trail.contact_id is not None:
        counts["contacts"] = delete_contact(trail.contact_id)
    return counts


def being_sent(trail: Trail) -> bool:
    """Tell whether a provider's answer about one of their messages may still come."""
    sending = Message.key.in_(trail.keys) & (Message.status == Status.SENDING)
    found = select(Message.id).where(sending, trail.before(Message.created_at))
    return db.session.scalar(found.limit(1)) is not None


def _empty_messages(trail: Trail) -> list[int]:
    theirs = trail.of(Message.key, Message.contact_id) & trail.before(Message.created_at)
    filled = or_(Message.address != "", Message.contact_id.is_not(None))
    emptied = db.session.scalars(
        update(Message)
        .where(theirs, filled)
        .values(EMPTY_MESSAGE)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    if emptied:
        publish("messages.moved", message_ids=list(emptied))
    return list(emptied)


def _delete_conversations(trail: Trail) -> tuple[int, int]:
    """Delete their replies, then conversations that nothing is left in."""
    theirs = select(Conversation.id).where(trail.of(Conversation.key, Conversation.contact_id))
    inbound = InboundMessage.conversation_id.in_(theirs)
    replies = _count(
        delete(InboundMessage).where(inbound, trail.before(InboundMessage.occurred_at))
    )
    left = select(InboundMessage.id).where(InboundMessage.conversation_id == Conversation.id)
    empty = and_(trail.of(Conversation.key, Conversation.contact_id), ~left.exists())
    return replies, _count(delete(Conversation).where(empty))


def _empty_reviews(trail: Trail) -> int:
    theirs = trail.of(Review.key, Review.contact_id) & trail.before(Review.opened_at)
    values: dict[str, Any] = {"address": "", "said": "", "because": {}}
    values |= {"contact_id": None, "inbound_id": None}
    filled = or_(Review.address != "", Review.contact_id.is_not(None))
    return _count(update(Review).where(theirs, filled).values(values))


def _delete_details(trail: Trail) -> int:
    return _count(delete(ConsentEventDetail).where(_details(trail)))


def _details(trail: Trail) -> Condition:
    """Give the condition on details: of events of their keys, and of all on their timeline."""
    events = select(ConsentEvent.id).where(
        ConsentEvent.key.in_(trail.keys), trail.before(ConsentEvent.recorded_at)
    )
    told = ConsentEventDetail.event_id.in_(events_under_other_keys(trail))
    return or_(ConsentEventDetail.event_id.in_(events), told)


def events_under_other_keys(trail: Trail) -> list[int]:
    """Give the consent events on a contact's timeline whose key is not one of theirs."""
    if trail.contact_id is None:
        return []
    told = select(Activity.data["event_id"].as_integer()).where(
        Activity.contact_id == trail.contact_id, Activity.kind == "consent"
    )
    ids = [event_id for event_id in db.session.scalars(told) if event_id]
    others = ConsentEvent.id.in_(ids) & ConsentEvent.key.not_in(trail.keys)
    return list(db.session.scalars(select(ConsentEvent.id).where(others)))


def _count(statement: Any) -> int:
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], done).rowcount
