"""The evidence of an address: a page to read and to print, and the same as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.contacts.rules import Address, Channel, parse_address, provider_address
from webapp.core.days import FIRST_YEAR, LAST_YEAR
from webapp.core.errors import Invalid, NotFound
from webapp.core.web import see_other
from webapp.core.zones import local_moment, reader_zone, zone_named
from webapp.ledger.covering import covering
from webapp.pages.decisions import decisions_of
from webapp.pages.evidence_words import View
from webapp.privacy.evidence import Pack, check_past, pack_of
from webapp.privacy.evidence_json import as_json
from webapp.privacy.evidence_reading import key_of_event, note_read
from webapp.privacy.subjects import Subject, subject_of

blueprint = Blueprint("evidence", __name__)

KEY_BYTES = 32


@dataclass(frozen=True)
class Asked:
    """Whose evidence an address asks for, and as of when; as it was typed where it is wrong.

    `zone` is the one that the field for a moment names, in which it was and will be filled in.
    """

    subject: Subject | None
    at: datetime | None
    typed: str
    typed_at: str
    zone: ZoneInfo
    errors: dict[str, str]


@blueprint.get("/evidence")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show the evidence of an `address` (or a `key`), and what stood `at` a moment."""
    asked = _asked()
    if asked.subject is None or asked.errors:
        status = 422 if asked.errors else 200
        return render_template("evidence/page.html", asked=asked, view=None), status
    pack = _read(asked.subject, asked.at, "page")
    return render_template(
        "evidence/page.html",
        asked=asked,
        view=View(pack, asked.zone),
        decisions=decisions_of(left.message for part in pack.parts for left in part.sent),
    )


@blueprint.get("/evidence.json")
@requires(Right.SEE)
def download() -> ResponseReturnValue:
    """Send the pack as a file, with the chain. Raises Invalid."""
    asked = _asked()
    for name, sentence in asked.errors.items():
        raise Invalid(sentence, field=name)
    if asked.subject is None:
        raise Invalid("Say whose evidence: give an address.", field="address")
    pack = as_json(_read(asked.subject, asked.at, "json"))
    answer = Response(json.dumps(pack, indent=2) + "\n", mimetype="application/json")
    name = f"evidence-{pack['sha256'][:12]}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get("/evidence/events/<id:event_id>")
@requires(Right.SEE)
def event(event_id: int) -> ResponseReturnValue:
    """Lead to a consent event, on the page of its address."""
    found = key_of_event(event_id)
    if found is None:
        raise NotFound("That consent event is not there.")
    key, address = found
    whose = Subject(provider_address(address) if address else None, key)
    return see_other(f"{url_for('evidence.show')}?{urlencode(whose.params)}#event-{event_id}")


def _read(subject: Subject, at: datetime | None, form: str) -> Pack:
    note_read(actor(), subject.key, at, form=form)
    return pack_of(subject, at, covering)


def _asked() -> Asked:
    typed, errors = request.args.get("address", "").strip(), {}
    typed_at, zone = request.args.get("at", ""), reader_zone()
    # The form says in which zone it was filled in: the reader's may be known better by now.
    filled_in = zone_named(request.args.get("zone")) or zone
    subject, at = None, None
    try:
        subject = _subject(typed, request.args.get("key", ""))
    except Invalid as error:
        errors["address"] = error.message
    try:
        at = _moment(typed_at, filled_in)
    except Invalid as error:
        errors["at"] = error.message
    if typed_at and (subject is None or errors):
        zone = filled_in  # what was typed is shown again as it is
    return Asked(subject, at, typed, typed_at, zone, errors)


def _subject(typed: str, key: str) -> Subject | None:
    if typed:
        return subject_of(typed, _address)
    try:
        known = bytes.fromhex(key)
    except ValueError:
        known = b""
    return Subject.of_key(known) if len(known) == KEY_BYTES else None


def _address(typed: str) -> Address:
    """Read an address of whatever kind, a number also without its plus. Raises Invalid."""
    if "@" in typed:
        return parse_address(Channel.EMAIL, typed)
    try:
        return parse_address(Channel.WHATSAPP, typed)
    except Invalid:
        try:
            return parse_address(Channel.WHATSAPP, f"+{typed.lstrip('0')}")
        except Invalid:
            raise Invalid(
                f"“{typed[:80]}” is no address. Write a number with its country code, like"
                " +1 650 555 1234, an email address, or a WhatsApp id.",
                field="address",
            ) from None


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a past moment, in `zone` where it names none. Raises Invalid."""
    try:
        moment = local_moment(text, zone)
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError
    except (ValueError, OverflowError):
        raise Invalid("That is no moment. Choose a date and a time.", field="at") from None
    check_past(moment)
    return moment.astimezone(UTC) if moment else None
