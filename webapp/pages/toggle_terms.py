"""How the toggles of a list behave for whoever looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from webapp.accounts.access import REFUSALS, allowed
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
class ToggleTerms:
    """How toggles on a channel behave for whoever looks: what is refused, and each state's look.

    `no_opt_out` and `no_opt_in` are sentences that say why, empty where it is allowed.
    """

    no_opt_out: str
    no_opt_in: str
    may_edit: bool
    looks: dict[State, Look]


def toggle_terms(channel: Channel) -> ToggleTerms:
    """Say how toggles on a channel behave for whoever asks."""
    no_opt_out, no_opt_in = _refusal(Right.OPT_OUT), _refusal(Right.OPT_IN)
    unknown_is_on = not policy(channel).needs_opt_in
    may_report = not allowed(Right.OPT_OUT) and allowed(Right.REPORT_OPT_OUT)

    def look(state: State) -> Look:
        on = state is State.OPTED_IN or (state is State.UNKNOWN and unknown_is_on)
        return Look(
            state=state.value,
            word=state.label,
            on=on,
            checked="true" if on else "false",
            label=f"{channel.label} consent of",
            why_not=no_opt_out if on else no_opt_in,
            may_record=state is State.UNKNOWN and on and not no_opt_in,
            may_report=may_report and state is not State.OPTED_OUT,
        )

    looks = {state: look(state) for state in State}
    return ToggleTerms(no_opt_out, no_opt_in, allowed(Right.WORK), looks)


def _refusal(right: Right) -> str:
    if not allowed(Right.WORK):
        return REFUSALS[Right.WORK]
    return "" if allowed(right) else REFUSALS[right]
