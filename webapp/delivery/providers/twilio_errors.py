"""What Twilio's error codes mean for a message: data, and the one way to look it up.

Source: Twilio, "Error and Warning Dictionary". The same codes come in the answer to a send and,
later, in a `failed` or `undelivered` status.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.delivery.providers.base import Outcome

MINUTE, HOUR = 60.0, 3600.0


@dataclass(frozen=True)
class Rule:
    """What to do about one code; the flags are those of `base.Answer`."""

    outcome: Outcome
    meaning: str
    retry_after: float | None = None
    stop_campaign: bool = False


_CREDENTIALS = Rule(Outcome.ACCOUNT, "the account SID or the auth token is wrong")
_LOCKED = Rule(Outcome.ACCOUNT, "the Twilio account is not active")
_SENDER = Rule(Outcome.ACCOUNT, "HEED_TWILIO_FROM is no sender of this Twilio account")
_CALLS = Rule(Outcome.THROTTLED, "too many calls for this account")
_NUMBER = Rule(Outcome.REFUSED, "the number cannot receive an SMS")
_TEXT = Rule(Outcome.REFUSED, "Twilio does not accept the text")
_UNREGISTERED = Rule(
    Outcome.REFUSED, "the sender is not registered for this traffic", stop_campaign=True
)

RULES: dict[int, Rule] = {
    21610: Rule(Outcome.OPTED_OUT, "the person replied STOP to this sender"),
    20429: _CALLS,
    14107: _CALLS,
    21611: Rule(Outcome.THROTTLED, "the sender's queue is full", retry_after=MINUTE),
    30001: Rule(Outcome.THROTTLED, "the sender's queue is full", retry_after=MINUTE),
    63018: _CALLS,
    63017: _CALLS,
    63038: Rule(Outcome.THROTTLED, "the account's daily limit is reached", retry_after=HOUR),
    20003: _CREDENTIALS,
    20008: Rule(Outcome.ACCOUNT, "test credentials cannot send"),
    20403: Rule(Outcome.ACCOUNT, "the credentials do not allow it"),
    20404: _CREDENTIALS,  # the account in the address is not there
    20005: _LOCKED,
    30002: _LOCKED,
    21603: _SENDER,
    21606: _SENDER,
    21659: _SENDER,
    21660: _SENDER,
    21701: _SENDER,
    21703: Rule(Outcome.ACCOUNT, "the Messaging Service has no sender"),
    # Of one country alone: it must not hold up everybody else's messages.
    21408: Rule(Outcome.REFUSED, "the account may not send to this country"),
    21612: Rule(Outcome.REFUSED, "this sender cannot reach this number"),
    63014: Rule(Outcome.REFUSED, "the person blocked it"),
    63033: Rule(Outcome.REFUSED, "the person blocked it"),
    63016: Rule(Outcome.REFUSED, "more than 24 hours since the person last wrote"),
    30003: Rule(Outcome.REFUSED, "the phone could not be reached"),
    30004: Rule(Outcome.REFUSED, "the carrier blocks it"),
    30007: Rule(Outcome.REFUSED, "the carrier filtered it", stop_campaign=True),
    30008: Rule(Outcome.REFUSED, "the carrier did not say why"),
    **dict.fromkeys((21211, 21214, 21217, 21614, 21635, 30005, 30006), _NUMBER),
    **dict.fromkeys((21602, 21605, 21617, 21619), _TEXT),
    **dict.fromkeys((30032, 30034), _UNREGISTERED),
}


def rule_for(code: object) -> Rule | None:
    """Give what a code means, or None for one that is not known. Takes what stood in the JSON."""
    if isinstance(code, bool) or not isinstance(code, int | str):
        return None
    try:
        return RULES.get(int(code))
    except ValueError:
        return None
