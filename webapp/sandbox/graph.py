"""The Cloud API on the wire: sending, marking as read, templates, the number."""

from __future__ import annotations

import hmac
import time
from typing import Any

from flask import Blueprint, Response, jsonify, request

from webapp.sandbox import chat, people, queries
from webapp.sandbox.behaviour import Behaviour
from webapp.sandbox.faults import cut_off
from webapp.sandbox.graph_errors import GraphError
from webapp.sandbox.identity import digits
from webapp.sandbox.notices import DISPLAY_NUMBER
from webapp.sandbox.send_rules import Send, read_send
from webapp.sandbox.state import sandbox
from webapp.sandbox.store import register_templates
from webapp.sandbox.template_rules import Template, read_template

blueprint = Blueprint("graph", __name__, url_prefix="/<version>")
ALREADY_THERE = 2388024
OBJECT_MISSING = 33


@blueprint.url_value_preprocessor
def _drop_version(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Every version is served alike."""
    if values is not None:
        values.pop("version", None)


@blueprint.before_request
def _authorize() -> None:
    """Ask for the token that the settings give Heed. Raises GraphError."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = sandbox().token.encode()
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), expected):
        message = "Invalid OAuth access token - Cannot parse access token"
        raise GraphError(190, message=message)


@blueprint.errorhandler(GraphError)
def _refused(error: GraphError) -> tuple[Response, int]:
    return jsonify(error.body()), error.status


@blueprint.post("/<number_id>/messages")
def send(number_id: str) -> Response | tuple[Response, int] | tuple[str, int]:
    """Take a message for a phone, or note that the business has read one."""
    _own(number_id, sandbox().business.number_id)
    body = request.get_json(silent=True)
    if isinstance(body, dict) and body.get("status") == "read":
        return _mark_read(body)
    return _send(body)


@blueprint.post("/<number_id>/marketing_messages")
def send_marketing(number_id: str) -> Response | tuple[Response, int] | tuple[str, int]:
    """Take a template by the Marketing Messages API, which takes nothing else."""
    _own(number_id, sandbox().business.number_id)
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or body.get("type") != "template":
        raise GraphError(100, message="Param type must be template")
    return _send(body)


def _own(given: str, expected: str) -> None:
    if given != expected:
        raise GraphError(
            100,
            subcode=OBJECT_MISSING,
            message=f"Unsupported post request. Object with ID '{given[:40]}' does not exist",
        )


def _mark_read(body: dict[str, Any]) -> Response:
    with sandbox().store.write() as db:
        if not chat.business_read(db, str(body.get("message_id"))):
            raise GraphError(131009, "message_id is not a message to this number")
    return jsonify(success=True)


def _send(body: Any) -> Response | tuple[Response, int] | tuple[str, int]:
    behaviour = sandbox().switchboard.take()
    if behaviour.latency_ms:
        time.sleep(behaviour.latency_ms / 1000)
    wanted = read_send(body, _find_template)
    if behaviour.error_code is not None and not behaviour.as_status:
        raise GraphError(behaviour.error_code)
    if behaviour.drop or behaviour.http_status is not None:
        return _fail(wanted, behaviour)
    return jsonify(_answer(wanted, *_take(wanted, behaviour)))


def _find_template(name: str, language: str) -> Template | None:
    with sandbox().store.read() as db:
        return queries.template(db, name, language)


def _take(wanted: Send, behaviour: Behaviour) -> tuple[dict[str, Any], str]:
    """Put the message on its phone; gives the phone and the message's id."""
    parts = sandbox()
    with parts.store.write() as db:
        if wanted.number:
            phone: dict[str, Any] | None = people.open_phone(db, wanted.number)
        else:
            phone = people.find_phone(db, wanted.user_id)
        if phone is None:
            raise GraphError(131009, "recipient is not a user id of this business")
        wamid = chat.deliver(
            db,
            parts.business,
            phone,
            wanted,
            error_code=behaviour.error_code,
            delay=behaviour.status_delay_ms / 1000,
        )
    parts.deliveries.wake()
    return phone, wamid


def _answer(wanted: Send, phone: dict[str, Any], wamid: str) -> dict[str, Any]:
    known = {"wa_id": phone["number"]} if wanted.number else {"user_id": phone["user_id"]}
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": wanted.given, **known}],
        "messages": [{"id": wamid}],
    }


def _fail(wanted: Send, behaviour: Behaviour) -> tuple[str, int]:
    """Answer as a broken gateway does, or cut the connection; the message may be taken or not."""
    if behaviour.taken:
        _take(wanted, Behaviour(status_delay_ms=behaviour.status_delay_ms))
    if behaviour.drop:
        cut_off()
    return "<html><title>Gateway</title></html>", behaviour.http_status or 502


@blueprint.get("/<account_id>/message_templates")
def list_templates(account_id: str) -> Response:
    """List the templates, by name if asked, in pages."""
    _own(account_id, sandbox().business.account_id)
    after, limit = request.args.get("after", ""), request.args.get("limit", "")
    size = min(int(limit), 250) if limit.isdecimal() and int(limit) else 25
    first = int(after) if after.isdecimal() else 0
    with sandbox().store.read() as db:
        found = queries.templates(db, request.args.get("name"), first, size)
    data = [template.as_meta() for template in found]
    paging = {"cursors": {"before": data[0]["id"], "after": data[-1]["id"]}} if data else {}
    return jsonify(data=data, paging=paging)


@blueprint.post("/<account_id>/message_templates")
def make_template(account_id: str) -> Response:
    """Make a template; here it is approved at once."""
    parts = sandbox()
    _own(account_id, parts.business.account_id)
    wanted = read_template(request.get_json(silent=True))
    if _find_template(wanted["name"], wanted["language"]):
        message = "Content in this language already exists"
        raise GraphError(100, subcode=ALREADY_THERE, message=message)
    register_templates(parts.store, [wanted])
    made = _find_template(wanted["name"], wanted["language"])
    return jsonify(id=str(made.id if made else ""), status="APPROVED", category=wanted["category"])


@blueprint.get("/<number_id>")
def show_number(number_id: str) -> Response:
    """Describe the business's number, as a check of the settings asks for it."""
    _own(number_id, sandbox().business.number_id)
    return jsonify(
        id=number_id,
        verified_name="Sandbox",
        display_phone_number=f"+{digits(DISPLAY_NUMBER)}",
        quality_rating="GREEN",
    )
