"""Entries of `user_preferences` and `user_id_update`: news about a person, without a message."""

from __future__ import annotations

from typing import Any

from webapp.webhooks.whatsapp_items import Preference, UserIdChanged
from webapp.webhooks.whatsapp_people import person
from webapp.webhooks.whatsapp_values import key, key_of, moment, phone, table, user_id, word

MARKETING = "marketing_messages"


def preference(value: dict[str, Any], number: str | None, raw: dict[str, Any]) -> Preference:
    """Read one use of WhatsApp's marketing switch.

    It has no id: who, what and when make it the same event. A stop of a category that is not
    known yet still counts as a stop; a resume of one must not lift a marketing opt-out.
    """
    who = person(value, raw.get("wa_id"), raw.get("user_id"))
    category, said = word(raw.get("category"), 40), word(raw.get("value"), 40)
    if category not in ("", MARKETING) and said != "stop":
        said = f"{category}:{said}"
    when = word(raw.get("timestamp"), 40)
    name = who.address or who.user_id
    parts = ("preference", number or "", name or "", category, word(raw.get("value"), 40), when)
    return Preference(
        address=who.address,
        user_id=who.user_id,
        profile_name=who.name,
        value=said,
        category=category,
        occurred_at=moment(raw.get("timestamp")),
        phone_number_id=number,
        dedupe_key=key(*parts) if name and when else key_of("preference", number, raw),
        raw=raw,
    )


def user_id_change(value: dict[str, Any], number: str | None, raw: dict[str, Any]) -> UserIdChanged:
    """Read one entry of `user_id_update`, which some partners forward."""
    ids = table(raw.get("user_id"))
    who = person(value, raw.get("wa_id"))
    return UserIdChanged(
        message_id="",
        old=user_id(ids.get("previous")),
        new=user_id(ids.get("current")) or user_id(raw.get("user_id")),
        address=phone(raw.get("wa_id")) or who.address,
        occurred_at=moment(raw.get("timestamp")),
        phone_number_id=number,
        dedupe_key=key_of("user_id", number, raw),
        raw=raw,
    )
