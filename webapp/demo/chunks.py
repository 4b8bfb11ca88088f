"""The rows of a few thousand people at once: ids in the order of time, references filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any

from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState, Review
from webapp.contacts.models import Activity, Contact, ContactTag
from webapp.contacts.rules import Channel
from webapp.conversations.models import Conversation, ConversationAssignment, InboundMessage
from webapp.demo import chats, timeline
from webapp.demo.ids import Ids
from webapp.demo.ledger import Ledger, Row
from webapp.demo.past import answers, confirmations, sendings, stopped
from webapp.demo.pen import Desk, Pen
from webapp.demo.planned import planned
from webapp.demo.stories import Life
from webapp.outbox.models import Message

Rows = dict[type[Any], list[Row]]

# Those of which this load gives out the ids.
NUMBERED = (Contact, ConsentEvent, Conversation, InboundMessage, Review, Message, Activity)
UNNUMBERED = (ContactTag, ConsentEventDetail, ConsentState, ConversationAssignment)


def rows_of(
    lives: Sequence[Life],
    strangers: Sequence[Ledger],
    desk: Desk,
    ids: Ids,
    tag_ids: Mapping[str, int],
) -> Rows:
    """Give all rows of these people and of strangers' opt-outs, by table.

    Tables come in an order in which they can be inserted.
    """
    ledgers = [*strangers, *chain.from_iterable(life.ledgers.values() for life in lives)]
    _number(lives, ledgers, ids)
    settled = list(chain.from_iterable(ledger.settle() for ledger in ledgers))
    for life in lives:
        for ledger in life.ledgers.values():
            life.person.copies |= ledger.copy()
    conversations = _conversations(lives, desk, ids)
    messages = _numbered(sorted(_messages(lives, desk), key=itemgetter("created_at")), Message, ids)
    return {
        Contact: [life.person.row() for life in lives],
        ContactTag: [
            {"tag_id": tag_ids[tag], "contact_id": life.person.id}
            for life in lives
            for tag in life.person.tags
        ],
        ConsentEvent: sorted((event for event, _ in settled), key=itemgetter("id")),
        ConsentEventDetail: sorted((row for _, row in settled), key=itemgetter("event_id")),
        ConsentState: [ledger.row() for ledger in ledgers],
        **conversations,
        Review: list(chain.from_iterable(chats.reviews(life, desk.cast) for life in lives)),
        Message: messages,
        Activity: _activities(lives, messages, desk, ids),
    }


def _number(lives: Sequence[Life], ledgers: Sequence[Ledger], ids: Ids) -> None:
    """Give events, inbound messages and reviews their ids, older ones first."""
    steps = chain.from_iterable(ledger.steps for ledger in ledgers)
    ids.number(ConsentEvent, sorted(steps, key=attrgetter("at")))
    said = chain.from_iterable(life.chat for life in lives)
    ids.number(InboundMessage, sorted(said, key=attrgetter("at")))
    held = chain.from_iterable(life.held for life in lives)
    ids.number(Review, sorted(held, key=attrgetter("said.at")))


def _conversations(lives: Sequence[Life], desk: Desk, ids: Ids) -> Rows:
    talkers = sorted((life for life in lives if life.chat), key=lambda life: life.chat[0].at)
    rows: Rows = {Conversation: [], ConversationAssignment: [], InboundMessage: []}
    for life in talkers:
        conversation_id = ids.next(Conversation)
        row = chats.conversation(life, conversation_id, desk.cast)
        rows[Conversation].append(row)
        if assigned := chats.assignment(row, desk.cast):
            rows[ConversationAssignment].append(assigned)
        rows[InboundMessage] += chats.inbound(life, conversation_id)
    rows[InboundMessage].sort(key=itemgetter("id"))
    return rows


def _messages(lives: Sequence[Life], desk: Desk) -> Iterator[Row]:
    for life in lives:
        if life.person.reached(Channel.WHATSAPP):
            pen = Pen(life, desk)
            yield from confirmations(pen)
            yield from answers(pen)
            yield from stopped(pen)
            yield from sendings(pen) if not life.held else ()
            yield from planned(pen)


def _activities(lives: Sequence[Life], messages: Sequence[Row], desk: Desk, ids: Ids) -> list[Row]:
    lines = chain.from_iterable(timeline.lines(life, desk.cast) for life in lives)
    both = [*lines, *timeline.message_lines(messages, desk.cast)]
    return _numbered(sorted(both, key=itemgetter("at")), Activity, ids)


def _numbered(rows: Sequence[Row], model: type[Any], ids: Ids) -> list[Row]:
    for row in rows:
        row["id"] = ids.next(model)
    return list(rows)
