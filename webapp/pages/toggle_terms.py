"""How the toggles of a list behave for whoever looks at them."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.accounts.access import REFUSALS, allowed
from webapp.accounts.rules import Right
from webapp.consent.queries import policy
from webapp.contacts.rows import Row
from webapp.contacts.rules import Channel, State


@dataclass(frozen=True)
class ToggleTerms:
    """How toggles on a channel behave for whoever looks: what No record means, and what is refused.

    `no_opt_out` and `no_opt_in` are sentences that say why, empty where it is allowed.
    """

    needs_opt_in: bool
    no_opt_out: str
    no_opt_in: str
    may_report: bool
    may_edit: bool

    def on(self, row: Row) -> bool:
        """Tell whether this person may be sent marketing."""
        unknown_is_on = row.state is State.UNKNOWN and not self.needs_opt_in
        return row.state is State.OPTED_IN or unknown_is_on

    def why_not(self, row: Row) -> str:
        """Say why this row's toggle cannot be used; empty where it can."""
        return self.no_opt_out if self.on(row) else self.no_opt_in


def toggle_terms(channel: Channel) -> ToggleTerms:
    """Say how toggles on a channel behave for whoever asks."""
    return ToggleTerms(
        policy(channel).needs_opt_in,
        _refusal(Right.OPT_OUT),
        _refusal(Right.OPT_IN),
        not allowed(Right.OPT_OUT) and allowed(Right.REPORT_OPT_OUT),
        allowed(Right.WORK),
    )


def _refusal(right: Right) -> str:
    if not allowed(Right.WORK):
        return REFUSALS[Right.WORK]
    return "" if allowed(right) else REFUSALS[right]
