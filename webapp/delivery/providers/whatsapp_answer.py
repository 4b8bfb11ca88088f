"""What WhatsApp's HTTP answer to a send means. Pure: bytes in, `Answer` out, never raises."""

from __future__ import annotations

from typing import Any

from webapp.delivery.providers.answers import DETAIL_LENGTH, json_object, seconds
from webapp.delivery.providers.base import Answer, Outcome
from webapp.delivery.providers.whatsapp_errors import Rule, rule_for


def read_answer(status: int, body: bytes, retry_after: str | None = None) -> Answer:
    """Judge one answer by the code in it; by the HTTP status only where there is none.

    `body` may be anything: empty, HTML, cut off. `retry_after` is the header of that name.
    """
    document = json_object(body)
    if 200 <= status < 300 and (taken := _accepted(document)):
        return taken
    error = document.get("error")
    if isinstance(error, dict):
        return _refusal(status, error, seconds(retry_after))
    if 200 <= status < 300:
        return Answer(Outcome.UNKNOWN, detail="WhatsApp answered without a message id")
    return _without_code(status, seconds(retry_after))


def _accepted(document: dict[str, Any]) -> Answer | None:
    """Read a success, which counts only with the id that later statuses will carry."""
    messages = document.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    if not isinstance(first, dict) or not isinstance(first.get("id"), str) or not first["id"]:
        return None
    state = first.get("message_status")
    return Answer(Outcome.ACCEPTED, first["id"], detail=state if isinstance(state, str) else "")


def _refusal(status: int, error: dict[str, Any], wait: float | None) -> Answer:
    code = error.get("code")
    known = isinstance(code, int | str) and not isinstance(code, bool)
    rule = rule_for(code, error.get("error_subcode")) if known else None
    if rule is None:
        rule = _unknown_code(status)
    elif rule.outcome is Outcome.NOT_TAKEN and status in (502, 504):
        # A gateway gave up waiting and dressed it as a Graph error: nobody knows what became
        # of the request behind it.
        rule = Rule(Outcome.UNKNOWN, rule.meaning)
    return Answer(
        rule.outcome,
        code=str(code)[:20] if known else None,
        detail=_detail(error, rule),
        retry_after=wait if wait is not None else rule.retry_after,
        pair=rule.pair,
        stop_campaign=rule.stop_campaign,
        next_day=rule.next_day,
    )


def _unknown_code(status: int) -> Rule:
    if status == 429:
        return Rule(Outcome.THROTTLED, "WhatsApp asks to slow down")
    if status >= 500:
        return Rule(Outcome.UNKNOWN, "WhatsApp failed in a way that is not known")
    return Rule(Outcome.REFUSED, "WhatsApp refused with a code that is not known")


def _without_code(status: int, wait: float | None) -> Answer:
    """Judge an answer that is not WhatsApp's own: a proxy, a wrong address, a gateway."""
    detail = f"HTTP {status} without WhatsApp's error body"
    if status == 429:
        return Answer(Outcome.THROTTLED, detail=detail, retry_after=wait)
    if status in (301, 302, 307, 308, 401, 403, 404, 407):
        # Whoever answered did not process it (RFC 9110, 15.4, 15.5): the address is wrong.
        return Answer(Outcome.ACCOUNT, detail=f"{detail}: is HEED_WHATSAPP_API_URL right?")
    if 400 <= status < 500 and status != 408:
        return Answer(Outcome.REFUSED, detail=detail)
    return Answer(Outcome.UNKNOWN, detail=detail, retry_after=wait)


def _detail(error: dict[str, Any], rule: Rule) -> str:
    data = error.get("error_data")
    said = data.get("details") if isinstance(data, dict) else None
    said = said or error.get("message")
    text = f"{rule.meaning}: {said}" if isinstance(said, str) else rule.meaning
    return text[:DETAIL_LENGTH]
