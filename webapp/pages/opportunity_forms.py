"""Adding and editing an opportunity: whose it is, then the form, in the dialog or as a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import parse_filters
from webapp.contacts.listing import page as contact_page
from webapp.contacts.models import Contact
from webapp.contacts.queries import contact_of
from webapp.contacts.rows import Row
from webapp.core.db import transaction
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.web import local_path, page_or_fragment, read_id, see_other, wants_fragment
from webapp.core.zones import reader_zone
from webapp.opportunities import queries, service
from webapp.opportunities.forms import filled, read_draft
from webapp.opportunities.models import Opportunity
from webapp.opportunities.rules import Stage, currencies
from webapp.pages.presentation import dialog_done, toast

blueprint = Blueprint("opportunity_forms", __name__, url_prefix="/opportunities")

FOUND_AT_MOST = 8
FIELDS = {
    "name": "Name",
    "stage": "Stage",
    "amount": "Amount",
    "currency": "Currency",
    "expected_on": "Expected on",
    "note": "Note",
}


@blueprint.get("/new")
@requires(Right.WORK)
def new() -> ResponseReturnValue:
    """Look for the contact that it is with, or show the form for the one chosen."""
    contact_id = read_id(request.args.get("contact", ""))
    if contact_id is None:
        return _choose(request.args.get("q", "").strip())
    start = {
        "stage": Stage.NEW.value,
        "currency": queries.last_currency() or "EUR",
        "owner": str(current_user.id),
    }
    return _form(contact_of(contact_id), None, start)


@blueprint.post("/new")
@requires(Right.WORK)
def create() -> ResponseReturnValue:
    """Add an opportunity; 422 with the form where something is wrong."""
    contact_id = read_id(request.form.get("contact", ""))
    if contact_id is None:
        raise Invalid("Choose the contact first.", field="contact")
    contact, who = contact_of(contact_id), actor()
    draft, errors = read_draft(request.form, {user.id for user in queries.owners()})
    if draft is None:
        return _form(contact, None, request.form, errors), 422
    done = transaction(lambda: service.add(contact_id, draft, who))
    toast(f"“{done.name}” was added.")
    if request.form.get("next"):
        return dialog_done(_back(None))
    return _go(url_for("opportunities.one", opportunity_id=done.id))


@blueprint.get("/<id:opportunity_id>/edit")
@requires(Right.WORK)
def edit(opportunity_id: int) -> ResponseReturnValue:
    """Show the form of an opportunity."""
    line = queries.line_of(opportunity_id)
    return _form(line.contact, line.opportunity, filled(line.opportunity))


@blueprint.post("/<id:opportunity_id>/edit")
@requires(Right.WORK)
def save(opportunity_id: int) -> ResponseReturnValue:
    """Save an opportunity; 422 or 409 with the form where that cannot be."""
    line, who = queries.line_of(opportunity_id), actor()
    owners = {user.id for user in queries.owners(line.opportunity.owner_id)}
    draft, errors = read_draft(request.form, owners)
    seen = read_stamp(request.form)
    if draft is None:
        return _form(line.contact, line.opportunity, request.form, errors), 422
    try:
        done = transaction(lambda: service.edit(opportunity_id, draft, who, seen))
    except Conflict as error:
        line = queries.line_of(opportunity_id)
        problem = {"": error.message}
        return _form(line.contact, line.opportunity, request.form, problem), error.status
    toast(f"“{done.name}” was saved.")
    return dialog_done(_back(opportunity_id))


def read_stamp(form: Mapping[str, str]) -> datetime:
    """Read which version of an opportunity a form shows. Raises Invalid."""
    try:
        seen = datetime.fromisoformat(form.get("stamp", ""))
        if seen.tzinfo is None:
            raise ValueError
    except ValueError:
        raise Invalid("This form is not whole. Open it again.") from None
    return seen


def _choose(q: str) -> Response:
    part = "opportunities/choose.html"
    return page_or_fragment(
        "components/dialog_page.html",
        part,
        part=part,
        title="New opportunity",
        q=q,
        people=_found(q) if q else [],
        back=_back(None),
        in_dialog=wants_fragment(),
    )


def _found(q: str) -> list[Row]:
    """Give contacts that a search finds; none for one that cannot be read."""

    def look(name: str) -> list[Row]:
        filters = parse_filters({name: [q]})
        return contact_page(filters, None, reader_zone(), definitions(), FOUND_AT_MOST).items

    try:
        found = [*(look("id") if q.isdecimal() else []), *look("q")]
    except (Invalid, NotFound):
        return []
    return list({row.id: row for row in found}.values())[:FOUND_AT_MOST]


def _form(
    contact: Contact,
    opportunity: Opportunity | None,
    said: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Response:
    part = "opportunities/edit.html"
    stands = filled(opportunity) if opportunity else {}
    stale = said.get("stamp", "") != stands.get("stamp", "")
    owners = queries.owners(opportunity.owner_id if opportunity else None)
    return page_or_fragment(
        "components/dialog_page.html",
        part,
        part=part,
        title="Edit opportunity" if opportunity else "New opportunity",
        contact=contact,
        opportunity=opportunity,
        said=said,
        stamp=stands.get("stamp", ""),
        changes=[
            (label, stands[name])
            for name, label in FIELDS.items()
            if stale and stands and stands[name] != said.get(name, "")
        ],
        errors=errors or {},
        stages=[(stage.value, stage.label) for stage in Stage],
        owners=[("", "Nobody"), *((user.id, user.name) for user in owners)],
        currencies=[(code, f"{code} · {name}") for code, name in currencies().items()],
        next=_next(),
        back=_back(opportunity.id if opportunity else None),
        in_dialog=wants_fragment(),
    )


def _next() -> str:
    return local_path(request.values.get("next"), "")


def _back(opportunity_id: int | None) -> str:
    here = (
        url_for("opportunities.one", opportunity_id=opportunity_id)
        if opportunity_id
        else url_for("opportunities.show")
    )
    return _next() or here


def _go(target: str) -> ResponseReturnValue:
    if wants_fragment():
        return make_response("", 200, {"HX-Redirect": target})
    return see_other(target)
