"""A held reply with whomever it is about, locked; and how it stands decided."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.accounts.queries import Who
from webapp.accounts.rules import Actor
from webapp.consent import holds
from webapp.consent.copies import refresh_copy
from webapp.consent.locks import lock_keys
from webapp.consent.models import Review
from webapp.consent.review_keys import Left, is_open_about, left_keys
from webapp.consent.rows import Place
from webapp.consent.wishes import Change
from webapp.contacts.activities import note
from webapp.contacts.models import Contact
from webapp.contacts.owners import Owner, owner_of_id, owner_of_key
from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.core.dialect import writes_alone
from webapp.core.errors import NotFound
from webapp.events.service import publish


class Decision(enum.StrEnum):
    """What a held reply meant; `opted_in` where the person's own START answered it."""

    OPTED_OUT = "opted_out"
    DISMISSED = "dismissed"
    OPTED_IN = "opted_in"


@dataclass(frozen=True)
class Decided:
    """What deciding a review came to. After the commit `settle(changes, also=places)`.

    `name` is what to call whoever replied; `decision`, `at` and `by` say how it stands decided
    (None: it waits). `again` where it stood so before and nothing was done. `waits` where another
    reply of the person keeps marketing on the channel waiting.
    """

    review_id: int
    name: str
    place: Place
    decision: Decision | None
    at: datetime | None = None
    by: Who = (None, None)
    again: bool = False
    changes: list[Change] = field(default_factory=list)
    waits: bool = False

    @property
    def channel(self) -> Channel:
        """The channel that it is about."""
        return self.place[0]

    @property
    def superseded(self) -> bool:
        """True where the person opted in after the reply came, so that the opt-in stands."""
        return any(change.superseded for change in self.changes)

    @property
    def cancelled(self) -> int:
        """How many waiting messages it cancelled."""
        return len({message for change in self.changes for message in change.all_cancelled})

    @property
    def places(self) -> list[Place]:
        """The channel and key that an answer of Opted Out speaks for, also when given again."""
        is_out = self.decision is Decision.OPTED_OUT and not self.superseded
        return [self.place] if is_out else []


@dataclass(frozen=True)
class Scene:
    """A review, locked with all the keys of whoever it may be about: the address's, the contact's.

    `left` are keys that some of these contacts replied from once and that nobody has now.
    """

    review: Review
    owners: list[Owner]
    keys: list[bytes]
    left: Left

    @property
    def name(self) -> str:
        """What to call whoever replied."""
        return self.owners[0].display_name if self.owners else self.review.address

    @property
    def contact_ids(self) -> list[int]:
        """The contacts that it may be about."""
        return [owner.id for owner in self.owners]

    def decided(self, **values: Any) -> Decided:
        """Give how the review stands now, with what was done to it."""
        review = self.review
        db.session.refresh(review)
        return Decided(
            review.id,
            self.name,
            (review.channel, review.key),
            Decision(review.decision) if review.decision else None,
            review.decided_at,
            (review.actor_kind, review.actor_id),
            **values,
        )

    def waits(self) -> bool:
        """Let marketing go on at each key that no open reply is about.

        Tells whether one of whoever this was about still waits. Where it was about two contacts,
        as after a number went from one to the other, each goes by the replies that are theirs.
        """
        channel, owners, left = self.review.channel, self.owners, self.left
        every = [*self.keys, *left]
        waiting = {key for key in every if is_open_about(channel, key, owners, left)}
        holds.release(channel, (key for key in every if key not in waiting))
        self.refresh()
        return not waiting.isdisjoint(self.keys)

    def refresh(self) -> None:
        """Write what lists show of them."""
        for contact_id in self.contact_ids:
            contact = db.session.get(Contact, contact_id, populate_existing=True)
            if contact is not None:
                refresh_copy(contact, self.review.channel)

    def tell(self, name: str, kind: str = "", actor: Actor | None = None, **data: Any) -> None:
        """Publish the event `name`, and write a line of the timeline where `kind` names one."""
        contact_id = next(iter(self.contact_ids), None)
        if kind and actor and contact_id is not None:
            about = {"channel": self.review.channel, "review_id": self.review.id}
            note(contact_id, kind, actor, **about, **data)
        publish(name, review_id=self.review.id, contact_id=contact_id)


def came_at(review: Review) -> datetime:
    """Give when a reply was written, as far as it is known; else when it was held."""
    moment: datetime = db.session.scalars(select(holds.CAME_AT).where(Review.id == review.id)).one()
    return moment


def locked_scene(review_id: int) -> Scene:
    """Read a review and whom it may be about, all their keys on the channel locked.

    While it waited for the locks the person's addresses may have become others, so they are read
    again until all that is seen was locked before it was looked at.
    """
    held: set[bytes] = set()
    while True:
        scene = _scene(review_id)
        wanted = {*scene.keys, *scene.left}
        if held >= wanted or writes_alone(db.session()):
            return scene
        lock_keys(wanted)
        held |= wanted


def _scene(review_id: int) -> Scene:
    review = db.session.get(Review, review_id, populate_existing=True)
    if review is None:
        raise NotFound("That reply is not there.")
    by_id = owner_of_id(review.contact_id) if review.contact_id else None
    met = [owner for owner in (by_id, owner_of_key(review.key)) if owner is not None]
    owners = list({owner.id: owner for owner in met}.values())
    keys = [review.key, *(key for owner in owners for key in owner.keys(review.channel))]
    return Scene(review, owners, list(dict.fromkeys(keys)), left_keys(review.channel, owners, keys))
