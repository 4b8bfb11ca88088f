"""/contacts: people, their addresses, attributes and tags."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import StringConstraints

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.api.consents import Line
from webapp.api.contact_filters import ContactQuery, contact_page
from webapp.api.idempotency import answer_once
from webapp.api.schemas import Answer, Body, ConsentState, Items
from webapp.consent.saving import Saved, save_contact, update_contact
from webapp.consent.service import settle
from webapp.contacts.filters import parse_filters
from webapp.contacts.models import Contact
from webapp.contacts.new_attributes import define_new
from webapp.contacts.rules import Channel
from webapp.contacts.service import MAX_NAME, Draft
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, NotFound
from webapp.privacy.erasure import Erased
from webapp.privacy.erasure import erase as erase_contact

blueprint = APIBlueprint("contacts", __name__, tag="Contacts")

Name = Annotated[str, StringConstraints(max_length=MAX_NAME)]
Tag = Annotated[str, StringConstraints(max_length=64)]
Text = Annotated[str, StringConstraints(max_length=500)]
Attributes = dict[
    Annotated[str, StringConstraints(max_length=64)], bool | int | float | Text | None
]


class ContactIn(Body):
    """A person. What is left out stays as it is; so does, in a POST, what is null.

    In a PATCH a null phone or email is taken away. An attribute that is null is taken away,
    those that are not named stay, and one that nobody defined yet is. `tags` replaces all.
    """

    name: Name | None = None
    phone: Line | None = None
    email: Line | None = None
    attributes: Attributes | None = None
    tags: list[Tag] | None = None

    def draft(self, *, null_takes_away: bool = False) -> Draft:
        """Give this as the contacts' room reads it."""
        gone = "" if null_takes_away else None
        given = self.model_fields_set
        return Draft(
            self.name,
            gone if self.phone is None and "phone" in given else self.phone,
            gone if self.email is None and "email" in given else self.email,
            self.attributes,
            self.tags,
        )


class ContactOut(Answer):
    """A person, with what stands on the four channels."""

    id: int
    name: str
    phone: str | None
    email: str | None
    whatsapp_id: str | None
    attributes: dict[str, Any]
    tags: list[str]
    consents: list[ConsentState]
    created_at: datetime
    updated_at: datetime


class ContactList(Items):
    """A page of contacts."""

    items: list[ContactOut]


class Erasure(Answer):
    """What went with a contact, by what it is; `task_id` searches files and logs for the rest."""

    contact_id: int
    erased: dict[str, int]
    task_id: int


UPDATED: Any = {
    "description": "The contact with this phone or email was updated.",
    "content": {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{ContactOut.__name__}"}}
    },
}


@blueprint.post("/contacts")
@requires(Right.WORK)
@blueprint.input(ContactIn, arg_name="said")
@blueprint.output(ContactOut, 201)
@blueprint.doc(responses={200: UPDATED})
def save(said: ContactIn) -> Response:
    """Add a contact, or update the one with this phone or email

    201 where it was added, 200 where it was updated; 409 where phone and email are two people.
    """
    try:
        return _saved_once(said)
    except Conflict:
        # Somebody may have added the same person a moment ago: then this is an update.
        return _saved_once(said)


@blueprint.get("/contacts")
@requires(Right.SEE)
@blueprint.input(ContactQuery, location="query", arg_name="asked")
@blueprint.output(ContactList)
def index(asked: ContactQuery) -> dict[str, Any]:
    """The contacts, narrowed as the audience page is

    `state`, `source`, `from` and `to` (days in UTC, both inclusive) are those of the last change
    on `channel`. `attr.NAME`, `attr.NAME.min` and `attr.NAME.max` ask of an attribute; `tag` may
    stand several times, and a contact then carries all of them. `segment` is the id of a segment
    that they are in; 422 where it is gone, or asks for what is gone.
    """
    filters = parse_filters(dict(request.args.lists()))
    page = contact_page(filters, asked.cursor, asked.limit)
    return {"items": [contact_out(c) for c in page.items], "next_cursor": page.next_cursor}


@blueprint.get("/contacts/<id:contact_id>")
@requires(Right.SEE)
@blueprint.output(ContactOut)
def show(contact_id: int) -> ContactOut:
    """One contact"""
    contact = db.session.get(Contact, contact_id)
    if contact is None:
        raise NotFound("There is no contact with this id.")
    return contact_out(contact)


@blueprint.patch("/contacts/<id:contact_id>")
@requires(Right.WORK)
@blueprint.input(ContactIn, arg_name="said")
@blueprint.output(ContactOut)
def change(contact_id: int, said: ContactIn) -> ContactOut:
    """Change a contact

    An opt-out goes along to a new phone or email; an opt-in does not.
    """

    def save() -> tuple[ContactOut, Saved]:
        define_new(said.attributes or {})
        saved = update_contact(contact_id, said.draft(null_takes_away=True), actor())
        return contact_out(saved.contact), saved

    answer, saved = transaction(save)
    settle(saved.carried)
    return answer


@blueprint.delete("/contacts/<id:contact_id>")
@requires(Right.ADMINISTER)
@blueprint.output(Erasure)
def erase(contact_id: int) -> Response:
    """Erase a contact

    For good. All that identifies the person goes, and what waits for them is cancelled; an
    opt-out stays under the key of the address, so that the same address comes back opted out.
    """
    last: list[Erased] = []

    def work() -> tuple[Erasure, int]:
        last.append(erase_contact(contact_id, actor()))
        done = last[-1]
        return Erasure(contact_id=contact_id, erased=done.counts, task_id=done.task_id), 200

    response = answer_once(work)
    for erased in last[-1:]:
        settle(erased.changes, also=erased.places)
    return response


def contact_out(contact: Contact) -> ContactOut:
    """Give a contact as calls are answered, consent from its read copy."""
    return ContactOut(
        id=contact.id,
        name=contact.name,
        phone=contact.phone,
        email=contact.email,
        whatsapp_id=contact.whatsapp_id,
        attributes=contact.attributes,
        tags=[tag.name for tag in contact.tags],
        consents=[
            ConsentState(
                channel=channel,
                state=contact.state(channel),
                since=getattr(contact, f"{channel}_changed_at"),
                source=getattr(contact, f"{channel}_source"),
                held=getattr(contact, f"{channel}_held"),
            )
            for channel in Channel
        ],
        created_at=contact.created_at,
        updated_at=contact.updated_at,
    )


def _saved_once(said: ContactIn) -> Response:
    last: list[Saved] = []
    response = answer_once(_saving(said, last))
    settle([change for saved in last[-1:] for change in saved.carried])
    return response


def _saving(said: ContactIn, last: list[Saved]) -> Callable[[], tuple[ContactOut, int]]:
    def save() -> tuple[ContactOut, int]:
        define_new(said.attributes or {})
        last.append(save_contact(said.draft(), actor()))
        return contact_out(last[-1].contact), 201 if last[-1].created else 200

    return save
