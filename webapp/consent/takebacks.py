"""Taking back several of one's own acts at once, each judged by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from webapp.accounts.rules import Actor
from webapp.consent.locks import lock_keys
from webapp.consent.models import ConsentEvent
from webapp.consent.rows import Place
from webapp.consent.toggles import Toggled
from webapp.consent.undoing import take_back
from webapp.consent.wishes import Change
from webapp.contacts.owners import Owner, owner_of_key
from webapp.contacts.rules import Channel
from webapp.core.db import run
from webapp.core.errors import Conflict, NotFound


@dataclass(frozen=True)
class Kept:
    """An act that could not be taken back, and why."""

    owner: Owner | None
    channel: Channel
    why: str


@dataclass(frozen=True)
class TakenBack:
    """What was taken back, and what was not. After the commit `settle(changes, also=places)`."""

    done: list[Toggled] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """Every change made."""
        return [change for toggled in self.done for change in toggled.changes]

    @property
    def places(self) -> list[Place]:
        """The channels and keys that an answer of Opted Out speaks for."""
        return [place for toggled in self.done for place in toggled.places]


def take_back_all(event_ids: Iterable[int], actor: Actor) -> TakenBack:
    """Undo the actor's own acts of the last minute, in the open transaction, each as far as it goes.

    What cannot be undone stays, and is told with its reason; an event that is not there counts as
    none. Everything is locked at once, so that two who undo do not wait for each other in turn.
    """
    wanted = sorted(set(event_ids))
    query = select(ConsentEvent.id, ConsentEvent.channel, ConsentEvent.key)
    events = run(query.where(ConsentEvent.id.in_(wanted)).order_by(ConsentEvent.id)).all()
    owners = {key: owner_of_key(key) for _, _, key in events}
    lock_keys(
        other
        for key, owner in owners.items()
        for channel in Channel
        for other in (owner.keys(channel) if owner else [key])
    )
    found = TakenBack()
    for event_id, channel, key in events:
        try:
            found.done.append(take_back(event_id, actor))
        except (Conflict, NotFound) as error:
            found.kept.append(Kept(owners[key], channel, error.message))
    return found
