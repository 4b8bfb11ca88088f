"""What of a conversation nobody has read yet: what was shown is read, what came since is not."""

from __future__ import annotations

from sqlalchemy import func, select

from webapp.conversations.models import Conversation, InboundMessage
from webapp.core.db import db
from webapp.core.errors import NotFound
from webapp.events.service import publish


def locked(conversation_id: int) -> Conversation:
    """Read a conversation and hold it until the transaction ends: arrivals wait. Raises NotFound.

    What has arrived is whole in the statements after this one.
    """
    found = db.session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("That conversation is not there. Its person may have been erased.")
    return found


def mark_seen(conversation_id: int, inbound_id: int) -> bool:
    """Mark what came up to an inbound message as read, in the open transaction. Raises NotFound.

    What came after it stays unread, since nobody was shown it; an older page never makes unread
    again what somebody else has read. Gives False where nothing changed.
    """
    conversation = locked(conversation_id)
    later = select(func.count()).where(
        InboundMessage.conversation_id == conversation_id, InboundMessage.id > inbound_id
    )
    left = db.session.scalars(later).one()
    if left >= conversation.unread:
        return False
    conversation.unread = left
    publish("conversation.seen", conversation_id=conversation_id)
    return True


def mark_unread(conversation_id: int) -> bool:
    """Mark a conversation as one that somebody should look at, in the open transaction.

    Gives False where it was unread. Raises NotFound.
    """
    conversation = locked(conversation_id)
    if conversation.unread:
        return False
    conversation.unread = 1
    publish("conversation.unread", conversation_id=conversation_id)
    return True
