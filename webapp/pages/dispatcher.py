"""The dispatcher: what will leave and when, and what became of it."""

from __future__ import annotations

import enum
from typing import Any, TypeVar

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.contacts.rules import Channel
from webapp.core.days import parse_days
from webapp.core.web import page_or_fragment, wants_fragment
from webapp.core.zones import reader_zone
from webapp.events.service import change_number
from webapp.ledger import restoring
from webapp.outbox.dispatch import CONSENT, Asked, Leaves, Tab, dispatch_page
from webapp.outbox.rules import Origin, Reason, Status
from webapp.pages.decisions import decisions_of
from webapp.pages.presentation import word

blueprint = Blueprint("dispatcher", __name__)

Word = TypeVar("Word", bound=enum.StrEnum)


@blueprint.get("/dispatcher")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show the queue or the history; the rows alone for htmx."""
    number, asked = change_number(), _asked()
    found = dispatch_page(asked, request.args.get("cursor", ""), zone=reader_zone())
    return page_or_fragment(
        "dispatcher/page.html",
        "dispatcher/rows.html",
        change_number=number,
        asked=asked,
        found=found,
        decisions=decisions_of(line.message for line in found.items),
        here=_address(asked, cursor=request.args.get("cursor")),
        newer=found.previous_cursor and _address(asked, cursor=found.previous_cursor),
        older=found.next_cursor and _address(asked, cursor=found.next_cursor),
        tabs=[(tab.value.capitalize(), _tab(asked, tab), tab is asked.tab, None) for tab in Tab],
        choices=_choices(asked.tab),
        marketing_held=None if wants_fragment() else restoring.standing(),
    )


def _asked() -> Asked:
    """Read the filters of the address; a word that nobody knows asks for all. Raises Invalid."""
    args = request.args
    reason = args.get("reason")
    return Asked(
        _word(Tab, args.get("tab")) or Tab.QUEUE,
        _word(Channel, args.get("channel")),
        _word(Status, args.get("status")),
        _word(Origin, args.get("origin")),
        CONSENT if reason == CONSENT else _word(Reason, reason),
        parse_days(args.get("from", ""), args.get("to", "")),
        _word(Leaves, args.get("leaves")),
    )


def _word(words: type[Word], text: str | None) -> Word | None:
    try:
        return words(text) if text else None
    except ValueError:
        return None


def _address(asked: Asked, **more: Any) -> str:
    return url_for("dispatcher.show", **asked.words(), **{k: v for k, v in more.items() if v})


def _tab(asked: Asked, tab: Tab) -> str:
    """Give the address of a tab; what both tabs can filter by stays."""
    return url_for("dispatcher.show", tab=tab, channel=asked.channel, origin=asked.origin)


def _choices(tab: Tab) -> dict[str, list[tuple[str, str]]]:
    """Give what the filters of a tab offer, the first of each asking for all."""
    found = {
        "channel": [("", "All channels"), *((c.value, c.label) for c in Channel)],
        "origin": [("", "All origins"), *((o.value, word(o)) for o in Origin)],
    }
    if tab is Tab.QUEUE:
        soon = [(Leaves.HOUR.value, "In the next hour"), (Leaves.DAY.value, "In 24 hours")]
        found["leaves"] = [("", "Leave at any time"), *soon]
    else:
        ends = [s for s in Status if s not in (Status.SCHEDULED, Status.SENDING)]
        found["status"] = [("", "All statuses"), *((s.value, word(s)) for s in ends)]
        reasons = [(r.value, word(r)) for r in Reason]
        found["reason"] = [("", "All reasons"), (CONSENT, "Stopped by consent"), *reasons]
    return found
