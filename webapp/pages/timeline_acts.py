"""A contact's activities by act: what one act did to both addresses of a person belongs together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webapp.consent.event_list import Note, notes_of
from webapp.consent.rules import SELF_EVIDENT, goes_along
from webapp.consent.undoing import ONE_ACT
from webapp.contacts.models import Activity
from webapp.contacts.rules import Channel

Data = dict[str, Any]
SAME = ("channel", "asked", "after", "source")  # of the lines that one act writes on a channel


@dataclass(frozen=True)
class Act:
    """One line of the timeline: the act's first activity, and the second that went along.

    `both` are the addresses of two.
    """

    first: Activity
    along: Activity | None = None
    both: tuple[str, ...] = ()

    @property
    def data(self) -> Data:
        """What to say: of two, of the one that changed, what both cancelled, and the addresses."""
        data = self.first.data
        if self.along is None:
            return data
        more = self.along.data
        before = more["before"] if data["before"] == data["after"] else data["before"]
        cancelled = (data.get("cancelled") or 0) + (more.get("cancelled") or 0)
        return {**data, "before": before, "cancelled": cancelled, "both": self.both}


def acts_of(activities: Sequence[Activity]) -> list[Act]:
    """Put activities together, newest first as they come; reads the notes of consent events."""
    events = [one.data["event_id"] for one in activities if _of_two(one)]
    notes = notes_of(events) if len(events) > 1 else {}
    acts: list[Act] = []
    for activity in activities:
        later = acts[-1].first if acts and acts[-1].along is None else None
        if later is not None and _went_along(later, activity, notes):
            acts.pop()
            both = sorted(notes[one.data["event_id"]].address for one in (activity, later))
            acts.append(Act(activity, later, tuple(both)))
        else:
            acts.append(Act(activity))
    return acts


def _of_two(activity: Activity) -> bool:
    """Tell whether an activity is a consent event on the channel where a person has two addresses."""
    data = activity.data
    return activity.kind == "consent" and data["channel"] == Channel.WHATSAPP and "event_id" in data


def _went_along(later: Activity, first: Activity, notes: dict[int, Note]) -> bool:
    """Tell whether the later one only went along, as its event's reason or words say."""
    if not (_of_two(later) and _of_two(first) and _at_once(later, first)):
        return False
    one, other = notes.get(later.data["event_id"]), notes.get(first.data["event_id"])
    if one is None or other is None or any(later.data[n] != first.data[n] for n in SAME):
        return False
    if one.address == other.address:
        return False
    if one.reason == goes_along(Channel.WHATSAPP, other.address):
        return True
    # The same reason stands with both where the act was on another channel, or of a file.
    return (bool(one.reason) and one.reason == other.reason) or _one_message(later, one, other)


def _one_message(later: Activity, one: Note, other: Note) -> bool:
    """Tell whether one message of the customer opted both in: the same words, the same moment."""
    theirs = later.data["source"] in SELF_EVIDENT
    same = (one.said, one.occurred_at) == (other.said, other.occurred_at)
    return theirs and bool(one.said) and same


def _at_once(later: Activity, first: Activity) -> bool:
    """Tell whether one person can have done both in one act: two may well note the same reason."""
    doer, other = (later.actor_kind, later.actor_id), (first.actor_kind, first.actor_id)
    return doer == other and abs(later.at - first.at) <= ONE_ACT
