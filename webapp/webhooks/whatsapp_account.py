"""Changes about the business itself: its templates, its number, its account."""

from __future__ import annotations

from typing import Any

from webapp.webhooks.whatsapp_items import AccountNotice, AnyItem, TemplateChanged
from webapp.webhooks.whatsapp_values import errors, key_of, table, word

TEMPLATE_FIELDS = {
    "message_template_status_update": "",
    "template_category_update": "CATEGORY",
    "message_template_quality_update": "QUALITY",
    "message_template_components_update": "COMPONENTS",
}
ACCOUNT_FIELDS = (
    "account_update",
    "account_alerts",
    "account_review_update",
    "account_settings_update",
    "business_capability_update",
    "business_status_update",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
)


def account_items(
    field: str, entry: dict[str, Any], value: dict[str, Any], number: str | None
) -> list[AnyItem]:
    """Read a change about the business: a template's, a notice, and errors that are nobody's."""
    raw = {"entry": entry.get("id"), "time": entry.get("time"), "field": field, "value": value}
    if field in TEMPLATE_FIELDS:
        return [_template(field, value, number, raw)]
    notices = errors(value.get("errors"))
    if not notices and field in ACCOUNT_FIELDS:
        notices = (_event(field, value),)
    return [
        AccountNotice(
            field=field,
            code=code,
            detail=detail,
            phone_number_id=number,
            dedupe_key=key_of(f"account:{code}", number, raw),
            raw=raw,
        )
        for code, detail in notices
    ]


def _event(field: str, value: dict[str, Any]) -> tuple[str, str]:
    """Name an account event in Meta's capitals, or by its field, and say what it holds."""
    name = word(value.get("event"), 60) or word(value.get("decision"), 60) or field.upper()
    ban = word(table(value.get("ban_info")).get("waba_ban_state"))
    alert = word(table(value.get("alert_info")).get("alert_description"))
    limit = word(value.get("current_limit"))
    return name, ban or alert or limit


def _template(
    field: str, value: dict[str, Any], number: str | None, raw: dict[str, Any]
) -> TemplateChanged:
    reason = word(value.get("reason"))
    told = word(table(value.get("rejection_info")).get("reason"), 500)
    return TemplateChanged(
        template_id=word(value.get("message_template_id")),
        name=word(value.get("message_template_name"), 512),
        language=word(value.get("message_template_language"), 15),
        event=word(value.get("event"), 40) or TEMPLATE_FIELDS[field],
        category=word(value.get("new_category"), 40)
        or word(value.get("message_template_category"), 40),
        reason=told or word(value.get("new_quality_score")) or reason,
        phone_number_id=number,
        dedupe_key=key_of("template", number, raw),
        raw=raw,
    )
