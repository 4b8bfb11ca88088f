"""Why a message is where it is, in a sentence."""

from __future__ import annotations

from webapp.outbox.models import Message
from webapp.outbox.rules import SENTENCES, Origin, Reason, Status

CONSENT_REASONS = frozenset({Reason.OPTED_OUT, Reason.NO_RECORDED_OPT_IN})


def explain(message: Message) -> str:
    """Say in a sentence what became of a message and why, with the rule and event if any."""
    return " ".join([headline(message), *_because(message)])


def because(message: Message) -> str:
    """Say why, in full sentences without the headline; empty where there is nothing to say."""
    return " ".join(_because(message))


def _because(message: Message) -> list[str]:
    said = []
    if message.reason is not None:
        said.append(SENTENCES[message.reason])
    if message.detail and message.status is not Status.SENT:
        said.append(f"The provider said: {message.detail.rstrip('.')}.")
    if message.event_id and message.reason in CONSENT_REASONS:
        said.append(f"Decided by consent event {message.event_id} (rule {message.rule}).")
    if message.override_event_id is not None and message.origin is Origin.MANUAL:
        said.append("Somebody saw the warning that this person opted out and sent it.")
    return said


def headline(message: Message) -> str:
    """Give the status and, in one or two words, the reason: “Cancelled: opted out.”"""
    word = message.status.value.capitalize()
    if message.reason is None:
        return f"{word}."
    return f"{word}: {message.reason.value.replace('_', ' ')}."
