"""A tag that is merged or deleted: what is done on its contacts, a few with each step of a task.

Between two steps everybody may send to a segment of those who do not carry the tag. So no step
takes it from anybody while a segment asks for it.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from webapp.accounts.acting import ensure_still
from webapp.accounts.rules import Actor, Right
from webapp.audit.service import record
from webapp.contacts.models import ContactTag, Tag
from webapp.contacts.segment_uses import in_words, rename_tag, with_tag
from webapp.contacts.tagging import move_tag, remove_tag, tag_too
from webapp.core.db import db
from webapp.core.errors import Conflict, NotFound
from webapp.events.service import publish
from webapp.tasks.work import Step, Work

DELETE, MERGE = "tags.delete", "tags.merge"
STEP = 50  # contacts with each step, which keeps their locks
OVER = Step()  # nothing was left to do
GONE = "That tag is not there. It may have been deleted."


def tag_of(tag_id: int) -> Tag:
    """Give a tag. Raises NotFound."""
    tag = db.session.get(Tag, tag_id)
    if tag is None:
        raise NotFound(GONE)
    return tag


def run(work: Work) -> None:
    """Do what a task asks for, a few contacts with each step; after a crash it goes on.

    Raises Forbidden where who started it may not any more, and what ends it in a sentence.
    """
    commit = work.note  # in each turn a step is done, however short it is
    while commit(lambda: _step(work)) != OVER:
        commit = work.step


def _step(work: Work) -> Step:
    ensure_still(work.actor, Right.WORK)
    tag = db.session.get(Tag, work.params["tag_id"])
    if tag is None:
        return OVER
    if work.kind == DELETE:
        return _deleting(tag, work)
    into = tag_of(work.params["into_id"])
    return (_taking if work.position.get("renamed") else _giving)(tag, into, work)


def _deleting(tag: Tag, work: Work) -> Step:
    ids = first_of(tag.id, STEP)
    if ids:
        remove_tag(ids, tag.name, work.actor)
    hold(tag)
    # In each step: a segment of those who do not carry it would take in more and more people.
    ensure_unasked(tag, "It stays on those who still carry it.")
    if ids:
        return Step(len(ids), counts={"changed": len(ids)})
    forget(tag, work.actor, work.result.get("changed", 0))
    return OVER


def _giving(tag: Tag, into: Tag, work: Work) -> Step:
    """Give the other tag to all who carry the one; then, at one moment, segments ask for it.

    Until then each of them has the tag that segments ask for, and after it as well: a segment of
    those who do not carry it never takes anybody in.
    """
    after = work.position.get("after", 0)
    ids = first_of(tag.id, STEP, after) or _lacking(tag.id, into.id)
    if ids:
        tag_too(ids, tag.id, into.id, work.actor)
        return Step(len(ids), {"after": max(after, ids[-1])})
    hold(tag, into)
    if _lacking(tag.id, into.id):
        return Step(position={"after": after})  # given the tag a moment ago: once more
    rename_tag(tag.name, into.name)
    return Step(position={"renamed": True})


def _taking(tag: Tag, into: Tag, work: Work) -> Step:
    """Take the tag away, which no segment asks for any more, then delete it."""
    rename_tag(tag.name, into.name)  # in segments that have come since
    ids = first_of(tag.id, STEP)
    if ids:
        move_tag(ids, tag.id, into.id, work.actor)
        return Step(len(ids), counts={"changed": len(ids)})
    hold(tag, into)
    if first_of(tag.id, 1):
        return Step(position=work.position)  # given to somebody a moment ago: once more
    merged(tag, into, work.actor, work.result.get("changed", 0))
    return OVER


def ensure_unasked(tag: Tag, then: str) -> None:
    """Raise Conflict, which ends with `then`, where a segment asks for a tag."""
    users = with_tag(tag.name)
    if users:
        raise Conflict(f"“{tag.name}” is asked for by {in_words(users)}. {then}")


def first_of(tag_id: int, limit: int, after: int = 0) -> list[int]:
    """Give the first contacts who carry a tag, of those with a greater id than `after`."""
    query = select(ContactTag.contact_id).where(
        ContactTag.tag_id == tag_id, ContactTag.contact_id > after
    )
    return list(db.session.scalars(query.order_by(ContactTag.contact_id).limit(limit)))


def _lacking(tag_id: int, other_id: int) -> list[int]:
    """Give the first contacts who carry a tag and not the other one."""
    other = aliased(ContactTag)
    both = (other.tag_id == other_id) & (other.contact_id == ContactTag.contact_id)
    query = select(ContactTag.contact_id).where(
        ContactTag.tag_id == tag_id, ~select(other.tag_id).where(both).exists()
    )
    return list(db.session.scalars(query.order_by(ContactTag.contact_id).limit(STEP)))


def hold(*tags: Tag) -> None:
    """Let nobody be given one of these tags until the open transaction ends, and read them anew.

    Contacts are held before, never after: as who gives a tag does. Raises NotFound.
    """
    ids = [tag.id for tag in tags]
    held = select(Tag).where(Tag.id.in_(ids)).order_by(Tag.id).with_for_update()
    found = db.session.scalars(held.execution_options(populate_existing=True)).all()
    if len(found) < len(ids):
        raise NotFound(GONE)


def forget(tag: Tag, actor: Actor, contacts: int) -> None:
    """Delete a tag in the open transaction, taken from so many contacts before."""
    record(actor, "tag.deleted", tag_id=tag.id, name=tag.name, contacts=contacts)
    publish("tag.changed", tag_id=tag.id)
    db.session.delete(tag)
    db.session.flush()


def merged(tag: Tag, into: Tag, actor: Actor, contacts: int) -> None:
    """Delete a tag in the open transaction that nobody carries; segments ask for the other one."""
    rename_tag(tag.name, into.name)
    told = {"tag_id": tag.id, "name": tag.name, "into_id": into.id, "into": into.name}
    record(actor, "tag.merged", **told, contacts=contacts)
    publish("tag.changed", tag_id=into.id)
    db.session.delete(tag)
    db.session.flush()
