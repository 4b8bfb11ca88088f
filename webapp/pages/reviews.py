"""Review: replies that read like a request to stop, each with one key to decide what it meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, ensure, requires
from webapp.accounts.rules import Right
from webapp.consent.review_lines import Line
from webapp.consent.review_list import Tab, count_open, review_page
from webapp.consent.review_scenes import Decided, Decision
from webapp.consent.reviews import RIGHTS, dismiss_review, opt_out_review, reopen_review
from webapp.consent.service import settle
from webapp.core import clock
from webapp.core.db import transaction
from webapp.core.errors import Conflict, NotFound
from webapp.core.paging import Page
from webapp.core.web import local_path, page_or_fragment, read_id
from webapp.core.zones import reader_zone
from webapp.events.service import change_number
from webapp.keywords.marking import Part, marked
from webapp.pages.pages_around import PagesAround
from webapp.pages.presentation import Undo, dialog_done, toast
from webapp.pages.review_words import say, say_all, say_count

blueprint = Blueprint("reviews", __name__)

MOST_TICKED = 100


@dataclass(frozen=True)
class View(PagesAround):
    """One page of a tab and the addresses around it."""

    tab: Tab
    page: Page[Line]
    count: int
    cursor: str
    zone: ZoneInfo
    today: date

    @classmethod
    def asked(cls) -> View:
        """Read the page that the address asks for; a tab that nobody knows is the open one."""
        tab = Tab.DECIDED if request.args.get("tab") == Tab.DECIDED else Tab.OPEN
        cursor, zone = request.args.get("cursor", ""), reader_zone()
        today = clock.now().astimezone(zone).date()
        return cls(tab, review_page(tab, cursor=cursor), count_open(), cursor, zone, today)

    @property
    def tabs(self) -> list[tuple[str, str, bool, None]]:
        """The two tabs, with their addresses."""
        return [(t.capitalize(), self._at(t), t is self.tab, None) for t in Tab]

    @property
    def here(self) -> str:
        """The address of this page."""
        return self._at(self.tab, self.cursor)

    @property
    def waiting(self) -> str:
        """How many wait, as far as they are counted."""
        return say_count(self.count)

    def page_at(self, cursor: str) -> str:
        """Give the address of another page of the tab."""
        return self._at(self.tab, cursor)

    def parts(self, line: Line) -> list[Part]:
        """The reply, divided by the words that made it wait."""
        return marked(line.review.said, line.review.because.get("words", ()))

    def _at(self, tab: Tab, cursor: str = "") -> str:
        return url_for("reviews.show", tab=tab, cursor=cursor or None)


@blueprint.get("/review")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show what waits for a decision, or what was decided; the list alone for htmx."""
    number = change_number()
    view = View.asked()
    return page_or_fragment(
        "reviews/page.html", "reviews/list.html", view=view, change_number=number
    )


@blueprint.get("/review/count")
@requires(Right.SEE, reads=True)
def count() -> ResponseReturnValue:
    """Give how many wait, for the menu; nothing where none does."""
    return say_count(found) if (found := count_open()) else ""


@blueprint.post("/review/<id:review_id>/opt-out")
@requires(RIGHTS[Decision.OPTED_OUT])
def opt_out(review_id: int) -> ResponseReturnValue:
    """Decide that it was a request to stop, and answer when nothing more can leave."""
    done = transaction(lambda: opt_out_review(review_id, actor()))
    settle(done.changes, also=done.places)
    toast(say(done))
    return _answer()


@blueprint.post("/review/<id:review_id>/dismiss")
@requires(RIGHTS[Decision.DISMISSED])
def dismiss(review_id: int) -> ResponseReturnValue:
    """Decide that it was none: marketing goes on."""
    done = transaction(lambda: dismiss_review(review_id, actor()))
    back = Undo(url_for("reviews.reopen", review_id=review_id))
    toast(say(done), undo=None if done.again else back)
    return _answer()


@blueprint.post("/review/<id:review_id>/reopen")
@requires(RIGHTS[Decision.DISMISSED])
def reopen(review_id: int) -> ResponseReturnValue:
    """Take back one's own dismissal of the last minute."""
    try:
        done = transaction(lambda: reopen_review(review_id, actor()))
    except Conflict as error:
        toast(error.message)
    else:
        toast(f"Undone: the reply of {done.name} waits again, and marketing with it.")
    return _answer()


@blueprint.post("/review/ticked")
@requires(Right.WORK)
def ticked() -> ResponseReturnValue:
    """Decide all that are ticked in one way, each by itself; one that is gone is left out."""
    wanted = Decision.OPTED_OUT if request.form.get("do") == "opt-out" else Decision.DISMISSED
    ensure(RIGHTS[wanted])
    ids = dict.fromkeys(map(read_id, request.form.getlist("review")[:MOST_TICKED]))
    met = [_decided(wanted, number) for number in ids if number is not None]
    done = [one for one in met if one is not None]
    settle(
        (change for one in done for change in one.changes),
        also=[place for one in done for place in one.places],
    )
    toast(say_all(wanted, done, gone=len(met) - len(done)))
    return _answer()


def _decided(wanted: Decision, review_id: int) -> Decided | None:
    """Decide one and commit it; None where there is no such reply, as after an erasure."""
    decide = opt_out_review if wanted is Decision.OPTED_OUT else dismiss_review
    try:
        return transaction(lambda: decide(review_id, actor()))
    except NotFound:
        return None


def _answer() -> ResponseReturnValue:
    return dialog_done(local_path(request.form.get("next"), url_for("reviews.show")))
