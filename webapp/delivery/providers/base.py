"""What every provider takes and answers; delivery knows vendors by this alone."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Outcome(enum.StrEnum):
    """What became of one request, in the only words that delivery decides by."""

    ACCEPTED = "accepted"
    """The provider has the message; delivery is reported later."""
    NOT_TAKEN = "not_taken"
    """Certainly not taken, and passing: it failed before the first byte, or the provider read
    it and said so. Send again with back-off."""
    THROTTLED = "throttled"
    """Not taken: too fast, for this person (`pair`) or for the whole number. Slow down."""
    REFUSED = "refused"
    """This message will never go; no retry."""
    OPTED_OUT = "opted_out"
    """The person has opted out at the provider; no retry."""
    ACCOUNT = "account"
    """Not taken: token, permission, payment or a lock. Pause the channel."""
    UNKNOWN = "unknown"
    """Bytes left and no clear answer came: it may have been sent. Never send it again unasked."""


@dataclass(frozen=True)
class TemplateCall:
    """A template approved by the provider, and the values of its body's variables in order."""

    name: str
    language: str
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outgoing:
    """One message to hand over.

    `address` is E.164 ("+16505551234"), a business-scoped user id or an email address.
    `correlation` is our word for the message; the provider repeats it on every status. Either
    `text` or `template` is set. `reply_to` is the provider's id of the message that this one
    answers. For email: `subject`, empty to take it from the text, and `unsubscribe`, the address
    where this person stops such messages, empty where it needs none.
    """

    message_id: int
    correlation: str
    address: str
    text: str | None
    template: TemplateCall | None
    reply_to: str | None = None
    marketing: bool = True
    subject: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True)
class Answer:
    """What a provider's reply to one message means.

    `code` is the provider's own; `detail` is for people, without secrets. `retry_after` is in
    seconds, where the provider gave or implies one. `pair`: the throttle is for this recipient
    alone. `stop_campaign`: the same would happen to every message of this kind. `next_day`: no
    other attempt for this person for 24 hours or more.
    """

    outcome: Outcome
    provider_message_id: str | None = None
    code: str | None = None
    detail: str = ""
    retry_after: float | None = None
    pair: bool = False
    stop_campaign: bool = False
    next_day: bool = False


def without_secret(answer: Answer | None, secret: str) -> Answer | None:
    """Give an answer without a secret that the provider may have repeated in it."""
    if answer is None or not secret:
        return answer
    return dataclasses.replace(answer, detail=answer.detail.replace(secret, "…"))


class Provider(Protocol):
    """A way to send on one channel. `at_once`: how many messages it takes at the same time."""

    channel: str
    at_once: int

    async def ready(self, count: int) -> None:
        """Before messages are claimed: see that connections stand for `count` of them at once.

        A claim may wait 200 ms for its first byte, and shaking hands with a far server takes
        longer. Never raises: where a server cannot be reached, `send` says so.
        """
        ...

    async def send(self, message: Outgoing, *, begin: Callable[[], bool]) -> Answer | None:
        """Hand one message over, once, and say what came of it.

        `begin` is called at most once, when a connection stands and the next thing is the first
        byte of the request. Where it says False nothing is sent and the result is None. Where
        the connection cannot be had, it is not called and the answer is NOT_TAKEN.
        Never raises for what a network or a provider does; only cancellation passes through.
        """
        ...

    async def close(self) -> None:
        """Give back the connections; the provider cannot be used after."""
        ...
