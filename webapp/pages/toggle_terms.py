"""What whoever looks at a list may do there, and how its toggles behave for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from webapp.accounts.access import allowed, refusal
from webapp.accounts.rules import Right
from webapp.consent.queries import policy
from webapp.contacts.rules import Channel, State


class Look(NamedTuple):
    """What all rows of a state show alike. `label` is the toggle's name as far as the person.

    `on` says whether these people may be sent marketing. `why_not` is a sentence that says why
    the toggle cannot be used, empty where it can.
    """

    state: str
    word: str
    on: bool
    checked: str
    label: str
    why_not: str
    may_record: bool
    may_report: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What whoever looks at a list may do to its contacts.

    `no_opt_out` and `no_opt_in` are sentences that say why, empty where it is allowed.
    """

    no_opt_out: str
    no_opt_in: str
    may_edit: bool
    may_report: bool


@dataclass(frozen=True, slots=True)
class ToggleTerms(Terms):
    """The same with how toggles on a channel look, by state."""

    looks: dict[State, Look]


def terms() -> Terms:
    """Say what whoever asks may do."""
    may_report = not allowed(Right.OPT_OUT) and allowed(Right.REPORT_OPT_OUT)
    no_opt_out, no_opt_in = refusal(Right.OPT_OUT), refusal(Right.OPT_IN)
    return Terms(no_opt_out, no_opt_in, allowed(Right.WORK), may_report)


def toggle_terms(channel: Channel) -> ToggleTerms:
    """Say how toggles on a channel behave for whoever asks."""
    may = terms()
    unknown_is_on = not policy(channel).needs_opt_in

    def look(state: State) -> Look:
        on = state is State.OPTED_IN or (state is State.UNKNOWN and unknown_is_on)
        return Look(
            state=state.value,
            word=state.label,
            on=on,
            checked="true" if on else "false",
            label=f"{channel.label} consent of",
            why_not=may.no_opt_out if on else may.no_opt_in,
            may_record=state is State.UNKNOWN and on and not may.no_opt_in,
            may_report=may.may_report and state is not State.OPTED_OUT,
        )

    looks = {state: look(state) for state in State}
    return ToggleTerms(may.no_opt_out, may.no_opt_in, may.may_edit, may.may_report, looks)
