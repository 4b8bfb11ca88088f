"""Who answers a conversation: the last who says so, who is told of whoever was before."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select

from webapp.accounts.models import User
from webapp.accounts.rules import ConsentLimits, Right, Role, may
from webapp.conversations.models import ConversationAssignment
from webapp.conversations.unread import locked
from webapp.core import clock
from webapp.core.db import db, table_of
from webapp.core.dialect import own_insert
from webapp.core.errors import Invalid
from webapp.events.service import publish

_TABLE = table_of(ConversationAssignment)


@dataclass(frozen=True)
class Assigned:
    """What an assignment came to: user ids, None is nobody."""

    before: int | None
    now: int | None

    @property
    def changed(self) -> bool:
        """False where it was so already."""
        return self.before != self.now


def assign(conversation_id: int, user_id: int | None) -> Assigned:
    """Give a conversation to a user, or to nobody, in the open transaction.

    Of two who say so at once the last wins. Raises NotFound, or Invalid for a user who could not
    answer.
    """
    if user_id is not None and user_id not in {user.id for user in who_answer()}:
        raise Invalid("That user cannot answer conversations.", field="user")
    locked(conversation_id)
    before = assignee_of(conversation_id)
    if before == user_id:
        return Assigned(before, user_id)
    if user_id is None:
        db.session.execute(delete(_TABLE).where(_TABLE.c.conversation_id == conversation_id))
    else:
        row = {"conversation_id": conversation_id, "user_id": user_id, "at": clock.now()}
        adding = own_insert(db.session())(_TABLE).values(row)
        db.session.execute(
            adding.on_conflict_do_update(
                index_elements=[_TABLE.c.conversation_id],
                set_={"user_id": user_id, "at": row["at"]},
            )
        )
    publish("conversation.assigned", conversation_id=conversation_id)
    return Assigned(before, user_id)


def assignee_of(conversation_id: int) -> int | None:
    """Give the user to whom a conversation is assigned; None where it is nobody's."""
    return db.session.scalar(
        select(_TABLE.c.user_id).where(_TABLE.c.conversation_id == conversation_id)
    )


def who_answer() -> list[User]:
    """Give the users who can answer a conversation, by name."""
    answering = [role for role in Role if may(role, Right.WORK, ConsentLimits())]
    found = select(User).where(User.disabled_at.is_(None), User.role.in_(answering))
    return list(db.session.scalars(found.order_by(User.name, User.id)))
