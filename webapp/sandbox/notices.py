"""The webhooks that the sandbox sends, in Meta's form. Pure.

Source: Meta, "Webhooks" of the WhatsApp Business Platform (May to August 2026), with the user ids
that every notification carries since April 2026. Who hides their number is named by it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.sandbox.graph_errors import status_error

DISPLAY_NUMBER = "12025550123"
"""The business's number, of the range that is kept for fiction."""


@dataclass(frozen=True)
class Business:
    """Whom the notifications are about."""

    account_id: str
    number_id: str


@dataclass(frozen=True)
class Person:
    """A phone's owner, as notifications name them."""

    number: str
    user_id: str
    name: str
    hides_number: bool

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Person:
        """Read a row of phones."""
        return cls(row["number"], row["user_id"], row["name"], bool(row["hides_number"]))

    def contact(self) -> dict[str, Any]:
        """Give the entry of `contacts`."""
        name = self.name or f"Guest {self.number[-4:]}"
        return {"profile": {"name": name}, **self._number("wa_id"), "user_id": self.user_id}

    def sender(self) -> dict[str, Any]:
        """Give the keys of a message from this person."""
        return {**self._number("from"), "from_user_id": self.user_id}

    def recipient(self) -> dict[str, Any]:
        """Give the keys of a status of a message to this person."""
        return {**self._number("recipient_id"), "recipient_user_id": self.user_id}

    def _number(self, key: str) -> dict[str, str]:
        return {} if self.hides_number else {key: self.number}


def from_person(
    business: Business,
    person: Person,
    message: Mapping[str, Any],
    wamid: str,
    at: float,
    context_id: str | None = None,
) -> dict[str, Any]:
    """Tell that a person wrote or tapped; `message` holds its type and that type's content."""
    entry = {**person.sender(), "id": wamid, "timestamp": str(int(at)), **message}
    if context_id:
        entry["context"] = {"from": DISPLAY_NUMBER, "id": context_id}
    value = {"contacts": [person.contact()], "messages": [entry]}
    return _envelope(business, "messages", value)


def text(body: str) -> dict[str, Any]:
    """Give the content of a text."""
    return {"type": "text", "text": {"body": body}}


def tap(button: Mapping[str, str]) -> dict[str, Any]:
    """Give the content of a tap; what it is depends on what offered the button."""
    title, payload, kind = button["title"], button["payload"], button["kind"]
    if kind == "button":
        return {"type": "button", "button": {"payload": payload, "text": title}}
    return {
        "type": "interactive",
        "interactive": {"type": kind, kind: {"id": payload, "title": title}},
    }


def status(
    business: Business,
    person: Person,
    message: Mapping[str, Any],
    step: str,
    at: float,
    error_code: int | None = None,
) -> dict[str, Any]:
    """Tell what became of a message (its row): sent, delivered, read or failed."""
    entry: dict[str, Any] = {
        "id": message["wamid"],
        "status": step,
        "timestamp": str(int(at)),
        **person.recipient(),
    }
    if message["correlation"] is not None:
        entry["biz_opaque_callback_data"] = message["correlation"]
    if error_code is not None:
        # Meta leaves the contacts out of a failure.
        entry["errors"] = [status_error(error_code)]
        return _envelope(business, "messages", {"statuses": [entry]})
    return _envelope(business, "messages", {"contacts": [person.contact()], "statuses": [entry]})


def preference(business: Business, person: Person, value: str, at: float) -> dict[str, Any]:
    """Tell that a person used WhatsApp's own switch: `value` is stop or resume."""
    entry = {
        **({} if person.hides_number else {"wa_id": person.number}),
        "user_id": person.user_id,
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(at),
    }
    found = {"contacts": [person.contact()], "user_preferences": [entry]}
    return _envelope(business, "user_preferences", found)


def _envelope(business: Business, field: str, value: dict[str, Any]) -> dict[str, Any]:
    metadata = {"display_phone_number": DISPLAY_NUMBER, "phone_number_id": business.number_id}
    change = {
        "value": {"messaging_product": "whatsapp", "metadata": metadata, **value},
        "field": field,
    }
    entry = {"id": business.account_id, "changes": [change]}
    return {"object": "whatsapp_business_account", "entry": [entry]}
