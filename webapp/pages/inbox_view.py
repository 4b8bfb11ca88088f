"""What the inbox shows, and the addresses around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_login import current_user

from webapp.accounts.access import allowed
from webapp.accounts.models import User
from webapp.accounts.rules import Right
from webapp.contacts.rules import Channel
from webapp.conversations.assignment import assignee_of, who_answer
from webapp.core.paging import Page
from webapp.delivery.forms import read_override
from webapp.inbox import finding, thread
from webapp.inbox.asked import Asked, Tab, read_asked
from webapp.inbox.lines import Line
from webapp.inbox.listing import Listed, inbox_page
from webapp.inbox.stance import Stance, stance_of
from webapp.inbox.subscriptions import Standing, standing_of
from webapp.inbox.talks import Talk
from webapp.outbox.models import Message
from webapp.pages.pages_around import PagesAround

TABS = {
    Tab.ALL: "All",
    Tab.UNREAD: "Unread",
    Tab.MINE: "Mine",
    Tab.UNASSIGNED: "Unassigned",
}
CHOICES = [("", "All channels"), *((channel.value, channel.label) for channel in Channel)]


@dataclass(frozen=True)
class ListView(PagesAround):
    """The list: a page of conversations, `here` the one that is open, if one is."""

    asked: Asked
    listed: Listed
    cursor: str
    here: int | None

    @property
    def page(self) -> Page[Line]:
        """The conversations."""
        return self.listed.page

    @property
    def tabs(self) -> list[tuple[str, str, bool, None]]:
        """The tabs, with their addresses; the other filters stay."""
        words = self.asked.words()
        return [
            (label, self._at(words | {"tab": str(tab)}), tab is self.asked.tab, None)
            for tab, label in TABS.items()
        ]

    @property
    def url(self) -> str:
        """The address of this list alone."""
        return url_for("inbox.rows", cursor=self.cursor or None, here=self.here, **self._words)

    @property
    def page_url(self) -> str:
        """The address of the page that shows it."""
        return self._at(self._words, self.cursor)

    @property
    def cleared(self) -> str:
        """The same tab without a search or channel."""
        return self._at({name: word for name, word in self._words.items() if name == "tab"})

    @property
    def further(self) -> str:
        """The address at which a list goes on that did not look at all there is, or nothing."""
        return self.page_at(self.listed.further) if self.listed.further else ""

    @property
    def looked_at(self) -> int:
        """How many conversations such a list looks at."""
        return finding.WALKS[-1]

    def page_at(self, cursor: str) -> str:
        """Give the address of another page of the list."""
        return self._at(self._words, cursor)

    def open(self, line: Line) -> str:
        """The address of a conversation beside this list."""
        cursor = self.cursor or None
        return url_for("inbox.thread", conversation_id=line.id, cursor=cursor, **self._words)

    @property
    def _words(self) -> dict[str, Any]:
        return dict(self.asked.words())

    def _at(self, words: dict[str, Any], cursor: str = "") -> str:
        words = {name: word for name, word in words.items() if word != Tab.ALL}
        if self.here:
            return url_for(
                "inbox.thread", conversation_id=self.here, cursor=cursor or None, **words
            )
        return url_for("inbox.show", cursor=cursor or None, **words)


def list_view(here: int | None = None) -> ListView:
    """Read the list that the address asks for. Raises Invalid for a cursor of another one."""
    asked = read_asked(request.args, current_user.id)
    cursor = request.args.get("cursor", "")
    return ListView(asked, inbox_page(asked, cursor), cursor, here)


@dataclass(frozen=True)
class TalkView:
    """A conversation: its thread, who answers it, what may be answered, who it is with."""

    talk: Talk
    part: thread.Part
    waiting: list[Message]
    stance: Stance
    standing: list[Standing]
    assignee_id: int | None
    users: list[User]

    @property
    def back(self) -> str:
        """The address of this conversation, with the list's filters."""
        return url_for("inbox.thread", conversation_id=self.talk.id, **self.words)

    @property
    def words(self) -> dict[str, Any]:
        """The list's filters."""
        return dict(read_asked(request.args, current_user.id).words())

    @property
    def assignee(self) -> str:
        """What to call whoever answers it."""
        named = next((user.name for user in self.users if user.id == self.assignee_id), "")
        return named or ("A former user" if self.assignee_id else "Nobody")

    @property
    def seen(self) -> int:
        """The newest message that is shown and that somebody should know to be read; 0: none."""
        return self.part.heard if self.talk.row.unread and allowed(Right.WORK) else 0


def talk_view(talk: Talk) -> TalkView:
    """Read what a conversation's page shows; `since` and `before` of the address bound the thread.

    Raises Invalid for one that is no place in a thread.
    """
    before = request.args.get("before", "")
    row = talk.row
    part = (
        thread.earlier(row, before) if before else thread.newest(row, request.args.get("since", ""))
    )
    return TalkView(
        talk,
        part,
        [] if before else thread.waiting(row),
        stance_of(talk),
        standing_of(talk),
        assignee_of(row.id),
        who_answer(),
    )


def anyway() -> int | None:
    """Give the opt-out that somebody chose to reply past, as the form or the address says."""
    return read_override(request.values)
