"""WhatsApp's webhooks, read into items."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.webhooks.whatsapp_payload import (
    AccountNotice,
    AnyItem,
    Inbound,
    NumberChanged,
    Preference,
    Status,
    TemplateChanged,
    Unknown,
    UserIdChanged,
    parse,
)

NUMBER_ID = "106540352242922"
ANN = {"profile": {"name": "Ann"}, "wa_id": "16505551234", "user_id": "US.1349120865"}


def envelope(*values: dict[str, Any], field: str = "messages") -> bytes:
    base = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": NUMBER_ID}}
    changes = [{"field": field, "value": {**base, **value}} for value in values]
    entry = [{"id": "102290129340398", "changes": changes}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def one(body: bytes) -> AnyItem:
    (item,) = parse(body)
    return item


def message(type_: str, content: Any = None, *, contacts: Any = (ANN,), **more: Any) -> AnyItem:
    raw = {"from": "16505551234", "id": "wamid.1", "timestamp": "1749416383", "type": type_}
    if content is not None:
        raw[type_] = content
    return one(envelope({"contacts": list(contacts), "messages": [{**raw, **more}]}))


def inbound(type_: str, content: Any = None, **more: Any) -> Inbound:
    item = message(type_, content, **more)
    assert isinstance(item, Inbound)
    return item


def test_a_text_is_read_whole() -> None:
    item = inbound("text", {"body": "STOP"}, context={"id": "wamid.0", "from": "15550783881"})
    assert item == Inbound(
        phone_number_id=NUMBER_ID,
        dedupe_key="message:wamid.1",
        raw=item.raw,
        message_id="wamid.1",
        address="+16505551234",
        user_id="US.1349120865",
        profile_name="Ann",
        kind="text",
        text="STOP",
        payload="",
        occurred_at=datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC),
        context_id="wamid.0",
    )
    assert item.raw["type"] == "text"


@pytest.mark.parametrize(
    ("type_", "content", "kind", "text", "payload"),
    [
        ("button", {"payload": "stop:1", "text": "Unsubscribe"}, "button", "Unsubscribe", "stop:1"),
        ("button", {"text": "Unsubscribe"}, "button", "Unsubscribe", ""),
        (
            "interactive",
            {"type": "button_reply", "button_reply": {"id": "stop", "title": "Stop"}},
            "button_reply",
            "Stop",
            "stop",
        ),
        (
            "interactive",
            {"type": "list_reply", "list_reply": {"id": "r1", "title": "One", "description": "x"}},
            "list_reply",
            "One",
            "r1",
        ),
        (
            "interactive",
            {
                "type": "nfm_reply",
                "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{}"},
            },
            "form_reply",
            "Sent",
            "",
        ),
        ("interactive", None, "interactive", "", ""),
        ("image", {"id": "1", "caption": "stop please"}, "image", "stop please", ""),
        ("video", {"id": "1"}, "video", "", ""),
        ("document", {"caption": "c", "filename": "f.pdf"}, "document", "c", ""),
        ("audio", {"id": "1", "voice": True}, "audio", "", ""),
        ("sticker", {"id": "1"}, "sticker", "", ""),
        (
            "location",
            {"name": "Philz", "address": "101 Forest Ave"},
            "location",
            "Philz, 101 Forest Ave",
            "",
        ),
        ("location", {"latitude": 1.0, "longitude": 2.0}, "location", "", ""),
        ("order", {"catalog_id": "1", "text": "two please"}, "order", "two please", ""),
        ("unsupported", None, "unsupported", "", ""),
        ("ephemeral_new_thing", {"caption": "stop"}, "ephemeral_new_thing", "stop", ""),
        ("text", None, "text", "", ""),
        ("text", "odd", "text", "", ""),
    ],
)
def test_every_type_gives_its_words_and_its_payload(
    type_: str, content: Any, kind: str, text: str, payload: str
) -> None:
    item = inbound(type_, content)
    assert (item.kind, item.text, item.payload) == (kind, text, payload)


def test_shared_contact_cards_are_named() -> None:
    cards = [{"name": {"formatted_name": "Lucía Gómez"}}, {"name": {"formatted_name": "Bo"}}, {}]
    assert inbound("contacts", cards).text == "Lucía Gómez, Bo"


def test_a_reaction_and_taking_it_back_are_different_kinds() -> None:
    put = inbound("reaction", {"message_id": "wamid.0", "emoji": "👍"})
    assert (put.kind, put.text, put.context_id) == ("reaction", "👍", "wamid.0")
    for gone in ({"message_id": "wamid.0"}, {"message_id": "wamid.0", "emoji": ""}):
        taken = inbound("reaction", gone)
        assert (taken.kind, taken.text, taken.context_id) == ("unreaction", "", "wamid.0")


def test_an_edit_gives_the_new_words_and_a_revoke_none() -> None:
    new = {"type": "text", "text": {"body": "STOP"}}
    edit = inbound("edit", {"original_message_id": "wamid.0", "message": new})
    assert (edit.kind, edit.text, edit.context_id) == ("edit", "STOP", "wamid.0")
    gone = inbound("revoke", {"original_message_id": "wamid.0"})
    assert (gone.kind, gone.text, gone.context_id) == ("revoke", "", "wamid.0")


@pytest.mark.parametrize(
    ("contacts", "more", "address", "user_id", "name"),
    [
        ([], {}, "+16505551234", None, ""),
        ([{"wa_id": "16505551234"}], {}, "+16505551234", None, ""),
        ([ANN], {"from": None}, "+16505551234", "US.1349120865", "Ann"),
        ([ANN], {"from": "US.1349120865"}, "+16505551234", "US.1349120865", "Ann"),
        (
            [ANN],
            {"from": None, "from_user_id": "US.1349120865"},
            "+16505551234",
            "US.1349120865",
            "Ann",
        ),
        ([{"user_id": "US.7", "profile": {"name": "B"}}], {"from": None}, None, "US.7", "B"),
        ([{"wa_id": "US.7"}], {"from": "US.7"}, None, "US.7", ""),
        ([], {"from": None, "from_user_id": "GB.ENT.9"}, None, "GB.ENT.9", ""),
        ([], {"from": None}, None, None, ""),
        (
            [{"wa_id": "4479460000", "user_id": "GB.1"}, ANN],
            {},
            "+16505551234",
            "US.1349120865",
            "Ann",
        ),
        ([{"wa_id": "4479460000", "user_id": "GB.1"}], {}, "+16505551234", None, ""),
        ([{"wa_id": 16505551234}], {"from": 16505551234}, "+16505551234", None, ""),
        ([ANN], {"from": "+16505551234"}, "+16505551234", "US.1349120865", "Ann"),
    ],
)
def test_the_person_is_found_with_what_whatsapp_shows(
    contacts: list[Any], more: dict[str, Any], address: str | None, user_id: str | None, name: str
) -> None:
    item = inbound("text", {"body": "x"}, contacts=contacts, **more)
    assert (item.address, item.user_id, item.profile_name) == (address, user_id, name)


def test_two_people_in_one_notification_are_not_mixed_up() -> None:
    bob = {"profile": {"name": "Bob"}, "wa_id": "447946000000"}
    messages = [
        {
            "from": who,
            "id": f"wamid.{who}",
            "timestamp": "1749416383",
            "type": "text",
            "text": {"body": who},
        }
        for who in ("447946000000", "16505551234")
    ]
    items = parse(envelope({"contacts": [ANN, bob], "messages": messages}))
    assert [(i.address, i.profile_name) for i in items if isinstance(i, Inbound)] == [
        ("+447946000000", "Bob"),
        ("+16505551234", "Ann"),
    ]


@pytest.mark.parametrize(
    "timestamp", ["1749416383", 1749416383, 1749416383.0, "1749416383000", 1749416383000000]
)
def test_a_time_is_read_in_any_form(timestamp: Any) -> None:
    item = inbound("text", {"body": "x"}, timestamp=timestamp)
    assert item.occurred_at == datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)


@pytest.mark.parametrize(
    "timestamp",
    [None, "", "soon", 0, -1, "253402300799", 253402300800, 10**400, True, [], {}, "nan", "1e999"],
)
def test_a_time_that_cannot_be_true_is_none(timestamp: Any) -> None:
    assert inbound("text", {"body": "x"}, timestamp=timestamp).occurred_at is None


def test_a_moved_number_is_told_with_both_ends() -> None:
    item = message(
        "system",
        {
            "body": "User Ann changed from 16505551234 to 12195555358",
            "wa_id": "12195555358",
            "user_id": "US.2",
            "previous_user_id": "US.1",
            "type": "user_changed_number",
        },
        contacts=[],
    )
    assert isinstance(item, NumberChanged)
    assert (item.old, item.new) == ("+16505551234", "+12195555358")
    assert (item.old_user_id, item.new_user_id) == ("US.1", "US.2")


def test_a_moved_number_is_found_in_older_forms() -> None:
    body = "User Ann changed from 16505551234 to 12195555358"
    for system in ({"body": body}, {"new_wa_id": "12195555358", "customer": "16505551234"}):
        item = message("system", {**system, "type": "user_changed_number"}, contacts=[])
        assert isinstance(item, NumberChanged)
        assert (item.old, item.new) == ("+16505551234", "+12195555358")


def test_a_new_user_id_is_told_with_both_ends() -> None:
    system = {
        "body": "User changed from CO.1234567890 to MX.0987654321",
        "user_id": "MX.0987654321",
        "previous_user_id": "CO.1234567890",
        "type": "user_changed_user_id",
    }
    for more in ({}, {"previous_user_id": None}, {"user_id": None}):
        item = message("system", {**system, **more}, contacts=[], **{"from": None})
        assert isinstance(item, UserIdChanged)
        assert (item.old, item.new, item.address) == ("CO.1234567890", "MX.0987654321", None)


def test_a_forwarded_user_id_update_is_read() -> None:
    update = {
        "wa_id": "16505551234",
        "detail": "User ID changed",
        "user_id": {"previous": "US.1", "current": "US.2"},
        "timestamp": "1749416383",
    }
    item = one(envelope({"user_id_update": [update]}, field="user_id_update"))
    assert isinstance(item, UserIdChanged)
    assert (item.old, item.new, item.address) == ("US.1", "US.2", "+16505551234")


def test_other_system_messages_are_nothing_that_the_person_said() -> None:
    item = message("system", {"type": "customer_identity_changed", "body": "changed"})
    assert isinstance(item, Unknown)
    assert item.kind == "system:customer_identity_changed"


def test_the_old_form_of_the_marketing_switch_is_a_preference() -> None:
    item = message("system", {"type": "user_preference_changed", "marketing": "stop"})
    assert isinstance(item, Preference)
    assert (item.value, item.address, item.user_id) == ("stop", "+16505551234", "US.1349120865")


def preference(contacts: Any = (ANN,), **more: Any) -> Preference:
    raw = {
        "wa_id": "16505551234",
        "detail": "User requested to stop marketing messages",
        "category": "marketing_messages",
        "value": "stop",
        "timestamp": 1739321024,
    }
    value = {"contacts": list(contacts), "user_preferences": [{**raw, **more}]}
    item = one(envelope(value, field="user_preferences"))
    assert isinstance(item, Preference)
    return item


def test_the_marketing_switch_is_a_preference() -> None:
    item = preference()
    assert (item.address, item.user_id, item.value) == ("+16505551234", "US.1349120865", "stop")
    assert item.occurred_at == datetime(2025, 2, 12, 0, 43, 44, tzinfo=UTC)
    assert item.key == item.dedupe_key


def test_a_preference_is_the_same_event_by_who_what_and_when() -> None:
    keys = [
        preference().dedupe_key,
        preference(
            contacts=[{**ANN, "profile": {"name": "New"}}], timestamp="1739321024"
        ).dedupe_key,
    ]
    assert len(set(keys)) == 1
    others = [
        preference(value="resume").dedupe_key,
        preference(timestamp=1739321025).dedupe_key,
        preference(wa_id="16505559999").dedupe_key,
    ]
    assert len({keys[0], *others}) == 4


def test_a_preference_without_a_number_takes_the_only_contact() -> None:
    item = preference(wa_id=None)
    assert (item.address, item.user_id) == ("+16505551234", "US.1349120865")
    hidden = preference(contacts=[{"user_id": "US.7"}], wa_id=None)
    assert (hidden.address, hidden.user_id) == (None, "US.7")


@pytest.mark.parametrize(
    ("category", "value", "read"),
    [
        (None, "stop", "stop"),
        ("marketing_messages", "signup", "signup"),
        ("call_permissions", "stop", "stop"),
        ("call_permissions", "resume", "call_permissions:resume"),
    ],
)
def test_only_a_resume_of_marketing_is_a_resume(category: Any, value: str, read: str) -> None:
    assert preference(category=category, value=value).value == read


def status(**more: Any) -> Status:
    raw = {
        "id": "wamid.1",
        "status": "delivered",
        "timestamp": "1749416383",
        "recipient_id": "16505551234",
    }
    item = one(envelope({"statuses": [{**raw, **more}]}))
    assert isinstance(item, Status)
    return item


def test_a_status_carries_our_word_and_the_errors() -> None:
    item = status(
        status="failed",
        biz_opaque_callback_data="heed-7",
        errors=[
            {"code": 131050, "title": "t", "error_data": {"details": "stopped"}},
            {"code": "131026", "title": "undeliverable"},
            "odd",
            {},
        ],
    )
    assert (item.message_id, item.status, item.recipient) == ("wamid.1", "failed", "+16505551234")
    assert item.correlation == "heed-7"
    assert item.errors == (("131050", "stopped"), ("131026", "undeliverable"), ("", ""))


def test_a_status_is_one_event_for_each_step() -> None:
    keys = {status(status=step).dedupe_key for step in ("sent", "delivered", "read", "failed")}
    assert len(keys) == 4
    assert status().dedupe_key == status(timestamp="1749416999").dedupe_key


def test_a_status_to_a_hidden_number_names_the_user_id() -> None:
    item = status(recipient_id=None, recipient_user_id="US.7")
    assert (item.recipient, item.user_id) == (None, "US.7")


def test_a_template_that_meta_recategorised_is_told() -> None:
    value = {
        "message_template_id": 12345678,
        "message_template_name": "offer",
        "message_template_language": "he",
        "new_category": "MARKETING",
    }
    item = one(envelope(value, field="template_category_update"))
    assert isinstance(item, TemplateChanged)
    assert (item.name, item.language, item.event, item.category) == (
        "offer",
        "he",
        "CATEGORY",
        "MARKETING",
    )


def test_a_template_that_meta_rejected_says_why() -> None:
    value = {"event": "REJECTED", "message_template_name": "offer", "reason": "INVALID_FORMAT"}
    item = one(envelope(value, field="message_template_status_update"))
    assert isinstance(item, TemplateChanged)
    assert (item.event, item.reason) == ("REJECTED", "INVALID_FORMAT")


def test_errors_and_account_events_are_notices() -> None:
    (error,) = parse(envelope({"errors": [{"code": 130429, "message": "Rate limit hit"}]}))
    assert isinstance(error, AccountNotice)
    assert (error.code, error.detail) == ("130429", "Rate limit hit")
    event = one(envelope({"event": "DISABLED_UPDATE"}, field="account_update"))
    assert isinstance(event, AccountNotice)
    assert (event.field, event.code) == ("account_update", "DISABLED_UPDATE")


def test_a_person_who_calls_was_heard_from() -> None:
    call = {
        "id": "wacid.1",
        "from": "16505551234",
        "event": "connect",
        "direction": "USER_INITIATED",
        "timestamp": "1749416383",
    }
    item = one(envelope({"contacts": [ANN], "calls": [call]}, field="calls"))
    assert isinstance(item, Inbound)
    assert (item.kind, item.text, item.user_id) == ("call", "", "US.1349120865")
    ended = one(envelope({"calls": [{**call, "event": "terminate"}]}, field="calls"))
    assert isinstance(ended, Unknown)


def test_words_count_under_a_field_that_is_new() -> None:
    raw = {"from": "16505551234", "id": "wamid.1", "type": "text", "text": {"body": "STOP"}}
    item = one(envelope({"messages": [raw]}, field="standby"))
    assert isinstance(item, Inbound)
    assert item.text == "STOP"


def test_what_the_business_wrote_elsewhere_is_not_the_persons() -> None:
    echo = {
        "from": "15550783881",
        "to": "16505551234",
        "id": "wamid.9",
        "type": "text",
        "text": {"body": "STOP"},
    }
    item = one(envelope({"message_echoes": [echo]}, field="smb_message_echoes"))
    assert isinstance(item, Unknown)
    assert item.kind == "smb_message_echoes"


def test_a_batch_gives_every_item_in_order() -> None:
    texts = [
        {"from": "16505551234", "id": f"wamid.{n}", "type": "text", "text": {"body": str(n)}}
        for n in range(3)
    ]
    body = envelope(
        {"messages": texts[:2]},
        {"messages": texts[2:], "statuses": [{"id": "w", "status": "read"}]},
    )
    items = parse(body)
    assert [i.text if isinstance(i, Inbound) else i.dedupe_key for i in items] == [
        "0",
        "1",
        "2",
        "status:w:read",
    ]
    assert parse(body) == items


def test_an_item_without_an_id_is_the_same_event_by_what_it_says() -> None:
    first, again = inbound("text", {"body": "x"}, id=None), inbound("text", {"body": "x"}, id=None)
    other = inbound("text", {"body": "y"}, id=None)
    assert first.dedupe_key == again.dedupe_key != other.dedupe_key
    assert first.message_id == ""


def test_long_ids_and_names_fit_their_columns() -> None:
    item = inbound(
        "x" * 99, {}, id="wamid." + "A" * 999, contacts=[{**ANN, "profile": {"name": "é" * 999}}]
    )
    assert (len(item.message_id), len(item.profile_name), len(item.kind)) == (255, 200, 40)
    assert len(item.dedupe_key) <= 300


def test_a_stop_counts_beside_something_nested_beyond_reason() -> None:
    body = envelope({"messages": [{"id": "w", "type": "text", "text": {"body": "STOP"}}]})
    item = one(body.replace(b'"w"', b'"w", "deep": ' + b"[" * 800 + b"]" * 800))
    assert isinstance(item, Inbound)
    assert item.text == "STOP"


def test_what_no_database_takes_is_replaced() -> None:
    body = envelope({"messages": [{"id": "w", "type": "text", "text": {"body": "@@"}}]})
    item = one(body.replace(b"@@", rb"a\u0000b\ud800c").replace(b'"w"', b'"w", "n": 1e999'))
    assert isinstance(item, Inbound)
    assert item.text == "a\ufffdb\ufffdc"
    assert item.raw["n"] is None


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        (b"", ["not_json"]),
        (b"<html>", ["not_json"]),
        (b"\xff\xfe\x00", ["not_json"]),
        (b"[" * 100_000, ["not_json"]),
        (b'{"a":' * 900 + b"1" + b"}" * 900, ["object"]),
        (b"9" * 5000, ["not_json"]),
        (b"[]", ["not_an_object"]),
        (b'"x"', ["not_an_object"]),
        (b'{"object": "page", "entry": []}', ["object"]),
        (b'{"object":"whatsapp_business_account","entry":[]}', []),
        (b'{"object":"whatsapp_business_account","entry":{"changes":{"field":"new"}}}', ["new"]),
        (b'{"object":"whatsapp_business_account","entry":[{"changes":[{}]}]}', ["unknown"]),
    ],
)
def test_anything_else_is_kept_as_unknown(body: bytes, kinds: list[str]) -> None:
    assert [item.kind for item in parse(body) if isinstance(item, Unknown)] == kinds
    assert len(parse(body)) == len(kinds)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [
        "messages",
        "statuses",
        "errors",
        "contacts",
        "user_preferences",
        "user_id_update",
        "calls",
        "metadata",
        "from",
        "id",
        "type",
        "timestamp",
        "text",
        "button",
        "interactive",
        "reaction",
        "edit",
        "revoke",
        "system",
        "order",
        "location",
        "message",
        "event",
        "wa_id",
        "user_id",
        "value",
        "category",
        "button_reply",
        "body",
        "original_message_id",
        "direction",
    ]
)
LIKELY = st.recursive(
    JSON
    | st.sampled_from(["text", "system", "edit", "16505551234", "US.1", "user_changed_number"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)


def check(items: list[AnyItem]) -> None:
    """Whatever came in, what comes out fits where it goes."""
    for item in items:
        assert 0 < len(item.dedupe_key) <= 300
        json.dumps(item.raw, allow_nan=False).encode()
        assert "\x00" not in repr(item)
        if isinstance(item, Inbound):
            assert item.address is None or item.address.startswith("+")
            assert item.occurred_at is None or item.occurred_at.tzinfo is not None
            item.text.encode()


@given(st.one_of(JSON, LIKELY))
def test_no_json_makes_it_raise(value: Any) -> None:
    check(parse(json.dumps(value).encode()))


@given(value=LIKELY, field=NAMES)
def test_no_change_makes_it_raise(value: Any, field: str) -> None:
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}],
    }
    items = parse(json.dumps(body).encode())
    check(items)
    assert items


@given(st.binary())
def test_no_bytes_make_it_raise(body: bytes) -> None:
    check(parse(body))
