"""Webhook examples of Meta and of others, where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from webapp.webhooks.whatsapp_payload import AnyItem, Inbound, parse

DATA = Path(
    os.environ.get("HEED_TEST_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data"
)
PAYLOADS = DATA / "payloads"

EXPECTED = {
    "meta-docs/batch__two_changes_stop_text_and_preference": ["text", "Preference"],
    "meta-docs/errors__130429": ["AccountNotice"],
    "meta-docs/status__failed_131026": ["Status"],
    "meta-docs/status__failed_131047": ["Status"],
    "meta-docs/status__failed_131049": ["Status"],
    "meta-docs/status__failed_131050": ["Status"],
    "meta-docs/user_preferences__resume": ["Preference"],
    "meta-docs/user_preferences__stop": ["Preference"],
    "meta-openapi/button_message": ["button"],
    "meta-openapi/contact_sharing_message": ["contacts"],
    "meta-openapi/group_create_message": ["Unknown"],
    "meta-openapi/group_remove_participants": ["Unknown"],
    "meta-openapi/group_settings_update": ["Unknown"],
    "meta-openapi/image_message": ["image"],
    "meta-openapi/interactive_button_reply_message": ["button_reply"],
    "meta-openapi/interactive_list_reply_message": ["list_reply"],
    "meta-openapi/location_message": ["location"],
    "meta-openapi/order_message": ["order"],
    "meta-openapi/reaction_message": ["reaction"],
    "meta-openapi/system_message": ["NumberChanged"],
    "meta-openapi/text_message": ["text"],
    "meta-openapi/text_message_from_click_to_whatsapp_ad": ["text"],
    "meta-openapi/text_message_with_context_product_inquiry": ["text"],
    "meta-openapi/unsupported_message": ["unsupported"],
    "pywa/account_update__account_deleted": ["AccountNotice"],
    "pywa/account_update__account_disabled": ["AccountNotice"],
    "pywa/account_update__account_offboarded": ["AccountNotice"],
    "pywa/account_update__ad_account_linked": ["AccountNotice"],
    "pywa/account_update__partner_added": ["AccountNotice"],
    "pywa/account_update__partner_app_installed": ["AccountNotice"],
    "pywa/call_connect__user_initiated": ["call"],
    "pywa/call_terminate__call_terminate": ["Unknown", "AccountNotice"],
    "pywa/callback_button__quick_reply": ["button"],
    "pywa/callback_button__quick_reply_without_context": ["button"],
    "pywa/callback_selection__description": ["list_reply"],
    "pywa/edited_message__image": ["edit"],
    "pywa/flow_completion__completion": ["form_reply"],
    "pywa/message__animated_sticker": ["sticker"],
    "pywa/message__audio": ["audio"],
    "pywa/message__document": ["document"],
    "pywa/message__forwarded": ["text"],
    "pywa/message__forwarded_many_times": ["text"],
    "pywa/message__interactive_message_with_err": ["interactive", "AccountNotice"],
    "pywa/message__order": ["order"],
    "pywa/message__reaction": ["reaction"],
    "pywa/message__static_sticker": ["sticker"],
    "pywa/message__text": ["text"],
    "pywa/message__unreaction_no_emoji": ["unreaction"],
    "pywa/message__unsupported": ["unsupported"],
    "pywa/message_status__delivered": ["Status"],
    "pywa/message_status__failed": ["Status"],
    "pywa/message_status__read": ["Status"],
    "pywa/message_status__with_tracker": ["Status"],
    "pywa/outgoing_message__delete": ["Unknown"],
    "pywa/system__identity_change": ["Unknown"],
    "pywa/system__phone_number_change": ["NumberChanged"],
    "pywa/template_category_update__marketing": ["TemplateChanged"],
    "pywa/template_components_update__element": ["TemplateChanged"],
    "pywa/template_status_update__rejected": ["TemplateChanged"],
}

pytestmark = pytest.mark.skipif(
    not PAYLOADS.is_dir(),
    reason=f"no webhook examples in {PAYLOADS} (HEED_TEST_DATA names another)",
)


def kind_of(item: AnyItem) -> str:
    """The type of item, or for what a person did, what that was."""
    return item.kind if isinstance(item, Inbound) else type(item).__name__


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_example_gives_the_right_kinds(name: str) -> None:
    items = parse((PAYLOADS / f"{name}.json").read_bytes())
    assert [kind_of(item) for item in items] == EXPECTED[name]


def test_no_example_is_left_out() -> None:
    found = {f"{p.parent.name}/{p.stem}" for p in PAYLOADS.glob("*/*.json")}
    assert found <= set(EXPECTED)
