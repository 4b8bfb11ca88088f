"""Entries of `messages` and `calls`: what a person did, and what WhatsApp says about a person."""

from __future__ import annotations

import re
from typing import Any

from webapp.webhooks.whatsapp_content import Content, content, shared_names
from webapp.webhooks.whatsapp_items import (
    AnyItem,
    Inbound,
    NumberChanged,
    Preference,
    Unknown,
    UserIdChanged,
)
from webapp.webhooks.whatsapp_people import Person, person
from webapp.webhooks.whatsapp_values import key, key_of, moment, phone, table, user_id, word

CHANGED = re.compile(r"changed from (\S+) to (\S+)\s*$")


def message_item(value: dict[str, Any], number: str | None, raw: dict[str, Any]) -> AnyItem:
    """Read one entry of `messages`: mostly an `Inbound`, else what a system message means."""
    kind = table(raw.get("system")).get("type") if raw.get("type") == "system" else None
    if kind == "user_preference_changed":
        return _old_preference(value, number, raw)
    if kind in ("user_changed_number", "customer_changed_number"):
        return _number_changed(number, raw)
    if kind in ("user_changed_user_id", "user_id_changed"):
        return _user_id_changed(number, raw)
    if raw.get("type") == "system":
        # A new phone or security code: nothing the person said.
        return Unknown(kind=f"system:{word(kind, 30)}", **_base(number, raw))
    found = content(raw)
    if found.kind == "contacts":
        found = Content("contacts", shared_names(raw))
    return _inbound(_sender(value, raw), number, raw, found)


def call(value: dict[str, Any], number: str | None, raw: dict[str, Any]) -> AnyItem:
    """Read one entry of `calls`: that a person began to call counts as hearing from them."""
    if raw.get("direction") == "USER_INITIATED" and raw.get("event") == "connect":
        return _inbound(_sender(value, raw), number, raw, Content("call"))
    return Unknown(
        kind=f"call:{word(raw.get('event'), 30)}",
        phone_number_id=number,
        dedupe_key=key_of("call", number, raw),
        raw=raw,
    )


def _sender(value: dict[str, Any], raw: dict[str, Any]) -> Person:
    return person(value, raw.get("from"), raw.get("from_user_id"))


def _base(number: str | None, raw: dict[str, Any]) -> dict[str, Any]:
    """Give the fields of `Item`; a message's own id is what makes it the same message."""
    wamid = word(raw.get("id"))
    dedupe = key("message", wamid) if wamid else key_of("message", number, raw)
    return {"phone_number_id": number, "dedupe_key": dedupe, "raw": raw}


def _inbound(who: Person, number: str | None, raw: dict[str, Any], found: Content) -> Inbound:
    context = word(table(raw.get("context")).get("id"))
    return Inbound(
        message_id=word(raw.get("id")),
        address=who.address,
        user_id=who.user_id,
        profile_name=who.name,
        kind=found.kind,
        text=found.text,
        payload=found.payload,
        occurred_at=moment(raw.get("timestamp")),
        context_id=found.context_id or context or None,
        **_base(number, raw),
    )


def _old_preference(value: dict[str, Any], number: str | None, raw: dict[str, Any]) -> Preference:
    """The marketing switch in the form of the On-Premises API."""
    who = _sender(value, raw)
    return Preference(
        address=who.address,
        user_id=who.user_id,
        profile_name=who.name,
        value=word(table(raw.get("system")).get("marketing"), 40),
        category="marketing_messages",
        occurred_at=moment(raw.get("timestamp")),
        **_base(number, raw),
    )


def _number_changed(number: str | None, raw: dict[str, Any]) -> NumberChanged:
    system = table(raw.get("system"))
    said = CHANGED.search(word(system.get("body"), 500))
    return NumberChanged(
        message_id=word(raw.get("id")),
        old=phone(raw.get("from")) or phone(system.get("customer")),
        new=phone(system.get("wa_id"))
        or phone(system.get("new_wa_id"))
        or (phone(said.group(2)) if said else None),
        old_user_id=user_id(system.get("previous_user_id")) or user_id(raw.get("from_user_id")),
        new_user_id=user_id(system.get("user_id")),
        occurred_at=moment(raw.get("timestamp")),
        **_base(number, raw),
    )


def _user_id_changed(number: str | None, raw: dict[str, Any]) -> UserIdChanged:
    system = table(raw.get("system"))
    said = CHANGED.search(word(system.get("body"), 500))
    return UserIdChanged(
        message_id=word(raw.get("id")),
        old=user_id(system.get("previous_user_id"))
        or user_id(raw.get("from_user_id"))
        or (user_id(said.group(1)) if said else None),
        new=user_id(system.get("user_id")) or (user_id(said.group(2)) if said else None),
        address=phone(system.get("wa_id")) or phone(raw.get("from")),
        occurred_at=moment(raw.get("timestamp")),
        **_base(number, raw),
    )
