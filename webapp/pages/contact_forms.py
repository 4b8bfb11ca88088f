"""Adding a contact, and Edit Customer: the same form, in the dialog or as a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.consent.saving import Saved, create_contact, update_contact
from webapp.consent.service import settle
from webapp.contacts.attributes import Definition
from webapp.contacts.definitions import definitions
from webapp.contacts.forms import ATTRIBUTE, filled, read_draft
from webapp.contacts.models import Contact
from webapp.contacts.queries import contact_of
from webapp.contacts.service import Taken
from webapp.contacts.tags import tag_names
from webapp.core.db import transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import local_path, page_or_fragment, wants_fragment
from webapp.pages.presentation import dialog_done, toast

blueprint = Blueprint("contact_forms", __name__)

LONGEST = 254  # characters of what an address fills in


@blueprint.get("/contacts/new")
@requires(Right.WORK)
def new() -> ResponseReturnValue:
    """Show the form, empty but for what the address fills in: `name`, `phone`, `email`."""
    fields = ("name", "phone", "email")
    return _form(None, {field: request.args.get(field, "")[:LONGEST] for field in fields})


@blueprint.post("/contacts/new")
@requires(Right.WORK)
def create() -> ResponseReturnValue:
    """Add a contact; 422 or 409 with the form where that cannot be."""
    draft, errors = read_draft(request.form, definitions(), {})
    who = actor()
    return _saved(None, errors, lambda: create_contact(draft, who))


@blueprint.get("/contacts/<id:contact_id>/edit")
@requires(Right.WORK)
def edit(contact_id: int) -> ResponseReturnValue:
    """Show the form of a contact."""
    contact = contact_of(contact_id)
    return _form(contact, filled(contact, definitions()))


@blueprint.post("/contacts/<id:contact_id>/edit")
@requires(Right.WORK)
def save(contact_id: int) -> ResponseReturnValue:
    """Save a contact; 422 or 409 with the form where that cannot be."""
    known = definitions()
    draft, errors = read_draft(request.form, known, filled(contact_of(contact_id), known))
    who, seen = actor(), _stamp(request.form.get("stamp", ""))
    return _saved(contact_id, errors, lambda: update_contact(contact_id, draft, who, seen=seen))


def _saved(
    contact_id: int | None, errors: dict[str, str], work: Callable[[], Saved]
) -> ResponseReturnValue:
    """Save unless something is wrong already; the form says what is, and keeps what was typed."""
    status = 422
    if not errors:
        try:
            done = transaction(work)
            settle(done.carried)
            toast(_say(done))
            return dialog_done(_back(done.contact.id))
        except (Invalid, Conflict) as error:
            errors, status = {error.field or "": _wrong(error)}, error.status
    contact = contact_of(contact_id) if contact_id else None
    return _form(contact, request.form, errors), status


def _wrong(error: Invalid | Conflict) -> str:
    """Say what is wrong; whoever has an address already is a link to their page."""
    if not isinstance(error, Taken):
        return error.message
    whose = url_for("contacts.show", contact_id=error.owner_id)
    return Markup('<span><a href="{}">{}</a>{}</span>').format(whose, error.owner_name, error.had)


def _say(done: Saved) -> str:
    said = f"{done.contact.display_name} was {'added' if done.created else 'saved'}."
    if done.carried:
        channels = ", ".join(change.channel.label for change in done.carried)
        said += f" Opted out of {channels} as before: an opt-out goes along to a new address."
    if done.cancelled:
        messages = "message" if len(done.cancelled) == 1 else "messages"
        said += f" {len(done.cancelled)} {messages} to the former address cancelled."
    return said


def _stamp(text: str) -> datetime:
    """Read which version of the contact the form shows. Raises Invalid."""
    try:
        seen = datetime.fromisoformat(text)
        if seen.tzinfo is None:
            raise ValueError
    except ValueError:
        raise Invalid("This form is not whole. Open it again.") from None
    return seen


def _back(contact_id: int | None) -> str:
    everybody = url_for("contact_list.show")
    here = url_for("contacts.show", contact_id=contact_id) if contact_id else everybody
    return local_path(request.values.get("next"), here)


def _form(
    contact: Contact | None, said: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> Response:
    known = definitions()
    stands = filled(contact, known)
    stamp = stands.get("stamp", "")
    return page_or_fragment(
        "contacts/edit_page.html",
        "contacts/edit.html",
        contact=contact,
        said=said,
        stands=stands,
        changes=_changes(said, stands, known) if said.get("stamp", "") != stamp else [],
        errors=errors or {},
        known=known,
        tags=tag_names(),
        back=_back(contact.id if contact else None),
        in_dialog=wants_fragment(),
    )


def _changes(
    said: Mapping[str, str], stands: Mapping[str, str], known: Sequence[Definition]
) -> list[tuple[str, str]]:
    """Give what stands now and differs from what the form says, by label."""
    labels = {"name": "Name", "phone": "Phone", "email": "Email", "tags": "Tags"}
    labels |= {f"{ATTRIBUTE}{definition.name}": definition.label for definition in known}
    return [
        (label, stands[field].replace("\n", ", "))
        for field, label in labels.items()
        if field in stands and stands[field].split() != said.get(field, "").split()
    ]
