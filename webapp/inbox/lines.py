"""The rows of the inbox: whose a conversation is, what was said last, who answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select

from webapp.accounts.models import User
from webapp.accounts.rules import ActorKind
from webapp.consent.models import ConsentState
from webapp.contacts.conditions import CONTACTS
from webapp.contacts.rules import Channel, State
from webapp.conversations.models import InboundMessage
from webapp.core.db import db, run, table_of
from webapp.inbox.walking import A, C
from webapp.inbox.whose import has_it
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin, Status

EXCERPT = 200  # characters of a text that may have 65,536
M = table_of(Message)
IN = table_of(InboundMessage)
KEPT_FOR = CONTACTS.alias("kept_for")
# What consent or a person stopped was not said; what waits is said later.
UNSAID = (Status.SCHEDULED, Status.CANCELLED, Status.SKIPPED)


@dataclass(frozen=True)
class Last:
    """What was said last: by us with its origin and author, by the customer with its kind."""

    text: str
    at: datetime
    kind: str = ""
    origin: Origin | None = None
    author: int | None = None
    status: Status | None = None

    @property
    def ours(self) -> bool:
        """True where it went to the customer."""
        return self.origin is not None


@dataclass(frozen=True)
class Line:
    """One conversation of the list. `held`: a reply waits for a decision.

    `former` is what to call a contact whom it was kept for and who has left its address since.
    """

    id: int
    channel: Channel
    address: str
    name: str
    former: str
    last_at: datetime
    unread: int
    opted_out: bool
    held: bool
    assignee_id: int | None
    assignee: str
    last: Last | None


def lines_of(ids: Sequence[int]) -> list[Line]:
    """Read conversations with what was said last in each, in the order of `ids`; three queries."""
    if not ids:
        return []
    rows = {row.id: row for row in run(_LINES.where(C.c.id.in_(ids)))}
    heard = _heard([row.heard_id for row in rows.values() if row.heard_id])
    said = _said([row.said_id for row in rows.values() if row.said_id])
    return [
        _line(row, heard.get(row.heard_id), said.get(row.said_id))
        for row in (rows[one] for one in ids if one in rows)
    ]


def _copy(of: str) -> ColumnElement[Any]:
    """Give the contact's read copy of the conversation's channel."""
    return case(*((C.c.channel == channel, CONTACTS.c[f"{channel}_{of}"]) for channel in Channel))


_HEARD_ID = (
    select(func.max(IN.c.id)).where(IN.c.conversation_id == C.c.id).correlate(C).scalar_subquery()
)
_SAID_ID = (
    select(M.c.id)
    .where(
        M.c.key == C.c.key,
        M.c.channel == C.c.channel,
        or_(
            M.c.status.not_in(UNSAID),
            and_(M.c.status == Status.SCHEDULED, M.c.origin == Origin.MANUAL),
        ),
    )
    .order_by(M.c.id.desc())
    .limit(1)
    .correlate(C)
    .scalar_subquery()
)
_LINES = (
    select(
        C.c.id,
        C.c.channel,
        C.c.address,
        C.c.profile_name,
        C.c.last_at,
        C.c.unread,
        CONTACTS.c.name,
        case((KEPT_FOR.c.id.is_distinct_from(CONTACTS.c.id), KEPT_FOR.c.name)).label("former"),
        case((CONTACTS.c.id.is_(None), ConsentState.state), else_=_copy("state")).label("state"),
        case((CONTACTS.c.id.is_(None), ConsentState.held), else_=_copy("held")).label("held"),
        A.c.user_id,
        User.name.label("assignee"),
        _HEARD_ID.label("heard_id"),
        _SAID_ID.label("said_id"),
    )
    .select_from(C)
    .outerjoin(CONTACTS, has_it(C))
    .outerjoin(KEPT_FOR, KEPT_FOR.c.id == C.c.contact_id)
    .outerjoin(ConsentState, and_(ConsentState.channel == C.c.channel, ConsentState.key == C.c.key))
    .outerjoin(A, A.c.conversation_id == C.c.id)
    .outerjoin(User, User.id == A.c.user_id)
)


def _heard(ids: Sequence[int]) -> dict[int, Last]:
    columns = (IN.c.id, func.substr(IN.c.text, 1, EXCERPT), IN.c.occurred_at, IN.c.kind)
    found = db.session.execute(select(*columns).where(IN.c.id.in_(ids))) if ids else ()
    return {number: Last(text, at, kind) for number, text, at, kind in found}


def _said(ids: Sequence[int]) -> dict[int, Last]:
    columns = (
        M.c.id,
        func.substr(M.c.body, 1, EXCERPT),
        func.coalesce(M.c.sent_at, M.c.created_at, type_=M.c.created_at.type),
        literal(""),
        M.c.origin,
        case((M.c.actor_kind == ActorKind.USER, M.c.actor_id)),
        M.c.status,
    )
    found = db.session.execute(select(*columns).where(M.c.id.in_(ids))) if ids else ()
    return {row[0]: Last(*row[1:]) for row in found}


def _line(row: Any, heard: Last | None, said: Last | None) -> Line:
    both = [one for one in (heard, said) if one]
    assignee = row.assignee or ("A former user" if row.user_id else "")
    return Line(
        row.id,
        row.channel,
        row.address,
        row.name or row.profile_name or row.address,
        row.former or "",
        row.last_at,
        row.unread,
        row.state == State.OPTED_OUT,
        bool(row.held),
        row.user_id,
        assignee,
        max(both, key=lambda one: one.at) if both else None,
    )
