"""What the sandbox takes as an SMS, judged as Twilio does. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 1600
E164 = re.compile(r"\+[1-9]\d{6,14}")
# Twilio's own words, whole and in any case (the default of its keyword filter).
STOP_WORDS = ("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout")
START_WORDS = ("start", "yes", "unstop")

MESSAGES: dict[int, tuple[int, str]] = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    21211: (400, "Invalid 'To' Phone Number"),
    21408: (400, "Permission to send an SMS has not been enabled for the region"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number is not a valid, message-capable Twilio phone number"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (429, "This 'From' number has exceeded the maximum number of queued messages"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21701: (400, "The Messaging Service does not exist"),
}


@dataclass
class Refused(Exception):
    """A request that Twilio refuses, by its code."""

    code: int

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return MESSAGES.get(self.code, (400, ""))[0]

    def body(self) -> dict[str, Any]:
        """Give the JSON of the answer."""
        return {
            "code": self.code,
            "message": MESSAGES.get(self.code, (400, "Something went wrong"))[1],
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


@dataclass(frozen=True)
class Sms:
    """One SMS that was accepted; `sender` is a number or the SID of a Messaging Service."""

    to: str
    sender: str
    text: str
    by_service: bool = False

    @property
    def segments(self) -> int:
        """How many parts it goes in: 160 plain characters, or 153 each of more."""
        plain = self.text.isascii()
        alone, each = (160, 153) if plain else (70, 67)
        return 1 if len(self.text) <= alone else -(-len(self.text) // each)


def read_sms(form: Mapping[str, str], own: str) -> Sms:
    """Judge one request to send; `own` is the sender that the account has. Raises Refused."""
    to, text = form.get("To", ""), form.get("Body", "")
    service = form.get("MessagingServiceSid", "")
    sender = service or form.get("From", "")
    for code, wrong in (
        (21604, not to),
        (21211, not E164.fullmatch(to)),
        (21603, not sender),
        (21701 if service else 21606, sender != own),
        (21602, not text.strip()),
        (21617, len(text) > LONGEST_TEXT),
    ):
        if wrong:
            raise Refused(code)
    return Sms(to, sender, text, by_service=bool(service))


def choice(text: str) -> bool | None:
    """Say what a reply does to the sender's SMS: True stops them, False takes that back."""
    word = text.strip().lower()
    return True if word in STOP_WORDS else False if word in START_WORDS else None
