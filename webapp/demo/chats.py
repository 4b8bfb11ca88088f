"""The rows of conversations, and of the replies that wait for review or did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from webapp.contacts.rules import Channel
from webapp.demo.fates import wamid
from webapp.demo.ledger import Row
from webapp.demo.stories import Cast, Life

# What is older was read by somebody.
READ_AFTER = timedelta(days=2)
ON_THE_WAY = timedelta(seconds=1)


def conversation(life: Life, conversation_id: int, cast: Cast) -> Row:
    """Give the row of a person's WhatsApp conversation; they have written something."""
    reached = life.person.reached(Channel.WHATSAPP)
    assert reached is not None
    address, key = reached
    newest = max(said.at for said in life.chat)
    answered = max((answer.at for answer in life.answers), default=newest - READ_AFTER)
    seen = max(answered, cast.now - READ_AFTER)
    return {
        "id": conversation_id,
        "channel": Channel.WHATSAPP,
        "key": key,
        "address": address.value,
        "contact_id": life.person.id,
        "profile_name": life.person.called or "~",
        "last_inbound_at": newest,
        "last_at": max(newest + ON_THE_WAY, answered),
        "unread": sum(said.at > seen for said in life.chat),
    }


def assignment(row: Row, cast: Cast) -> Row | None:
    """Give who answers a conversation: every fifth is the marketer's, every eleventh the admin's."""
    who = cast.marketer if row["id"] % 5 == 2 else cast.admin if row["id"] % 11 == 3 else None
    if who is None:
        return None
    return {"conversation_id": row["id"], "user_id": who.id, "at": row["last_inbound_at"]}


def inbound(life: Life, conversation_id: int) -> Iterator[Row]:
    """Give the rows of what a person wrote."""
    for said in life.chat:
        yield {
            "id": said.id,
            "conversation_id": conversation_id,
            "provider_message_id": wamid(life.person.rng),
            "kind": said.kind,
            "text": said.text,
            "payload": said.text if said.kind == "button" else "",
            "occurred_at": said.at,
            "received_at": said.at + ON_THE_WAY,
            "verdict": said.found.verdict,
            "matched": said.matched,
        }


def reviews(life: Life, cast: Cast) -> Iterator[Row]:
    """Give the rows of a person's replies that read like a request to stop."""
    reached = life.person.reached(Channel.WHATSAPP)
    for held in life.held:
        assert reached is not None
        decided = held.decision is not None
        yield {
            "id": held.id,
            "channel": Channel.WHATSAPP,
            "key": reached[1],
            "address": reached[0].value,
            "contact_id": life.person.id,
            "inbound_id": held.said.id,
            "said": held.said.text,
            "because": held.said.matched,
            "opened_at": held.said.at + ON_THE_WAY,
            "decided_at": held.decided_at,
            "decision": held.decision,
            "actor_kind": cast.marketer.kind if decided else None,
            "actor_id": cast.marketer.id if decided else None,
        }


def phone(life: Life) -> Row | None:
    """Give what the sandbox should know of somebody who wrote: number, name, when."""
    reached = life.person.reached(Channel.WHATSAPP)
    if reached is None or not reached[0].value.startswith("+") or not life.chat:
        return None
    heard = max(said.at for said in life.chat)
    name = life.person.name or "~"
    return {"number": reached[0].value, "name": name, "last_inbound_at": heard}
