"""Entries of `statuses`: what became of messages of ours."""

from __future__ import annotations

from typing import Any

from webapp.webhooks.whatsapp_items import Status
from webapp.webhooks.whatsapp_people import person
from webapp.webhooks.whatsapp_values import errors, key, key_of, moment, word


def status_item(value: dict[str, Any], number: str | None, raw: dict[str, Any]) -> Status:
    """Read one status. In a group each reader has their own, under the same message id."""
    who = person(value, raw.get("recipient_id"), raw.get("recipient_user_id"))
    wamid, status = word(raw.get("id")), word(raw.get("status"), 40)
    member = word(raw.get("recipient_participant_id"))
    parts = [part for part in ("status", wamid, status, member) if part]
    return Status(
        message_id=wamid,
        status=status,
        occurred_at=moment(raw.get("timestamp")),
        recipient=who.address,
        user_id=who.user_id,
        correlation=word(raw.get("biz_opaque_callback_data"), 512) or None,
        errors=errors(raw.get("errors")),
        phone_number_id=number,
        dedupe_key=key(*parts) if wamid else key_of("status", number, raw),
        raw=raw,
    )
