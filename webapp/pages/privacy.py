"""Erasing a contact, and merging two: a dialog each, for admins."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.consent.service import settle
from webapp.contacts.attributes import Definition, Kind, kind_of, show_value
from webapp.contacts.definitions import definitions
from webapp.contacts.models import Contact
from webapp.contacts.queries import contact_of
from webapp.core.db import transaction
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.web import local_path, page_or_fragment, read_id, see_other, wants_fragment
from webapp.core.words import counted
from webapp.core.zones import reader_zone
from webapp.pages import task_words
from webapp.pages.merge_words import whys_of
from webapp.pages.presentation import toast
from webapp.pages.task_words import Line
from webapp.privacy.erasure import LONGEST_REASON, erase
from webapp.privacy.merge_plan import plan_of
from webapp.privacy.merging import GONE, ITSELF, merge
from webapp.privacy.places import KIND
from webapp.privacy.queries import foreseen, found
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

blueprint = Blueprint("privacy", __name__)

# What the search after an erasure counts, in the words of its task.
COUNTED = {
    "files": "Files deleted",
    "stored_webhooks": "Webhooks emptied",
    "handled_items": "Marks of what was handled, renamed",
    "idempotent_answers": "Remembered answers emptied",
    "audit_entries": "Audit entries without their name",
    "tasks": "Tasks without their name",
    "events": "Events without their name",
    "segments": "Segments that no longer look for them",
    "unread": "Webhooks left for you to look at: Heed could not process them",
}

CUT_SHORT = "Rows and files read; the search did not finish, so the others may still name them"

ERASE, MERGE = "privacy/erase.html", "privacy/merge.html"
RETYPE = "Type the name or the number as it stands above."
TOO_LONG = f"Write {LONGEST_REASON} characters at most."


@blueprint.get("/contacts/<id:contact_id>/erase")
@requires(Right.ADMINISTER)
def ask_erase(contact_id: int) -> ResponseReturnValue:
    """Say what erasing a contact takes away and what stays."""
    return _erase_dialog(contact_of(contact_id), {})


@blueprint.post("/contacts/<id:contact_id>/erase")
@requires(Right.ADMINISTER)
def do_erase(contact_id: int) -> ResponseReturnValue:
    """Erase a contact for good, and answer when nothing more can leave for them."""
    contact, reason = contact_of(contact_id), request.form.get("reason", "").strip()
    errors = {} if _names(contact, request.form.get("confirm", "")) else {"confirm": RETYPE}
    if len(reason) > LONGEST_REASON:
        errors["reason"] = TOO_LONG
    if errors:
        return _erase_dialog(contact, errors), 422
    who = actor()
    done = transaction(lambda: erase(contact_id, who, reason))
    settle(done.changes, also=done.places)
    cancelled = done.counts["cancelled"]
    more = f" {counted(cancelled, 'waiting message')} cancelled." if cancelled else ""
    toast(f"Contact {contact_id} was erased.{more} Files and logs are being searched.")
    return _go(url_for("contact_list.show"))


@blueprint.get("/contacts/<id:contact_id>/merge")
@requires(Right.ADMINISTER)
def ask_merge(contact_id: int) -> ResponseReturnValue:
    """Look for the other contact, or show what merging with the chosen one comes to."""
    return _merge_dialog(contact_of(contact_id))


@blueprint.post("/contacts/<id:contact_id>/merge")
@requires(Right.ADMINISTER)
def do_merge(contact_id: int) -> ResponseReturnValue:
    """Merge the other contact into this one, and answer when what tightened is enforced."""
    other_id, who = _chosen(request.form.get("other", "")), actor()
    try:
        done = transaction(lambda: merge(contact_id, other_id, who))
    except (Conflict, NotFound) as error:
        return _merge_dialog(contact_of(contact_id), error.message), 409
    settle(done.changes)
    carried = [change.channel.label for change in done.changes]
    more = f" Opted out of {', '.join(carried)}." if carried else ""
    toast(f"Merged into {contact_of(contact_id).display_name}.{more}")
    return _go(_back_of(contact_id))


def _erase_dialog(contact: Contact, errors: dict[str, str]) -> Response:
    return page_or_fragment(
        "components/dialog_page.html",
        ERASE,
        part=ERASE,
        title="Erase contact",
        contact=contact,
        foreseen=foreseen(contact),
        counted=counted,
        errors=errors,
        in_dialog=wants_fragment(),
        back=url_for("contacts.show", contact_id=contact.id),
    )


def _merge_dialog(contact: Contact, problem: str = "") -> Response:
    search = request.values.get("q", "")
    other, why_not = _other_of(contact, "" if problem else request.values.get("other", ""))
    known = {one.name: one for one in definitions()}
    plan = plan_of(contact, other) if other else None
    return page_or_fragment(
        "components/dialog_page.html",
        MERGE,
        part=MERGE,
        title="Merge contacts",
        contact=contact,
        other=other,
        plan=plan,
        whys=whys_of(plan) if plan else [],
        known=known,
        show=lambda name, values: show_value(values.get(name), _kind(known.get(name))),
        search=search,
        people=[] if other else found(search, contact, reader_zone()),
        problem_said=problem or why_not,
        in_dialog=wants_fragment(),
        next=request.values.get("next", ""),
        back=_back_of(contact.id),
    )


def _kind(definition: Definition | None) -> Kind:
    return kind_of(definition.kind) if definition else Kind.TEXT


def _back_of(contact_id: int) -> str:
    """Give where merging leads back to: the list that it was asked from, or the contact."""
    here = url_for("contacts.show", contact_id=contact_id)
    return local_path(request.values.get("next"), here)


def _other_of(contact: Contact, text: str) -> tuple[Contact | None, str]:
    """Give the chosen other contact, or why there is none."""
    if not text:
        return None, ""
    try:
        number = _chosen(text)
        return (None, ITSELF) if number == contact.id else (contact_of(number), "")
    except (Invalid, NotFound):
        return None, GONE


def _chosen(text: str) -> int:
    number = read_id(text)
    if number is None:
        raise Invalid("Choose the other contact first.", field="other")
    return number


def _lines(task: Task) -> list[Line]:
    counts = [(name, number) for name, number in task.result.items() if type(number) is int]
    lines = [
        Line(number, COUNTED.get(name, name.replace("_", " ").capitalize()))
        for name, number in counts
    ]
    cut_short = task.status in (TaskStatus.FAILED, TaskStatus.CANCELLED)
    return [*lines, Line(task.done, CUT_SHORT)] if cut_short else lines


def _names(contact: Contact, typed: str) -> bool:
    """Tell whether what was typed names the contact: name, number, email or WhatsApp id."""
    plain = "".join(typed.casefold().split())
    known = (contact.display_name, contact.name, contact.phone, contact.email, contact.whatsapp_id)
    spelled = {"".join(text.casefold().split()) for text in known if text}
    return bool(plain) and plain in spelled


def _go(target: str) -> ResponseReturnValue:
    """Leave the page for another, from a dialog too; the toast is said there."""
    if wants_fragment():
        return make_response("", 200, {"HX-Redirect": target})
    return see_other(target)


task_words.tell(KIND, task_words.Words(_lines))
