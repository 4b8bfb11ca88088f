"""The account's tags: renamed, merged and deleted; what many contacts carry is changed by a task."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from webapp.accounts.acting import ensure_still
from webapp.accounts.rules import Actor, Right
from webapp.audit.service import record
from webapp.contacts.models import ContactTag, Tag
from webapp.contacts.segment_uses import in_words, rename_tag, with_tag
from webapp.contacts.tagging import move_tag, read_tag, remove_tag
from webapp.contacts.tags import fold_tag
from webapp.core.db import db
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.paging import PAGE_SIZE, Page, cut, decode
from webapp.core.words import counted
from webapp.events.service import publish
from webapp.tasks import service as tasks
from webapp.tasks.models import Task
from webapp.tasks.work import Step, Work

DELETE, MERGE = "tags.delete", "tags.merge"
AT_ONCE = 200  # contacts; more are changed by a task
STEP = 50  # contacts with each step, which keeps their locks
SORT = "name"


@dataclass(frozen=True)
class Taken(Exception):
    """Another tag has the name that one was to get: merging has to be asked for."""

    other_id: int
    name: str


def tag_of(tag_id: int) -> Tag:
    """Give a tag. Raises NotFound."""
    tag = db.session.get(Tag, tag_id)
    if tag is None:
        raise NotFound("That tag is not there. It may have been deleted.")
    return tag


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


def carriers(tag_id: int) -> int:
    """Give how many contacts carry a tag."""
    query = select(func.count()).where(ContactTag.tag_id == tag_id)
    return db.session.scalar(query) or 0


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
    users = with_tag(tag.name)
    if users:
        raise Conflict(f"“{tag.name}” is asked for by {in_words(users)}. Change that first.")
    many = carriers(tag_id)
    if many > AT_ONCE:
        title = f"Deleting the tag “{tag.name}” from {counted(many, 'contact')}"
        params = {"tag_id": tag_id, "name": tag.name}
        record(actor, "tag.deletion_started", **params, contacts=many)
        return tasks.start(DELETE, title, actor, params, total=many)
    if many:
        remove_tag(_next(tag_id, AT_ONCE), tag.name, actor)
    _forget(tag, actor, many)
    return None


def merge(tag_id: int, into_id: int, actor: Actor) -> Task | None:
    """Give all who carry a tag another one in its place, and delete it, in the open transaction.

    Segments that ask for it ask for the other one then. Gives the task that does it where they
    are many. Raises NotFound, and Invalid for a tag with itself.
    """
    tag, into = tag_of(tag_id), tag_of(into_id)
    if tag_id == into_id:
        raise Invalid("These are one tag already.", field="tag")
    many = carriers(tag_id)
    if many > AT_ONCE:
        title = f"Merging the tag “{tag.name}” into “{into.name}” on {counted(many, 'contact')}"
        params = {"tag_id": tag_id, "name": tag.name, "into_id": into_id, "into": into.name}
        record(actor, "tag.merging_started", **params, contacts=many)
        return tasks.start(MERGE, title, actor, params, total=many)
    move_tag(_next(tag_id, AT_ONCE), tag_id, into_id, actor)
    _merged(tag, into, actor, many)
    return None


def run(work: Work) -> None:
    """Do what a task asks for, a few contacts with each step; what is done needs no place kept.

    Raises Forbidden where who started it may not any more, and what ends it in a sentence.
    """
    commit = work.note  # in each turn a step is done, however short it is
    while commit(lambda: _step(work)).done:
        commit = work.step


def _step(work: Work) -> Step:
    ensure_still(work.actor, Right.WORK)
    tag = db.session.get(Tag, work.params["tag_id"])
    if tag is None:
        return Step()
    ids = _next(tag.id, STEP)
    done = work.result.get("changed", 0)
    if work.kind == DELETE:
        return _deleting(tag, ids, work.actor, done)
    into = tag_of(work.params["into_id"])
    if not ids:
        _merged(tag, into, work.actor, done)
        return Step()
    move_tag(ids, tag.id, into.id, work.actor)
    return Step(len(ids), counts={"changed": len(ids)})


def _deleting(tag: Tag, ids: list[int], actor: Actor, done: int) -> Step:
    if ids:
        remove_tag(ids, tag.name, actor)
        return Step(len(ids), counts={"changed": len(ids)})
    users = with_tag(tag.name)
    if users:
        raise Conflict(f"“{tag.name}” is asked for by {in_words(users)} now, and stays.")
    _forget(tag, actor, done)
    return Step()


def _next(tag_id: int, limit: int) -> list[int]:
    """Give the first contacts who carry a tag."""
    query = select(ContactTag.contact_id).where(ContactTag.tag_id == tag_id)
    return list(db.session.scalars(query.order_by(ContactTag.contact_id).limit(limit)))


def _forget(tag: Tag, actor: Actor, contacts: int) -> None:
    record(actor, "tag.deleted", tag_id=tag.id, name=tag.name, contacts=contacts)
    publish("tag.changed", tag_id=tag.id)
    db.session.delete(tag)
    db.session.flush()


def _merged(tag: Tag, into: Tag, actor: Actor, contacts: int) -> None:
    rename_tag(tag.name, into.name)
    told = {"tag_id": tag.id, "name": tag.name, "into_id": into.id, "into": into.name}
    record(actor, "tag.merged", **told, contacts=contacts)
    publish("tag.changed", tag_id=into.id)
    db.session.delete(tag)
    db.session.flush()
