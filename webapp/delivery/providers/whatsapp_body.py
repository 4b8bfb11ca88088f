"""The JSON of a send request to WhatsApp."""

from __future__ import annotations

import json
import re
from typing import Any

from webapp.delivery.providers.base import Outgoing, TemplateCall

# A business-scoped user id: country, a dot, an id; a parent's has "ENT." before it.
USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9._-]{1,140}")


def request_body(message: Outgoing) -> bytes:
    """Write one message as Cloud API JSON (Meta, "Messages", v23.0).

    Raises ValueError for a message with no text and no template, or with both.
    """
    if (message.text is None) == (message.template is None):
        raise ValueError("a message has either a text or a template")
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_recipient(message.address),
        "biz_opaque_callback_data": message.correlation,
    }
    if message.reply_to:
        body["context"] = {"message_id": message.reply_to}
    if message.template is not None:
        body |= {"type": "template", "template": _template(message.template)}
    else:
        body |= {"type": "text", "text": {"body": message.text, "preview_url": False}}
    return json.dumps(body, separators=(",", ":")).encode()


def _recipient(address: str) -> dict[str, str]:
    """Name the recipient: `recipient` takes a user id, `to` a number without its plus."""
    if USER_ID.fullmatch(address):
        return {"recipient": address}
    return {"to": address.removeprefix("+")}


def _template(call: TemplateCall) -> dict[str, Any]:
    template: dict[str, Any] = {"name": call.name, "language": {"code": call.language}}
    if call.variables:
        values = [{"type": "text", "text": value} for value in call.variables]
        template["components"] = [{"type": "body", "parameters": values}]
    return template
