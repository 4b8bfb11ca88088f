"""Why a message is where it is, in a sentence."""

from __future__ import annotations

from webapp.outbox.models import Message
from webapp.outbox.rules import SENTENCES, Origin, Reason, Status, reason_word

CONSENT_REASONS = frozenset({Reason.OPTED_OUT, Reason.NO_RECORDED_OPT_IN})
NOBODY_KNOWN = "Somebody"  # where it is not known, or not asked, who did it


def explain(message: Message) -> str:
    """Say in a sentence what became of a message and why, with the consent event if any."""
    return " ".join([headline(message), *_because(message)])


def because(message: Message, writer: str = "", canceller: str = "") -> str:
    """Say why, in full sentences without the headline; empty where there is nothing to say.

    `writer` is the name of the message's actor, `canceller` that of who cancelled it by hand.
    """
    return " ".join(_because(message, writer, canceller))


def saw_warning(message: Message) -> bool:
    """Tell whether a person sent this by hand past a warning."""
    return message.override_event_id is not None and message.origin is Origin.MANUAL


def _because(message: Message, writer: str = "", canceller: str = "") -> list[str]:
    said = []
    if message.reason is Reason.BY_PERSON and canceller:
        said.append(f"{canceller} cancelled it.")
    elif message.reason is not None:
        said.append(SENTENCES[message.reason])
    if message.detail and message.status is not Status.SENT:
        said.append(f"The provider said: {message.detail.rstrip('.')}.")
    if message.event_id and message.reason in CONSENT_REASONS:
        said.append(f"Decided by consent event {message.event_id}.")
    if saw_warning(message):
        said.append(_past_warning(message.override_event_id, _capital(writer) or NOBODY_KNOWN))
    return said


def _past_warning(event_id: int | None, who: str) -> str:
    """Say who sent past which warning; 0 is that of no record, which no event stands for."""
    if not event_id:
        return f"{who} saw the warning that there is no recorded opt-in, and sent it."
    return f"{who} saw the warning that this person opted out, and sent it (event {event_id})."


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def headline(message: Message) -> str:
    """Give the status and, in one or two words, the reason: “Cancelled: opted out.”"""
    word = message.status.value.capitalize()
    if message.reason is None:
        return f"{word}."
    return f"{word}: {reason_word(message.reason)}."
