"""What a mail server's replies mean for a message. Pure."""

from __future__ import annotations

import enum
import re

from webapp.delivery.providers.answers import DETAIL_LENGTH
from webapp.delivery.providers.base import Answer, Outcome

# A server that puts somebody off means minutes, not seconds (RFC 5321, 4.5.4.1; RFC 6647).
PUT_OFF = 300.0
SLOW_DOWN = 60.0
OUT_OF_REACH = 120.0
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b")


class Stage(enum.StrEnum):
    """What a reply answers."""

    GREETING = "the connection"
    LOGIN = "the sign-in"
    SENDER = "the sender"
    RECIPIENT = "the recipient"
    CONTENT = "the message"


def refusal(stage: Stage, code: int, said: str) -> Answer:
    """Judge a reply that is not the one hoped for (RFC 5321, 4.2; RFC 3463 for `5.1.1`)."""
    text = " ".join(said.split())
    found = _ENHANCED.match(text)
    enhanced = found.group(1) if found else ""
    detail = f"The mail server refused {stage}: {code} {text}"[:DETAIL_LENGTH]
    shown = f"{code} {enhanced}".strip() if code > 0 else None
    if 400 <= code < 500:
        slow = code == 421 or enhanced.startswith("4.7.")
        outcome = Outcome.THROTTLED if slow else Outcome.NOT_TAKEN
        return Answer(
            outcome, code=shown, detail=detail, retry_after=SLOW_DOWN if slow else PUT_OFF
        )
    if stage in (Stage.GREETING, Stage.LOGIN, Stage.SENDER) or code in (530, 534, 535, 538):
        # The same would be said of every message.
        return Answer(Outcome.ACCOUNT, code=shown, detail=detail)
    if code < 400:
        # It took what nobody handed it; whoever answers so is no mail server.
        return Answer(Outcome.ACCOUNT, code=shown, detail=detail)
    return Answer(Outcome.REFUSED, code=shown, detail=detail)


def unreachable(error: Exception) -> Answer:
    """Judge a connection that could not be had: certainly nothing was sent."""
    detail = f"The mail server cannot be reached: {error or type(error).__name__}"
    return Answer(Outcome.NOT_TAKEN, detail=detail[:DETAIL_LENGTH], retry_after=OUT_OF_REACH)


def unsafe(error: Exception) -> Answer:
    """Judge a server that offers no encryption where it must, or no certificate to trust."""
    detail = f"The mail server cannot be used: {error}"
    return Answer(Outcome.ACCOUNT, detail=detail[:DETAIL_LENGTH])


def broken(error: Exception, *, written: bool) -> Answer:
    """Judge a connection that broke under a message: certain only before its last byte.

    A server takes a message on with its reply to the final dot (RFC 5321, 4.1.1.4).
    """
    kind = type(error).__name__
    if written:
        return Answer(Outcome.UNKNOWN, detail=f"{kind} before the mail server's last reply")
    return Answer(Outcome.NOT_TAKEN, detail=f"{kind} before the message was handed over")


def taken(code: int, said: str, message_id: str) -> Answer:
    """Judge the reply to a whole message; the id of one that is taken is its Message-ID."""
    if code == 250:
        text = " ".join(said.split())[:DETAIL_LENGTH]
        return Answer(Outcome.ACCEPTED, message_id, detail=text)
    if not 400 <= code < 600:
        return Answer(Outcome.UNKNOWN, code=str(code), detail="The mail server's reply is none")
    return refusal(Stage.CONTENT, code, said)
