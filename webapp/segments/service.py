"""Saving filters as segments, and using them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from webapp.accounts.rules import Actor
from webapp.audit.service import record as audit
from webapp.contacts.conditions import conditions
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import Filters
from webapp.core import clock
from webapp.core.db import db
from webapp.core.errors import Invalid
from webapp.segments.models import Segment
from webapp.segments.queries import MOST, named, segment_of, segments
from webapp.segments.rules import clean_name, filters_of, fold, missing, pairs_of

ANYWHERE = ZoneInfo("UTC")  # whether filters can be read does not depend on the zone


def resolve(segment_id: int) -> Filters:
    """Give the filters that a segment stands for now, for whoever acts on its people.

    Raises NotFound, and Invalid where it names an attribute that is gone: without that part it
    would reach more people than it was made for.
    """
    segment = segment_of(segment_id)
    filters = filters_of(segment.params)
    gone = missing(filters, {definition.name for definition in definitions()})
    if gone:
        raise Invalid(f"The segment “{segment.name}” asks for “{gone[0]}”, which is gone.")
    return filters


def save(name: str, filters: Filters, actor: Actor) -> Segment:
    """Save filters under a name, in the open transaction. Raises Invalid, with the field."""
    name = _free(clean_name(name))
    _check(filters)
    if len(segments(MOST)) >= MOST:
        raise Invalid(f"There are {MOST} segments already. Delete one that nobody uses.")
    segment = Segment(name=name, folded=fold(name), params=pairs_of(filters), made_by=actor.name)
    db.session.add(segment)
    _flush()
    audit(actor, "segment.saved", segment_id=segment.id, name=name, filters=segment.params)
    return segment


def rename(segment_id: int, name: str, actor: Actor) -> Segment:
    """Give a segment another name, in the open transaction. Raises NotFound or Invalid."""
    segment = segment_of(segment_id)
    before, name = segment.name, _free(clean_name(name), but=segment_id)
    segment.name, segment.folded, segment.updated_at = name, fold(name), clock.now()
    _flush()
    audit(actor, "segment.renamed", segment_id=segment_id, before=before, name=name)
    return segment


def update(segment_id: int, filters: Filters, actor: Actor) -> Segment:
    """Let a segment stand for other filters, in the open transaction. Raises NotFound or Invalid."""
    segment = segment_of(segment_id)
    _check(filters)
    before = segment.params
    segment.params, segment.updated_at = pairs_of(filters), clock.now()
    db.session.flush()
    audit(actor, "segment.updated", segment_id=segment_id, before=before, filters=segment.params)
    return segment


def delete(segment_id: int, actor: Actor) -> str:
    """Delete a segment, in the open transaction; gives its name. Raises NotFound."""
    segment = segment_of(segment_id)
    name = segment.name
    audit(actor, "segment.deleted", segment_id=segment_id, name=name, filters=segment.params)
    db.session.delete(segment)
    db.session.flush()
    return name


def _check(filters: Filters) -> None:
    """Refuse filters that would be everybody, or ask for what is not there."""
    if not filters.narrow:
        raise Invalid("Choose at least one filter: this would be everybody.")
    conditions(filters, ANYWHERE, definitions())


def _free(name: str, but: int | None = None) -> str:
    other = named(fold(name))
    if other is not None and other.id != but:
        raise Invalid(f"There is a segment called “{other.name}” already.", field="name")
    return name


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError:
        # Somebody else saved one of the same name a moment ago.
        raise Invalid("There is a segment of this name already.", field="name") from None
