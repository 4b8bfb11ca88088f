"""What a person's message says: its kind, its words, the id behind a tap. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from webapp.webhooks.whatsapp_values import table, tables, word

LONGEST_TEXT = 65_536
LONGEST_KIND = 40


@dataclass(frozen=True)
class Content:
    """The parts of `Inbound` that depend on the type of message."""

    kind: str
    text: str = ""
    payload: str = ""
    context_id: str | None = None


def content(message: dict[str, Any]) -> Content:
    """Read the content of one entry of `messages`, of any type; see `Inbound` for the kinds."""
    kind = word(message.get("type"), LONGEST_KIND) or "unsupported"
    body = table(message.get(kind))
    return READERS.get(kind, _caption)(kind, body)


def _text(value: Any) -> str:
    return word(value, LONGEST_TEXT)


def _plain(kind: str, body: dict[str, Any]) -> Content:
    return Content(kind, _text(body.get("body")))


def _caption(kind: str, body: dict[str, Any]) -> Content:
    return Content(kind, _text(body.get("caption")))


def _button(kind: str, body: dict[str, Any]) -> Content:
    return Content(kind, _text(body.get("text")), _text(body.get("payload")))


def _interactive(kind: str, body: dict[str, Any]) -> Content:
    """A tap on a button or row that a message of ours offered, or a form that was filled in."""
    answer = word(body.get("type"), LONGEST_KIND)
    chosen = table(body.get(answer))
    if answer == "nfm_reply":
        return Content("form_reply", _text(chosen.get("body")))
    return Content(answer or kind, _text(chosen.get("title")), _text(chosen.get("id")))


def _reaction(kind: str, body: dict[str, Any]) -> Content:
    """Taking a reaction back comes as an empty emoji or as none at all."""
    emoji = _text(body.get("emoji"))
    about = word(body.get("message_id")) or None
    return Content(kind if emoji else "unreaction", emoji, context_id=about)


def _edit(kind: str, body: dict[str, Any]) -> Content:
    """The words after the edit; a message edited into STOP is a STOP."""
    inner = table(body.get("message"))
    inside = word(inner.get("type"), LONGEST_KIND)
    words = content(inner).text if inside and inside != "edit" else ""
    return Content(kind, words, context_id=word(body.get("original_message_id")) or None)


def _revoke(kind: str, body: dict[str, Any]) -> Content:
    return Content(kind, context_id=word(body.get("original_message_id")) or None)


def _location(kind: str, body: dict[str, Any]) -> Content:
    name, address = _text(body.get("name")), _text(body.get("address"))
    return Content(kind, ", ".join(part for part in (name, address) if part))


def _order(kind: str, body: dict[str, Any]) -> Content:
    return Content(kind, _text(body.get("text")))


READERS: dict[str, Callable[[str, dict[str, Any]], Content]] = {
    "text": _plain,
    "button": _button,
    "interactive": _interactive,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "location": _location,
    "order": _order,
}


def shared_names(message: dict[str, Any]) -> str:
    """Give the names on the contact cards of a message, for people to read."""
    cards = tables(message.get("contacts"))
    names = [_text(table(card.get("name")).get("formatted_name")) for card in cards]
    return ", ".join(name for name in names if name)
