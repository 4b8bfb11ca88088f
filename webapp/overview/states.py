"""How many contacts are in, out, or neither, on each channel."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, select, union_all

from webapp.consent.exclusions import OPTED_OUT, nobody
from webapp.consent.models import ConsentState
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, State
from webapp.core.db import db
from webapp.figures.service import Counted

NAME = "states"


@dataclass(frozen=True)
class ChannelStates:
    """A channel's contacts by state, and the addresses on its exclusion list, contact or not."""

    channel: Channel
    contacts: dict[State, int]
    excluded: int

    @property
    def total(self) -> int:
        """All contacts: the same on each channel."""
        return sum(self.contacts.values())

    def share(self, state: State) -> str:
        """Say a state's share of the contacts in whole percent; what rounds to none is “<1%”."""
        count = self.contacts[state]
        percent = round(100 * count / self.total)
        return "<1%" if count and not percent else f"{percent}%"

    def stretches(self) -> list[tuple[State, float, float]]:
        """Give where each state begins on a bar of 1000, and how long it is."""
        found, start = [], 0.0
        for state in (State.OPTED_IN, State.UNKNOWN, State.OPTED_OUT):
            width = round(1000 * self.contacts[state] / max(self.total, 1), 1)
            found.append((state, round(start, 1), width))
            start += width
        return found


def count_states() -> Counted:
    """Count contacts by channel and state, and exclusion lists by channel; reads an index each."""
    by_state = union_all(
        *(
            select(literal(str(channel)), column, func.count()).group_by(column)
            for channel in Channel
            for column in [getattr(Contact, f"{channel}_state")]
        )
    )
    out = select(ConsentState.channel).where(ConsentState.state == OPTED_OUT)
    out = out.group_by(ConsentState.channel)
    excluded = union_all(
        out.add_columns(func.count()), out.add_columns(-func.count()).where(nobody())
    )
    found: dict[str, dict[str, int]] = {str(channel): {} for channel in Channel}
    for channel, state, count in db.session.execute(by_state):
        found[channel][state] = count
    lists: Counter[str] = Counter()
    for channel, count in db.session.execute(excluded):
        lists[str(channel)] += count
    rows = sum(sum(counts.values()) for counts in found.values()) // len(Channel)
    return Counted({"contacts": found, "excluded": dict(+lists)}, rows)


def read_states(value: Any) -> list[ChannelStates]:
    """Read what `count_states` gave, by channel in the usual order; a state without any is 0."""
    return [
        ChannelStates(
            channel,
            {state: value["contacts"][channel].get(state, 0) for state in State},
            value["excluded"].get(channel, 0),
        )
        for channel in Channel
    ]
