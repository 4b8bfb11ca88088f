"""A WhatsApp webhook's bytes, read into typed items. Pure, and never raises.

Source: Meta, "Webhooks" of the WhatsApp Business Platform (May to August 2026). What is not
recognised comes back as `Unknown`, so every part of a body is accounted for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from webapp.webhooks.whatsapp_account import account_items
from webapp.webhooks.whatsapp_items import (
    AccountNotice,
    AnyItem,
    Inbound,
    Item,
    NumberChanged,
    Preference,
    Status,
    TemplateChanged,
    Unknown,
    UserIdChanged,
)
from webapp.webhooks.whatsapp_messages import call, message_item
from webapp.webhooks.whatsapp_preferences import preference, user_id_change
from webapp.webhooks.whatsapp_signature import verify_signature
from webapp.webhooks.whatsapp_statuses import status_item
from webapp.webhooks.whatsapp_values import key_of, storable, table, tables, word

__all__ = [
    "AccountNotice",
    "AnyItem",
    "Inbound",
    "Item",
    "NumberChanged",
    "Preference",
    "Status",
    "TemplateChanged",
    "Unknown",
    "UserIdChanged",
    "parse",
    "verify_signature",
]


def parse(body: bytes) -> list[AnyItem]:
    """Read the raw body of one POST, in the order in which it says things.

    Takes anything: bytes that are no JSON give one `Unknown`, an empty notification gives [].
    """
    try:
        document = storable(json.loads(body))
        return list(_items(document))
    except (ValueError, RecursionError):
        return [_unknown("not_json", None, {"start": repr(body[:500])})]


def _items(document: Any) -> Iterator[AnyItem]:
    if not isinstance(document, dict):
        yield _unknown("not_an_object", None, {"value": document})
        return
    if document.get("object") != "whatsapp_business_account":
        yield _unknown("object", None, document)
        return
    for entry in tables(document.get("entry")):
        for change in tables(entry.get("changes")):
            yield from _change(entry, change)


def _change(entry: dict[str, Any], change: dict[str, Any]) -> Iterator[AnyItem]:
    """Read one change by what its value holds, whatever the field is called.

    So a customer's words count also where Meta sends them under a field that is new.
    """
    field = word(change.get("field"), 40) or "unknown"
    value = table(change.get("value"))
    number = word(table(value.get("metadata")).get("phone_number_id")) or None
    found: list[AnyItem] = [message_item(value, number, raw) for raw in _of(value, "messages")]
    found += [status_item(value, number, raw) for raw in _of(value, "statuses")]
    found += [preference(value, number, raw) for raw in _of(value, "user_preferences")]
    found += [user_id_change(value, number, raw) for raw in _of(value, "user_id_update")]
    found += [call(value, number, raw) for raw in _of(value, "calls")]
    found += account_items(field, entry, value, number)
    yield from found or [_unknown(field, number, {"entry": entry.get("id"), **change})]


def _of(value: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return tables(value.get(name))


def _unknown(kind: str, number: str | None, raw: dict[str, Any]) -> Unknown:
    return Unknown(
        kind=kind, raw=raw, phone_number_id=number, dedupe_key=key_of("unknown", number, raw)
    )
