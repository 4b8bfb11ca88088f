"""May this person be messaged? One answer for the contact's page and for POST /check.

It is `queries.weigh`'s, by which `judge` judges what is written and whose SQL twin lets a claim go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.consent import queries
from webapp.consent.models import ConsentState
from webapp.consent.rules import Decision, Policy, Rule, deciding_event
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, State
from webapp.outbox.rules import SENTENCES, Category, Origin, Reason

# Who sends, in the order in which the card shows them. The table treats what is scheduled and
# what an automation sends as it treats the API.
HOWS = (Origin.MANUAL, Origin.CAMPAIGN, Origin.API)

_WHY: dict[Rule, str] = {
    Rule.CONFIRMATION: "It confirms what the person did, which is not marketing.",
    Rule.OPTED_OUT: SENTENCES[Reason.OPTED_OUT],
    Rule.NEEDS_OPT_IN: SENTENCES[Reason.NO_RECORDED_OPT_IN],
    Rule.HELD: SENTENCES[Reason.HELD_FOR_REVIEW],
    Rule.ACCOUNT_HELD: SENTENCES[Reason.HELD_AFTER_RESTORE],
    Rule.EXEMPT: "An opt-out on this channel does not stop what is no marketing.",
    Rule.MANUAL_SERVICE: "What is no marketing may be sent by hand.",
    Rule.SEEN_WARNING: "Somebody saw the warning that this person opted out and sent it.",
    Rule.STALE_EPOCH: "The person opted out after it was written.",
}


def why(rule: Rule, state: State) -> str:
    """Say in a sentence what a line of the table says where this state stands."""
    if rule is Rule.FREE:
        if state is State.OPTED_IN:
            return "The person is opted in to this channel."
        return "There is no record, and this channel needs none."
    return _WHY[rule]


@dataclass(frozen=True)
class Answer:
    """What the table says of one kind of send. `event_id` is the consent event that decided."""

    channel: Channel
    category: Category
    origin: Origin
    state: State
    decision: Decision
    event_id: int | None

    @property
    def why(self) -> str:
        """The reason in a sentence."""
        return why(self.decision.rule, self.state)


def answer(channel: Channel, keys: Sequence[bytes], category: Category, origin: Origin) -> Answer:
    """Judge one kind of send to whoever has these keys on the channel, now; two or three reads."""
    rows = queries.states_of([(channel, key) for key in keys])
    return _answer(channel, rows.get(channel, []), queries.policy(channel), category, origin)


def answers_for(person: Contact) -> dict[Channel, list[Answer]]:
    """Judge every kind of send to a contact, on the channels on which they have an address.

    By category, then by who sends; five reads in all.
    """
    keys = {channel: person.keys(channel) for channel in Channel if person.address(channel)}
    rows = queries.states_of([(channel, key) for channel in keys for key in keys[channel]])
    return {channel: _all(channel, rows[channel], queries.policy(channel)) for channel in keys}


def _all(channel: Channel, rows: list[ConsentState], policy: Policy) -> list[Answer]:
    return [
        _answer(channel, rows, policy, category, origin) for category in Category for origin in HOWS
    ]


def _answer(
    channel: Channel,
    rows: list[ConsentState],
    policy: Policy,
    category: Category,
    origin: Origin,
) -> Answer:
    decision, row = queries.weigh(rows, policy, category, origin)
    state = row.state if row else State.UNKNOWN
    event_id = deciding_event(decision.rule, row.event_id, row.out_event_id) if row else None
    return Answer(channel, category, origin, state, decision, event_id)
