"""What WhatsApp's error codes mean for a message: data, and the one way to look it up.

Source: Meta, "Error codes" of the WhatsApp Business Platform (15 May 2026). The same codes come
in the answer to a send and, later, in a `failed` status; the HTTP status beside them varies and
says nothing more, so only the code decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.delivery.providers.base import Outcome

HOUR = 3600.0


@dataclass(frozen=True)
class Rule:
    """What to do about one code; the flags are those of `base.Answer`."""

    outcome: Outcome
    meaning: str
    retry_after: float | None = None
    pair: bool = False
    stop_campaign: bool = False
    next_day: bool = False


_TRANSIENT = Rule(Outcome.NOT_TAKEN, "WhatsApp had a passing fault")
_TEMPLATE = Rule(Outcome.REFUSED, "the template cannot be sent as it is", stop_campaign=True)
_REQUEST = Rule(Outcome.REFUSED, "WhatsApp does not accept the request")
_PERMISSION = Rule(Outcome.ACCOUNT, "the access token or its permissions do not allow it")
_BLOCKED = Rule(Outcome.ACCOUNT, "the WhatsApp account is blocked or restricted")
_PAYMENT = Rule(Outcome.ACCOUNT, "the WhatsApp account has no valid payment")
_APP_LIMIT = Rule(Outcome.THROTTLED, "too many calls for this account", retry_after=60.0)

RULES: dict[int, Rule] = {
    131050: Rule(Outcome.OPTED_OUT, "the person stopped marketing messages from this business"),
    131049: Rule(
        Outcome.REFUSED,
        "WhatsApp limits marketing to this person for now",
        next_day=True,
    ),
    130472: Rule(Outcome.REFUSED, "the person is in an experiment of Meta's"),
    131047: Rule(Outcome.REFUSED, "more than 24 hours since the person last wrote"),
    131026: Rule(Outcome.REFUSED, "the number cannot receive this on WhatsApp"),
    130429: Rule(Outcome.THROTTLED, "too many messages a second from this number"),
    131056: Rule(Outcome.THROTTLED, "too many messages to this person", pair=True),
    131048: Rule(
        Outcome.THROTTLED,
        "the number is limited because messages were reported as spam",
        retry_after=HOUR,
        stop_campaign=True,
    ),
    4: _APP_LIMIT,
    80007: _APP_LIMIT,
    133016: Rule(Outcome.THROTTLED, "the number was registered too often", retry_after=HOUR),
    1: _TRANSIENT,
    2: _TRANSIENT,
    131000: _TRANSIENT,
    131016: _TRANSIENT,
    131057: Rule(Outcome.NOT_TAKEN, "the number is in maintenance", retry_after=60.0),
    0: _PERMISSION,
    3: _PERMISSION,
    10: _PERMISSION,
    190: _PERMISSION,
    368: _BLOCKED,
    130497: _BLOCKED,
    131031: _BLOCKED,
    131042: _PAYMENT,
    131044: _PAYMENT,
    132007: _TEMPLATE,
    131063: Rule(
        Outcome.REFUSED,
        "marketing must go through the Marketing Messages API",
        stop_campaign=True,
    ),
    131064: Rule(
        Outcome.REFUSED,
        "the messaging limit was cut for a misused template",
        stop_campaign=True,
    ),
    131062: Rule(Outcome.REFUSED, "this cannot be sent to a user id, only to a number"),
    **dict.fromkeys((100, 131008, 131009, 131021, 131030, 131037, 131045, 131051), _REQUEST),
    **dict.fromkeys(range(132000, 132017), _TEMPLATE),
    **dict.fromkeys(range(200, 300), _PERMISSION),
}

WRONG_OBJECT = Rule(Outcome.ACCOUNT, "the phone number id is wrong or not open to this token")
"""Code 100 with subcode 33: the address of the request itself is wrong, for every message."""


def rule_for(code: int | str | None, subcode: int | str | None = None) -> Rule | None:
    """Give what a code means, or None for one that is not known.

    Takes what stood in the JSON, number or text; anything else is unknown.
    """
    try:
        number = int(code) if code is not None else None
    except ValueError:
        return None
    if number == 100 and str(subcode) == "33":
        return WRONG_OBJECT
    return RULES.get(number) if number is not None else None
