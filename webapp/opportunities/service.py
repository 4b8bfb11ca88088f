"""Adding, editing, moving and deleting opportunities. The caller commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.contacts.activities import note
from webapp.contacts.models import Contact
from webapp.core import clock
from webapp.core.db import db
from webapp.core.errors import Conflict, NotFound
from webapp.events.service import publish
from webapp.opportunities.models import Opportunity
from webapp.opportunities.queries import ACTIVITY, GONE
from webapp.opportunities.rules import Stage

STALE = (
    "Somebody else changed this opportunity meanwhile. Look at what stands now, then save again."
)
NO_CONTACT = "That contact is not there any more."


@dataclass(frozen=True)
class Draft:
    """What can be edited of an opportunity."""

    name: str
    stage: Stage
    amount: Decimal | None
    currency: str
    owner_id: int | None
    expected_on: date | None
    note: str


def add(contact_id: int, draft: Draft, actor: Actor) -> Opportunity:
    """Add an opportunity of a contact in the open transaction. Raises NotFound.

    Effects: the row, a line on the contact's timeline, the event of its first stage.
    """
    there = (
        select(Contact)
        .where(Contact.id == contact_id)
        .options(lazyload(Contact.tags))
        .with_for_update(read=True, key_share=True)  # who erases or merges them waits
    )
    if db.session.scalar(there) is None:
        raise NotFound(NO_CONTACT)
    opportunity = Opportunity(contact_id=contact_id, **vars(draft))
    db.session.add(opportunity)
    db.session.flush()
    _tell(opportunity, None, actor)
    return opportunity


def edit(opportunity_id: int, draft: Draft, actor: Actor, seen: datetime) -> Opportunity:
    """Save an opportunity in the open transaction.

    `seen` is the `updated_at` of what the editor looked at. Raises NotFound, or Conflict where
    somebody else saved since. A change of stage is told as `move` tells it.
    """
    opportunity = _locked(opportunity_id, seen)
    before = opportunity.stage
    for name, value in vars(draft).items():
        setattr(opportunity, name, value)
    _changed(opportunity, before, actor)
    return opportunity


def move(opportunity_id: int, stage: Stage, actor: Actor, seen: datetime) -> Opportunity:
    """Bring an opportunity to another stage in the open transaction; see `edit`.

    Effects: a line on the contact's timeline, the event `opportunity.stage_changed`.
    """
    opportunity = _locked(opportunity_id, seen)
    before = opportunity.stage
    opportunity.stage = stage
    _changed(opportunity, before, actor)
    return opportunity


def delete(opportunity_id: int, actor: Actor) -> str:
    """Delete an opportunity in the open transaction; gives its name. Raises NotFound.

    What the timeline and the audit log say of it stays.
    """
    opportunity = _locked(opportunity_id)
    name = opportunity.name
    _note(opportunity, opportunity.stage, None, actor)
    record(
        actor,
        "opportunity.deleted",
        opportunity_id=opportunity_id,
        contact_id=opportunity.contact_id,
        stage=opportunity.stage,
    )
    publish("opportunity.deleted", opportunity_id=opportunity_id)
    db.session.delete(opportunity)
    db.session.flush()
    return name


def _locked(opportunity_id: int, seen: datetime | None = None) -> Opportunity:
    found = db.session.scalar(
        select(Opportunity)
        .where(Opportunity.id == opportunity_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(GONE)
    if seen is not None and found.updated_at != seen:
        raise Conflict(STALE)
    return found


def _changed(opportunity: Opportunity, before: Stage, actor: Actor) -> None:
    """Note the time of a change, and what follows where the stage is another."""
    now = max(clock.now(), opportunity.updated_at + datetime.resolution)
    opportunity.updated_at = now
    if opportunity.stage is before:
        publish("opportunity.saved", opportunity_id=opportunity.id)
    else:
        opportunity.stage_at = now
        _tell(opportunity, before, actor)
    db.session.flush()


def _tell(opportunity: Opportunity, before: Stage | None, actor: Actor) -> None:
    _note(opportunity, before, opportunity.stage, actor)
    publish(
        "opportunity.stage_changed",
        opportunity_id=opportunity.id,
        contact_id=opportunity.contact_id,
        before=before,
        after=opportunity.stage,
    )


def _note(
    opportunity: Opportunity, before: Stage | None, after: Stage | None, actor: Actor
) -> None:
    note(
        opportunity.contact_id,
        ACTIVITY,
        actor,
        opportunity_id=opportunity.id,
        name=opportunity.name,
        before=before,
        after=after,
    )
