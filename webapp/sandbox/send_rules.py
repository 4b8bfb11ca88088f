"""What the sandbox takes as a message, judged as Meta's Cloud API does. Pure.

`read_send` is given what stands in the request, and how to find a template; it raises GraphError
with the code that Meta gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from webapp.sandbox.graph_errors import GraphError
from webapp.sandbox.identity import USER_ID, digits, is_number
from webapp.sandbox.template_rules import Template, fill

LONGEST_TEXT = 4096
LONGEST_CALLBACK = 512
MEDIA = ("image", "video", "audio", "document", "sticker")


@dataclass(frozen=True)
class Send:
    """One message that was accepted for sending.

    `number` or `user_id` names the recipient. `detail` is what a phone shows besides the text:
    header, footer, template, category, and `buttons`, each `{kind, title, payload}`.
    """

    number: str
    user_id: str
    given: str
    kind: str
    text: str
    detail: dict[str, Any] = field(default_factory=dict)
    context_id: str | None = None
    correlation: str | None = None


def read_send(body: Any, find: Callable[[str, str], Template | None]) -> Send:
    """Judge one request to send. Raises GraphError."""
    if not isinstance(body, dict):
        raise GraphError(100, message="Invalid parameter", details="The body is no JSON object.")
    if body.get("messaging_product") != "whatsapp":
        raise _required("messaging_product")
    number, user_id, given = _recipient(body)
    correlation = body.get("biz_opaque_callback_data")
    if correlation is not None and not _within(correlation, LONGEST_CALLBACK):
        raise _too_long("biz_opaque_callback_data", LONGEST_CALLBACK)
    kind = body.get("type") or "text"
    content = body.get(kind) if isinstance(kind, str) else None
    if not isinstance(content, dict):
        raise _required(str(kind))
    reader = READERS.get(kind)
    text, detail = reader(content) if reader else _other(kind, content, find)
    context = body.get("context")
    context_id = context.get("message_id") if isinstance(context, dict) else None
    return Send(number, user_id, given, kind, text, detail, context_id, correlation)


def _recipient(body: dict[str, Any]) -> tuple[str, str, str]:
    """Read who it is for: a number in `to`, which wins, or a user id in `recipient`."""
    to, recipient = body.get("to"), body.get("recipient")
    if to:
        if not isinstance(to, str) or not is_number(to):
            raise GraphError(131009, "Parameter value is not valid: to is no phone number")
        return digits(to), "", to
    if recipient:
        if not isinstance(recipient, str) or not USER_ID.fullmatch(recipient):
            raise GraphError(131009, "Parameter value is not valid: recipient is no user id")
        return "", recipient, recipient
    raise _required("to")


def _text(content: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    body = content.get("body")
    if not isinstance(body, str) or not body.strip():
        raise _required("text['body']")
    if not _within(body, LONGEST_TEXT):
        raise _too_long("text['body']", LONGEST_TEXT)
    return body, {}


def _interactive(content: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Read reply buttons (at most three) or the rows of a list."""
    body, action = _object(content.get("body")), _object(content.get("action"))
    if not isinstance(body.get("text"), str):
        raise _required("interactive['body']['text']")
    if content.get("type") == "button":
        buttons = [_object(one.get("reply")) for one in _objects(action.get("buttons"))]
        if not 1 <= len(buttons) <= 3 or not all(_within(b.get("title"), 20) for b in buttons):
            raise GraphError(131009, "Buttons must be 1 to 3, with titles of at most 20 characters")
        kind = "button_reply"
    else:
        sections = _objects(action.get("sections"))
        buttons = [row for section in sections for row in _objects(section.get("rows"))]
        if not 1 <= len(buttons) <= 10:
            raise GraphError(131009, "A list must have 1 to 10 rows")
        kind = "list_reply"
    shown = [
        {"kind": kind, "title": str(one.get("title", "")), "payload": str(one.get("id", ""))}
        for one in buttons
    ]
    return body["text"], {
        "header": _object(content.get("header")).get("text") or "",
        "footer": _object(content.get("footer")).get("text") or "",
        "buttons": shown,
    }


def _other(
    kind: str, content: dict[str, Any], find: Callable[[str, str], Template | None]
) -> tuple[str, dict[str, Any]]:
    if kind == "template":
        name = content.get("name")
        language = _object(content.get("language")).get("code")
        if not isinstance(name, str) or not isinstance(language, str):
            raise _required("template['name']" if not name else "template['language']")
        return fill(find(name, language), name, language, _objects(content.get("components")))
    if kind in MEDIA:
        caption = content.get("caption")
        return (caption if isinstance(caption, str) else ""), {"media": kind}
    if kind == "reaction":
        return str(content.get("emoji") or ""), {}
    raise GraphError(131051, f"Unsupported message type: {kind}"[:200])


READERS: dict[str, Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]] = {
    "text": _text,
    "interactive": _interactive,
}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _within(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


def _required(name: str) -> GraphError:
    return GraphError(100, message=f"The parameter {re.sub(r'[^ -~]', '', name)[:80]} is required.")


def _too_long(name: str, longest: int) -> GraphError:
    return GraphError(100, message=f"Param {name} must be at most {longest} characters long.")
