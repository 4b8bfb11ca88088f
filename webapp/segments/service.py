"""Saving segments, and using them: filters of the audience, and trees that were built."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause
from sqlalchemy.exc import IntegrityError

from webapp.accounts.rules import Actor
from webapp.audit.service import record as audit
from webapp.contacts.attributes import kind_of
from webapp.contacts.conditions import CONTACTS
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import Filters
from webapp.contacts.kept_params import Meaning, pairs_of
from webapp.contacts.narrowing import conditions
from webapp.contacts.segment_models import Segment
from webapp.contacts.segment_uses import in_words, with_segment
from webapp.contacts.tree import Group, as_json
from webapp.contacts.tree_conditions import whole_condition
from webapp.contacts.tree_filters import tree_of
from webapp.contacts.whole import whole_of, whole_segment
from webapp.core import clock
from webapp.core.db import db
from webapp.core.errors import Conflict, Invalid
from webapp.segments.queries import MOST, named, segment_of, segments
from webapp.segments.rules import clean_name, fold

ANYWHERE = ZoneInfo("UTC")  # whether filters can be read does not depend on the zone


def resolve(
    segment_id: int, zone: ZoneInfo = ANYWHERE, of: FromClause = CONTACTS
) -> ColumnElement[bool]:
    """Give what must hold of a contact to be in a segment now, whichever kind it is.

    It is a condition of SQL over `of`, which has the columns of the contacts: for whoever sends to
    a segment, or exports it. Days that it names are those of `zone`; “the last 30 days” end when
    this is called. Raises NotFound, and Invalid with a sentence where the segment names a tag, an
    attribute or another segment that is gone: without that part it would reach more people than it
    was made for.
    """
    segment_of(segment_id)
    known = definitions()
    return whole_condition(whole_segment(segment_id, known), zone, known, of)


def as_tree(meaning: Meaning) -> Group:
    """Give what a segment stands for as a tree, to be built on. Raises Invalid."""
    if isinstance(meaning, Group):
        return meaning
    return tree_of(meaning, {d.name: kind_of(d.kind) for d in definitions()})


def save(name: str, meaning: Meaning, actor: Actor) -> Segment:
    """Save filters or a tree under a name, in the open transaction. Raises Invalid, with the field."""
    name = _free(clean_name(name))
    params = _checked(meaning)
    if len(segments(MOST)) >= MOST:
        raise Invalid(f"There are {MOST} segments already. Delete one that nobody uses.")
    segment = Segment(name=name, folded=fold(name), params=params, made_by=actor.name)
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


def update(segment_id: int, meaning: Meaning, actor: Actor) -> Segment:
    """Let a segment stand for something else, in the open transaction. Raises NotFound or Invalid."""
    segment = segment_of(segment_id)
    params = _checked(meaning, inside=segment_id)
    before = segment.params
    segment.params, segment.updated_at = params, clock.now()
    db.session.flush()
    audit(actor, "segment.updated", segment_id=segment_id, before=before, filters=segment.params)
    return segment


def delete(segment_id: int, actor: Actor) -> str:
    """Delete a segment, in the open transaction; gives its name.

    Raises NotFound, and Conflict where another segment asks for it.
    """
    segment = segment_of(segment_id)
    users = with_segment(segment_id)
    if users:
        raise Conflict(f"“{segment.name}” is part of {in_words(users)}. Change that first.")
    name = segment.name
    audit(actor, "segment.deleted", segment_id=segment_id, name=name, filters=segment.params)
    db.session.delete(segment)
    db.session.flush()
    return name


def _checked(meaning: Meaning, inside: int = 0) -> Any:
    """Give what is kept of a meaning; refuse what would be everybody, or asks for what is gone."""
    if isinstance(meaning, Filters) and not meaning.segment:
        if not meaning.narrow:
            raise Invalid("Choose at least one filter: this would be everybody.")
        conditions(meaning, ANYWHERE, definitions())
        return pairs_of(meaning)
    tree = as_tree(meaning)
    whole_of(tree, definitions(), inside=inside)
    return as_json(tree)


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
