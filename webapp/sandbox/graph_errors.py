"""The errors of Meta's Graph API, in Meta's words.

Source: Meta, "Error codes" of the WhatsApp Business Platform; bodies as in its OpenAPI file.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

MESSAGES: dict[int, tuple[int, str]] = {
    1: (500, "API Unknown"),
    2: (503, "API Service"),
    4: (400, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    100: (400, "Invalid parameter"),
    190: (401, "Access token has expired"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "Rate limit issues"),
    130429: (429, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country."),
    131000: (500, "Something went wrong"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (503, "Service unavailable"),
    131026: (400, "Message undeliverable"),
    131031: (403, "Business Account locked"),
    131042: (400, "Business eligibility payment issue"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement."),
    131050: (400, "User has stopped receipt of marketing messages from your business"),
    131051: (400, "Unsupported message type"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132015: (400, "Template is Paused"),
    132016: (400, "Template is Disabled"),
}

DETAILS = {
    131026: "Message Undeliverable.",
    131047: "Message failed to send because more than 24 hours have passed since the customer"
    " last replied to this number.",
    131049: "In order to maintain a healthy ecosystem engagement, the message failed to be"
    " delivered.",
    131050: "Unable to deliver the message. This recipient has chosen to stop receiving"
    " marketing messages on WhatsApp from your business",
}

HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass
class GraphError(Exception):
    """A request that the API refuses; `details` explains it, `subcode` narrows it."""

    code: int
    details: str = ""
    subcode: int | None = None
    message: str = ""

    @property
    def status(self) -> int:
        """The HTTP status that Meta's documentation gives the code."""
        return MESSAGES.get(self.code, (400, ""))[0]

    def body(self) -> dict[str, Any]:
        """Give the JSON of the answer."""
        title = self.message or title_of(self.code)
        error: dict[str, Any] = {
            "message": title if self.code == 190 else f"(#{self.code}) {title}",
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "A" + secrets.token_urlsafe(16),
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if details := self.details or DETAILS.get(self.code, ""):
            error["error_data"] = {"messaging_product": "whatsapp", "details": details}
        return {"error": error}


def title_of(code: int) -> str:
    """Give the title that Meta has for a code."""
    return MESSAGES.get(code, (400, "Something went wrong"))[1]


def status_error(code: int) -> dict[str, Any]:
    """Give the error object of a `failed` status."""
    title = title_of(code)
    details = DETAILS.get(code, title)
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details},
        "href": HREF,
    }
