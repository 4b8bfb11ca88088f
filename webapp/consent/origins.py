"""How an opt-out came about: who did it, what they said, what was noted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from webapp.accounts.queries import names_of
from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.consent.rows import Place
from webapp.core.db import run


@dataclass(frozen=True)
class Origin:
    """Who recorded a state, in words; what the person said; why, as it was noted."""

    who: str
    said: str
    reason: str


def origins_of(places: Iterable[Place]) -> dict[Place, Origin]:
    """Tell how the states of some channels and keys came about, in three queries at most."""
    wanted = set(places)
    if not wanted:
        return {}
    state, event, detail = ConsentState, ConsentEvent, ConsentEventDetail
    found = run(
        select(
            state.channel,
            state.key,
            event.actor_kind,
            event.actor_id,
            detail.said,
            detail.evidence,
        )
        .join(event, event.id == state.event_id)
        .outerjoin(detail, detail.event_id == event.id)
        .where(
            state.channel.in_({channel for channel, _ in wanted}),
            state.key.in_({key for _, key in wanted}),
        )
    ).all()
    names = names_of((row.actor_kind, row.actor_id) for row in found)
    return {
        (row.channel, row.key): Origin(
            names[row.actor_kind, row.actor_id],
            row.said or "",
            str((row.evidence or {}).get("reason", "")),
        )
        for row in found
    }
