"""What Twilio's HTTP answer to a send means. Pure: bytes in, `Answer` out, never raises."""

from __future__ import annotations

from typing import Any

from webapp.delivery.providers.answers import DETAIL_LENGTH, json_object, seconds
from webapp.delivery.providers.base import Answer, Outcome
from webapp.delivery.providers.twilio_errors import Rule, rule_for


def read_answer(status: int, body: bytes, retry_after: str | None = None) -> Answer:
    """Judge one answer by Twilio's code in it; by the HTTP status where there is none it knows.

    `body` may be anything: empty, HTML, cut off. `retry_after` is the header of that name.
    """
    document, wait = json_object(body), seconds(retry_after)
    if 200 <= status < 300:
        return _taken(document)
    code = document.get("code")
    rule = rule_for(code)
    if status >= 500 or status == 408:
        # Nobody knows what became of a request that a server failed at, whatever code it names.
        return Answer(Outcome.UNKNOWN, detail=_detail(status, document, None), retry_after=wait)
    rule = rule or _by_status(status, ours=code is not None)
    return Answer(
        rule.outcome,
        code=str(code)[:20] if code is not None else None,
        detail=_detail(status, document, rule),
        retry_after=wait if wait is not None else rule.retry_after,
        stop_campaign=rule.stop_campaign,
    )


def _taken(document: dict[str, Any]) -> Answer:
    """Read a success, which counts only with the id that later statuses will carry."""
    sid, state = document.get("sid"), document.get("status")
    if not isinstance(sid, str) or not sid:
        return Answer(Outcome.UNKNOWN, detail="Twilio answered without a message id")
    return Answer(Outcome.ACCEPTED, sid, detail=state if isinstance(state, str) else "")


def _by_status(status: int, *, ours: bool) -> Rule:
    """Judge an answer without a code that is known; `ours`: Twilio itself wrote it."""
    if status == 429:
        return Rule(Outcome.THROTTLED, "Twilio asks to slow down")
    if status in (401, 403):
        return Rule(Outcome.ACCOUNT, "the account SID or the auth token is wrong")
    if status < 400 or (status in (404, 407) and not ours):
        # Whoever answered did not process it (RFC 9110, 15.4, 15.5): the address is wrong.
        return Rule(Outcome.ACCOUNT, "no answer of Twilio's: is HEED_TWILIO_API_URL right?")
    return Rule(Outcome.REFUSED, "Twilio does not accept the request")


def _detail(status: int, document: dict[str, Any], rule: Rule | None) -> str:
    meaning = rule.meaning if rule else f"HTTP {status}"
    said = document.get("message")
    return (f"{meaning}: {said}" if isinstance(said, str) and said else meaning)[:DETAIL_LENGTH]
