"""Every column that may hold words is searched, found by key or contact, or says nothing of one."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Enum, LargeBinary, String

from webapp import models as _models
from webapp.core.db import Base
from webapp.privacy.places import ITEMS, PLACES

assert _models
SEARCHED = {f"{place.name}.{name}" for place in (*PLACES, ITEMS) for name in place.columns}
WITH_ITS_NAME = {"segments.folded"}
FILES = {"task_files.name", "task_file_parts.content"}
BY_KEY_OR_CONTACT = {
    "activities.data",
    "activities.kind",
    *("consent_event_details." + name for name in ("address", "said", "evidence")),
    *("contacts." + name for name in ("name", "name_folded", "phone", "email", "whatsapp_id")),
    "contacts.attributes",
    "conversations.address",
    "conversations.profile_name",
    *("inbound_messages." + n for n in ("provider_message_id", "kind", "text", "payload")),
    "inbound_messages.matched",
    "inbound_messages.verdict",
    *("messages." + name for name in ("address", "body", "variables", "detail")),
    "messages.provider_message_id",
    *("opportunities." + name for name in ("name", "folded", "note")),
    *("reviews." + name for name in ("address", "said", "because")),
}
# Words of Heed, of providers about themselves, or of those who work with it; and keys, digests.
SAYS_NOTHING_OF_A_CUSTOMER = {
    "api_tokens.name",
    *("attribute_definitions." + name for name in ("name", "label", "kind", "choices")),
    "audit_entries.action",
    "audit_entries.actor_name",
    "channel_pauses.detail",
    "channel_pauses.reason",
    "drills.steps",
    *("erasures." + name for name in ("keys", "event_ids", "counts")),
    "events.name",
    *("export_schedules." + name for name in ("name", "params", "file_type", "recipients")),
    *("export_schedules." + name for name in ("every", "time_zone", "made_by", "last_error")),
    "handled_items.provider",
    *("kept_figures." + name for name in ("name", "value", "change_number")),
    *("messages." + name for name in ("claim_token", "code", "rule")),
    "opportunities.currency",
    "reviews.decision",
    "segments.made_by",
    "settings.name",
    "settings.value",
    "stored_webhooks.provider",
    "tags.folded",
    "tags.name",
    "task_files.content_type",
    "task_files.role",
    *("tasks." + name for name in ("actor_name", "kind", "lease")),
    *("templates." + n for n in ("name", "language", "body", "buttons", "provider_status")),
    *("users." + n for n in ("email", "name", "password_hash", "session_stamp", "time_zone")),
}


def holds_words(column: Column[object]) -> bool:
    """Tell whether a column holds texts, JSON or bytes of any length: no choices, no digests."""
    kind = column.type
    if isinstance(kind, LargeBinary):
        return kind.length is None
    return isinstance(kind, String | JSON) and not isinstance(kind, Enum)


def test_every_column_that_may_hold_words_is_decided_once() -> None:
    tables = Base.metadata.tables.values()
    every = {
        f"{t.name}.{column.name}" for t in tables for column in t.columns if holds_words(column)
    }
    lists = [SEARCHED, WITH_ITS_NAME, FILES, BY_KEY_OR_CONTACT, SAYS_NOTHING_OF_A_CUSTOMER]
    decided = [name for names in lists for name in names]
    assert sorted(every) == sorted(decided)


def test_nothing_that_others_said_or_that_proves_their_consent_is_searched() -> None:
    others = {"consent_event_details", "reviews", "messages", "inbound_messages", "contacts"}
    others |= {"conversations", "tags", "templates", "settings", "users"}
    assert not others & {place.name for place in (*PLACES, ITEMS)}
