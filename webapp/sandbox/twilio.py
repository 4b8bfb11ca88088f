"""Twilio's Messages resource on the wire: an SMS to a phone of the sandbox.

Source: Twilio, "Create a Message resource" and its error dictionary. What follows a message, its
statuses and a person's reply, is not told to anybody: no callback is asked for.
"""

from __future__ import annotations

import hmac
import time
from email.utils import formatdate
from typing import Any

from flask import Blueprint, Response, jsonify, request

from webapp.sandbox import people, texts
from webapp.sandbox.faults import cut_off
from webapp.sandbox.identity import digits
from webapp.sandbox.sms_rules import Refused, Sms, read_sms
from webapp.sandbox.state import sandbox

blueprint = Blueprint("twilio", __name__, url_prefix="/2010-04-01/Accounts/<account_sid>")


@blueprint.errorhandler(Refused)
def _refused(error: Refused) -> tuple[Response, int]:
    return jsonify(error.body()), error.status


@blueprint.url_value_preprocessor
def _authorize(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Ask for the account and the token that the settings give Heed. Raises Refused."""
    account, parts = (values or {}).pop("account_sid", ""), sandbox()
    given = request.authorization
    known = given is not None and given.type == "basic" and given.username == parts.account_sid
    token = (given.password if given else "") or ""
    if not known or not hmac.compare_digest(token.encode(), parts.auth_token.encode()):
        raise Refused(20003)
    if account != parts.account_sid:
        raise Refused(20404)


@blueprint.post("/Messages.json")
def send() -> tuple[Response, int] | tuple[str, int]:
    """Take an SMS for a phone."""
    parts = sandbox()
    behaviour = parts.sms_switchboard.take()
    if behaviour.latency_ms:
        time.sleep(behaviour.latency_ms / 1000)
    wanted = read_sms(request.form, parts.sms_from)
    if behaviour.error_code is not None:
        raise Refused(behaviour.error_code)
    if behaviour.drop or behaviour.http_status is not None:
        if behaviour.taken:
            _take(wanted)
        if behaviour.drop:
            cut_off()
        return "<html><title>Gateway</title></html>", behaviour.http_status or 502
    return jsonify(_answer(wanted, _take(wanted))), 201


def _take(wanted: Sms) -> str:
    """Put an SMS on its phone; gives its SID. Raises Refused where the person said STOP."""
    with sandbox().store.write() as db:
        phone = people.open_phone(db, digits(wanted.to))
        if texts.stopped(db, phone["id"]):
            raise Refused(21610)
        return texts.deliver(db, phone, wanted.text)


def _answer(wanted: Sms, sid: str) -> dict[str, Any]:
    """Write the answer as Twilio does, which has no price and no error yet."""
    now, account = formatdate(usegmt=True).replace("GMT", "+0000"), sandbox().account_sid
    uri = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
    service = wanted.sender if wanted.by_service else None
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": wanted.text,
        "date_created": now,
        "date_sent": None,
        "date_updated": now,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": None if service else wanted.sender,
        "messaging_service_sid": service,
        "num_media": "0",
        "num_segments": "0" if service else str(wanted.segments),
        "price": None,
        "price_unit": None,
        "sid": sid,
        "status": "accepted" if service else "queued",
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": wanted.to,
        "uri": f"{uri}.json",
    }
