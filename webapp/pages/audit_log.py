"""The audit log: every entry in a sentence, filtered, page by page, and as a CSV file."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from webapp.accounts.access import actor, requires
from webapp.accounts.queries import actors
from webapp.accounts.rules import ActorKind, Right
from webapp.audit import queries
from webapp.audit.queries import Asked, Entry, OfContact
from webapp.audit.service import record
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.csv_streams import BROKEN_OFF
from webapp.core.days import Days, parse_days
from webapp.core.db import db, transaction
from webapp.core.errors import Invalid
from webapp.core.spreadsheets import BYTE_ORDER_MARK, csv_download, csv_line
from webapp.core.web import page_or_fragment, read_id
from webapp.core.zones import reader_zone
from webapp.pages import audit_words as words

blueprint = Blueprint("audit_log", __name__, url_prefix="/settings/audit")

HEADER = ("Time", "Who", "What", "Action", "Contact", "Before", "After", "Detail")
LINES = 200  # that leave as one piece
SYSTEM = "Heed"


@dataclass(frozen=True)
class Filter:
    """The filters as the address has them, read."""

    who: str
    kind: str
    days: Days
    contact_id: int | None

    def params(self) -> dict[str, Any]:
        """Give what is set, as an address has it."""
        first, last = self.days.first, self.days.last
        said = {"who": self.who, "kind": self.kind, "contact": self.contact_id}
        return {name: str(v) for name, v in (said | {"from": first, "to": last}).items() if v}

    def asked(self, zone: ZoneInfo) -> Asked:
        """Give what is to be read."""
        kind, _, number = self.who.partition("-")
        who = (ActorKind(kind), read_id(number)) if self.who else None
        contact = _of_contact(self.contact_id) if self.contact_id else None
        return Asked(zone, who, words.actions_of(self.kind), self.days, contact)


@blueprint.get("")
@requires(Right.ADMINISTER)
def show() -> ResponseReturnValue:
    """Show the log; its rows alone for htmx."""
    chosen = _read()
    found = queries.page(chosen.asked(reader_zone()), request.args.get("cursor", ""))
    return page_or_fragment(
        "audit_log/page.html",
        "audit_log/rows.html",
        chosen=chosen,
        found=found,
        names=_names(found.items),
        words=words,
        people=[("", "Everybody"), *_people()],
        kinds=[("", "All acts"), *words.KINDS.items()],
        newer=_address(chosen, found.previous_cursor),
        older=_address(chosen, found.next_cursor),
        export=url_for("audit_log.export", **chosen.params()),
    )


@blueprint.get("/export.csv")
@requires(Right.ADMINISTER)
def export() -> ResponseReturnValue:
    """Send what is filtered as a CSV file, row by row, once it is noted who took it."""
    chosen, zone, who = _read(), reader_zone(), actor()
    asked = chosen.asked(zone)
    db.session.rollback()  # on SQLite a transaction that has read may not write
    noted = [list(pair) for pair in chosen.params().items()]
    transaction(lambda: record(who, "audit_log.exported", asked=noted, file="csv"))
    name = f"audit-log-{clock.now().astimezone(zone):%Y-%m-%d}.csv"
    return csv_download(name, stream_with_context(_csv(asked, zone)))


def _read() -> Filter:
    """Read the address; a person or kind that nobody knows asks for all. Raises Invalid."""
    args = request.args
    contact = args.get("contact", "").strip()
    contact_id = read_id(contact)
    if contact and contact_id is None:
        raise Invalid("A contact id is a number, as in the address of its page.", field="contact")
    who, kind = args.get("who", ""), args.get("kind", "")
    return Filter(
        who if who in dict(_people()) else "",
        kind if kind in words.KINDS else "",
        parse_days(args.get("from", ""), args.get("to", "")),
        contact_id,
    )


def _people() -> list[tuple[str, str]]:
    """Give everybody who can have done something, as the filter names them."""
    known = [(f"{kind}-{number}", name) for (kind, number), name in actors().items()]
    return [*known, (f"{ActorKind.SYSTEM}-", SYSTEM)]


def _of_contact(contact_id: int) -> OfContact:
    contact = db.session.get(Contact, contact_id)
    keys = {key for channel in Channel for key in contact.keys(channel)} if contact else set()
    return OfContact(contact_id, tuple(sorted(keys)), words.OF_CONTACTS)


def _names(entries: Iterable[Entry]) -> dict[int, str]:
    """Give what those contacts are called now whom entries are about, as far as they are there.

    The log itself keeps no names of contacts.
    """
    ids = {number for one in entries if (number := words.contact_of(one.action, one.detail))}
    there = select(Contact).where(Contact.id.in_(ids)).options(lazyload(Contact.tags))
    return {one.id: one.display_name for one in db.session.scalars(there)} if ids else {}


def _address(chosen: Filter, cursor: str | None) -> str:
    return url_for("audit_log.show", **chosen.params(), cursor=cursor) if cursor else ""


def _csv(asked: Asked, zone: ZoneInfo) -> Generator[bytes]:
    """Give the file piece by piece (RFC 4180); no cell is a formula.

    An error among the rows is raised after a line that says so in the file.
    """
    yield (BYTE_ORDER_MARK + csv_line(HEADER)).encode()
    entries = queries.every(asked)
    try:
        while some := list(islice(entries, LINES)):
            yield "".join(csv_line(_cells(entry, zone)) for entry in some).encode()
    except Exception:
        yield BROKEN_OFF.encode()
        raise


def _cells(entry: Entry, zone: ZoneInfo) -> list[Any]:
    changed = words.changed(entry.detail)
    return [
        entry.at.astimezone(zone).isoformat(timespec="seconds"),
        entry.actor_name or SYSTEM,
        words.sentence(entry.action, entry.detail),
        entry.action,
        words.contact_of(entry.action, entry.detail),
        "; ".join(f"{one.label}: {one.before}" for one in changed),
        "; ".join(f"{one.label}: {one.after}" for one in changed),
        json.dumps(entry.detail, ensure_ascii=False, sort_keys=True),
    ]
