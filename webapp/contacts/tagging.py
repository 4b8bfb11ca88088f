"""Adding a tag to contacts, or removing it from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from webapp.accounts.rules import Actor
from webapp.contacts.activities import note
from webapp.contacts.models import Contact, ContactTag, Tag
from webapp.contacts.tags import MAX_TAGS, clean_tags, fold_tag, named
from webapp.core import clock
from webapp.core.db import db
from webapp.core.errors import Invalid, NotFound
from webapp.events.service import publish


@dataclass(frozen=True)
class Tagged:
    """Which contacts changed, stood so already, can carry no more tags, or are gone; by id."""

    changed: list[int]
    already: list[int]
    full: list[int]
    gone: list[int]


def read_tag(text: str) -> str:
    """Read the name of one tag. Raises Invalid."""
    found = clean_tags([text])
    if not found:
        raise Invalid("Give the name of a tag.", field="tag")
    return found[0]


def tag_called(name: str) -> Tag:
    """Give the tag of this name, whatever its case. Raises NotFound."""
    tag = db.session.scalar(select(Tag).where(Tag.folded == fold_tag(name)))
    if tag is None:
        raise NotFound(f"There is no tag called “{name[:64]}”.", field="tag")
    return tag


def add_tag(contact_ids: Iterable[int], name: str, actor: Actor) -> Tagged:
    """Add a tag, new or known, to contacts in the open transaction. Raises Invalid."""
    tag = named([read_tag(name)])[0]
    ids = list(dict.fromkeys(contact_ids))
    there, have = _locked(ids), _carrying(ids, tag.id)
    full = [number for number in _carrying_most(ids) if number not in have]
    new = [number for number in ids if number in there - have - set(full)]
    _give(new, tag.id)
    _tell(new, actor)
    return Tagged(new, sorted(have), full, [number for number in ids if number not in there])


def remove_tag(contact_ids: Iterable[int], name: str, actor: Actor) -> Tagged:
    """Remove a tag from contacts in the open transaction. Raises NotFound for an unknown tag."""
    tag = tag_called(name)
    ids = list(dict.fromkeys(contact_ids))
    there, have = _locked(ids), _carrying(ids, tag.id)
    if have:
        link = (ContactTag.tag_id == tag.id) & ContactTag.contact_id.in_(have)
        db.session.execute(delete(ContactTag).where(link))
    _tell(sorted(have), actor)
    gone = [number for number in ids if number not in there]
    return Tagged(sorted(have), sorted(there - have), [], gone)


def tag_too(contact_ids: Iterable[int], tag_id: int, other_id: int, actor: Actor) -> None:
    """Give contacts who carry a tag another one beside it, in the open transaction.

    Also to those who carry as many as they may: `move_tag` is to take the first one away.
    """
    ids = list(dict.fromkeys(contact_ids))
    _locked(ids)
    new = sorted(_carrying(ids, tag_id) - _carrying(ids, other_id))
    _give(new, other_id)
    _tell(new, actor)


def move_tag(contact_ids: Iterable[int], tag_id: int, into_id: int, actor: Actor) -> None:
    """Give contacts who carry a tag another one in its place, in the open transaction."""
    ids = list(dict.fromkeys(contact_ids))
    _locked(ids)
    have, there = _carrying(ids, tag_id), _carrying(ids, into_id)
    if have:
        link = (ContactTag.tag_id == tag_id) & ContactTag.contact_id.in_(have)
        db.session.execute(delete(ContactTag).where(link))
    _give(sorted(have - there), into_id)
    _tell(sorted(have), actor)


def _give(ids: Sequence[int], tag_id: int) -> None:
    if ids:
        rows = [{"tag_id": tag_id, "contact_id": number} for number in ids]
        db.session.execute(insert(ContactTag), rows)


def _locked(ids: Sequence[int]) -> set[int]:
    """Hold the contacts that are there, as who edits one does; in order, against deadlocks."""
    query = select(Contact.id).where(Contact.id.in_(ids)).order_by(Contact.id).with_for_update()
    return set(db.session.scalars(query))


def _carrying(ids: Sequence[int], tag_id: int) -> set[int]:
    query = select(ContactTag.contact_id).where(
        ContactTag.tag_id == tag_id, ContactTag.contact_id.in_(ids)
    )
    return set(db.session.scalars(query))


def _carrying_most(ids: Sequence[int]) -> list[int]:
    """Give who carries as many tags as a contact may."""
    query = (
        select(ContactTag.contact_id)
        .where(ContactTag.contact_id.in_(ids))
        .group_by(ContactTag.contact_id)
        .having(func.count() >= MAX_TAGS)
    )
    return list(db.session.scalars(query))


def _tell(ids: Sequence[int], actor: Actor) -> None:
    """Write that contacts were edited: their time, their timeline, and the news for open pages."""
    if not ids:
        return
    db.session.execute(
        update(Contact)
        .where(Contact.id.in_(ids))
        .values(updated_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    for number in ids:
        note(number, "edited", actor, parts=["tags"])
    publish("contacts.tagged", count=len(ids))
