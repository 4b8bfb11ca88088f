"""What the inbox may be asked for: a tab, a channel, a search; pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.contacts.rules import Channel

LONGEST_SEARCH = 200


class Tab(enum.StrEnum):
    """Which conversations."""

    ALL = "all"
    UNREAD = "unread"
    MINE = "mine"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True)
class Asked:
    """Which conversations are asked for, by the user `me`; all of it must hold."""

    me: int
    tab: Tab = Tab.ALL
    channel: Channel | None = None
    search: str = ""

    @property
    def filtered(self) -> bool:
        """True where something beside the tab narrows the list."""
        return bool(self.channel or self.search)

    def words(self) -> dict[str, str]:
        """Give what is set, as an address has it."""
        said = {
            "tab": "" if self.tab is Tab.ALL else str(self.tab),
            "channel": str(self.channel or ""),
            "q": self.search,
        }
        return {name: word for name, word in said.items() if word}


def read_asked(values: Mapping[str, str], me: int) -> Asked:
    """Read what an address asks for; a word that nobody knows asks for all."""
    tab, channel = values.get("tab"), values.get("channel")
    # A NUL is in no text that a database keeps.
    search = " ".join(values.get("q", "").replace("\0", " ").split())[:LONGEST_SEARCH]
    return Asked(
        me,
        Tab(tab) if tab in set(Tab) else Tab.ALL,
        Channel(channel) if channel in set(Channel) else None,
        search,
    )
