"""May this person be messaged? One answer for the contact's page and for POST /check.

It is `queries.weigh`'s, by which `judge` judges what is written and whose SQL twin lets a claim go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.consent import queries
from webapp.consent.models import ConsentState
from webapp.consent.reports import only_reported
from webapp.consent.review_list import open_reviews
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
_REPORTED = "Somebody reported an opt-out, which waits for a decision."


def why(rule: Rule, state: State, *, reported: bool = False) -> str:
    """Say in a sentence what a line of the table says where this state stands.

    `reported`: what holds the channel is nothing but what somebody reported.
    """
    if rule is Rule.HELD and reported:
        return _REPORTED
    if rule is Rule.FREE:
        if state is State.OPTED_IN:
            return "The person is opted in to this channel."
        return "There is no record, and this channel needs none."
    return _WHY[rule]


@dataclass(frozen=True)
class Answer:
    """What the table says of one kind of send. `event_id` is the consent event that decided.

    `reported`: what holds the channel, if anything, is nothing but what somebody reported.
    """

    channel: Channel
    category: Category
    origin: Origin
    state: State
    decision: Decision
    event_id: int | None
    reported: bool = False

    @property
    def why(self) -> str:
        """The reason in a sentence."""
        return why(self.decision.rule, self.state, reported=self.reported)


def answer(channel: Channel, keys: Sequence[bytes], category: Category, origin: Origin) -> Answer:
    """Judge one kind of send to whoever has these keys on the channel, now; two or three reads."""
    rows = queries.states_of([(channel, key) for key in keys])
    return _answer(channel, rows.get(channel, []), queries.policy(channel), category, origin)


def answers_for(person: Contact) -> dict[Channel, list[Answer]]:
    """Judge every kind of send to a contact, on the channels on which they have an address.

    By category, then by who sends; five reads in all, one more where a channel is held.
    """
    keys = {channel: person.keys(channel) for channel in Channel if person.address(channel)}
    rows = queries.states_of([(channel, key) for channel in keys for key in keys[channel]])
    reported = _reported(person, rows)
    return {
        channel: [
            replace(one, reported=channel in reported)
            for one in _all(channel, rows[channel], queries.policy(channel))
        ]
        for channel in keys
    }


def _reported(person: Contact, rows: Mapping[Channel, list[ConsentState]]) -> set[Channel]:
    """Give the channels of a contact that are held because of nothing but reports."""
    every = [row for some in rows.values() for row in some]
    if not any(row.held for row in every):
        return set()
    return only_reported(open_reviews(person.id, list({row.key for row in every})))


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
