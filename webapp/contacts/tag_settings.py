"""The account's tags: renamed, merged and deleted; what many contacts carry is changed by a task."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.contacts.counting import AT_MOST, Count, capped
from webapp.contacts.models import ContactTag, Tag
from webapp.contacts.segment_uses import rename_tag
from webapp.contacts.tag_changes import (
    DELETE,
    MERGE,
    ensure_unasked,
    first_of,
    forget,
    hold,
    merged,
    tag_of,
)
from webapp.contacts.tagging import move_tag, read_tag, remove_tag
from webapp.contacts.tags import fold_tag
from webapp.core.db import db
from webapp.core.errors import Invalid
from webapp.core.paging import PAGE_SIZE, Page, cut, decode
from webapp.core.words import counted
from webapp.events.service import publish
from webapp.tasks import service as tasks
from webapp.tasks.models import Task

AT_ONCE = 200  # contacts; more are changed by a task
SORT = "name"


@dataclass(frozen=True)
class Taken(Exception):
    """Another tag has the name that one was to get: merging has to be asked for."""

    other_id: int
    name: str


def page(find: str, cursor: str | None, limit: int = PAGE_SIZE) -> Page[Tag]:
    """Give a page of the tags by alphabet, those with `find` in their name. Raises Invalid."""
    place = decode(cursor, SORT, (str,))
    backwards = place is not None and place.backwards
    query = select(Tag).where(Tag.folded.contains(fold_tag(find), autoescape=True))
    if place is not None:
        there = place.values[0]
        query = query.where(Tag.folded < there if backwards else Tag.folded > there)
    query = query.order_by(Tag.folded.desc() if backwards else Tag.folded).limit(limit + 1)
    return cut(list(db.session.scalars(query)), SORT, place, lambda tag: (tag.folded,), limit)


def carriers(tag_id: int) -> Count:
    """Give how many contacts carry a tag, as far as anybody reads it."""
    return capped(_how_many(tag_id, AT_MOST + 1))


def note_added(tag: Tag, actor: Actor) -> None:
    """Note in the open transaction that somebody made a tag by itself."""
    record(actor, "tag.added", tag_id=tag.id, name=tag.name)
    publish("tag.changed", tag_id=tag.id)


def rename(tag_id: int, name: str, actor: Actor) -> Tag:
    """Give a tag another name, in the open transaction; the segments that ask for it follow.

    Raises NotFound, Invalid (field `tag`), and Taken where another tag is called so.
    """
    tag, name = tag_of(tag_id), read_tag(name)
    other = db.session.scalar(select(Tag).where(Tag.folded == fold_tag(name)))
    if other is not None and other.id != tag_id:
        raise Taken(other.id, other.name)
    before, tag.name, tag.folded = tag.name, name, fold_tag(name)
    try:
        db.session.flush()
    except IntegrityError:
        raise Invalid("There is a tag of this name already.", field="tag") from None
    rename_tag(before, name)
    record(actor, "tag.renamed", tag_id=tag_id, before=before, name=name)
    publish("tag.changed", tag_id=tag_id)
    return tag


def delete(tag_id: int, actor: Actor) -> Task | None:
    """Take a tag from all who carry it and delete it, in the open transaction.

    Gives the task that does it where they are many. Raises NotFound, and Conflict where a segment
    asks for it: it could not be used any more.
    """
    tag = tag_of(tag_id)
    ensure_unasked(tag, "Change that first.")
    many = _how_many(tag_id)
    if many > AT_ONCE:
        title = f"Deleting the tag “{tag.name}” from {counted(many, 'contact')}"
        params = {"tag_id": tag_id, "name": tag.name}
        record(actor, "tag.deletion_started", **params, contacts=many)
        return tasks.start(DELETE, title, actor, params, total=many)
    if many:
        remove_tag(first_of(tag_id, AT_ONCE), tag.name, actor)
    hold(tag)
    ensure_unasked(tag, "Change that first.")
    forget(tag, actor, many)
    return None


def merge(tag_id: int, into_id: int, actor: Actor) -> Task | None:
    """Give all who carry a tag another one in its place, and delete it, in the open transaction.

    Segments that ask for it ask for the other one then. Gives the task that does it where they
    are many. Raises NotFound, and Invalid for a tag with itself.
    """
    tag, into = tag_of(tag_id), tag_of(into_id)
    if tag_id == into_id:
        raise Invalid("These are one tag already.", field="tag")
    many = _how_many(tag_id)
    if many > AT_ONCE:
        title = f"Merging the tag “{tag.name}” into “{into.name}” on {counted(many, 'contact')}"
        params = {"tag_id": tag_id, "name": tag.name, "into_id": into_id, "into": into.name}
        record(actor, "tag.merging_started", **params, contacts=many)
        return tasks.start(MERGE, title, actor, params, total=2 * many)
    move_tag(first_of(tag_id, AT_ONCE), tag_id, into_id, actor)
    hold(tag, into)
    while late := first_of(tag_id, AT_ONCE):  # given to them a moment ago
        move_tag(late, tag_id, into_id, actor)
    merged(tag, into, actor, many)
    return None


def _how_many(tag_id: int, limit: int | None = None) -> int:
    carrying = select(ContactTag.contact_id).where(ContactTag.tag_id == tag_id).limit(limit)
    return db.session.scalar(select(func.count()).select_from(carrying.subquery())) or 0
