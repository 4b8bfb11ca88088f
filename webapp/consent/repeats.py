"""Is an opt-out the one before it over again? A second click, a form that was sent twice."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import bindparam, select

from webapp.accounts.rules import Actor, ActorKind
from webapp.consent.models import ConsentEvent
from webapp.consent.rules import CONTEST, Standing, may_be_taken_back
from webapp.contacts.rules import Source, State
from webapp.core.db import table_of
from webapp.core.prepared import Prepared


class Stands(Protocol):
    """What stands for a channel and key, and when its newest event took effect."""

    @property
    def state(self) -> State:
        """The consent."""

    @property
    def since(self) -> datetime | None:
        """Since when."""

    @property
    def source(self) -> Source | None:
        """How it came in."""

    @property
    def event_id(self) -> int | None:
        """The event behind it."""

    @property
    def head_at(self) -> datetime | None:
        """When the newest event took effect."""


def is_repeat(stands: Stands, actor: Actor, now: datetime) -> bool:
    """Tell whether an opt-out by `actor` would only say again what was said within the minute.

    After that it is a no of its own and recorded, since a consent that is shown later may lie
    between the two. So is a no beside one that somebody else may still take back: their undo, or
    the provider's resume, must not take this one along.
    """
    if stands.state is not State.OPTED_OUT or stands.head_at is None:
        return False
    if now - stands.head_at >= CONTEST:
        return False
    standing = Standing(stands.state, stands.since, stands.source, stands.event_id, stands.head_at)
    return not may_be_taken_back(standing, now) or _by(stands.event_id) == (actor.kind, actor.id)


_EVENTS = table_of(ConsentEvent).c
_BY = Prepared(
    select(_EVENTS.actor_kind, _EVENTS.actor_id).where(_EVENTS.id == bindparam("event_id"))
)


def _by(event_id: int | None) -> tuple[ActorKind, int | None] | None:
    found = _BY.first({"event_id": event_id})
    return (found[0], found[1]) if found else None
