"""A JSON API for tests and demonstrations: what arrived, and what people do with their phones."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from webapp.sandbox import mailbox, people, queries, queue, texts
from webapp.sandbox.behaviour import Switchboard
from webapp.sandbox.identity import digits, is_number
from webapp.sandbox.state import sandbox

blueprint = Blueprint("control", __name__, url_prefix="/sandbox")
MOST = 1000


@blueprint.errorhandler(HTTPException)
def _problem(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.description), error.code or 500


@blueprint.get("/messages")
def messages() -> Response:
    """List messages, oldest first: `to` or `from` a phone, `status`, `correlation`, `after` an id.

    `direction` of each is to_phone or from_phone; what failed is listed too.
    """
    to, sender = request.args.get("to"), request.args.get("from")
    wanted: dict[str, Any] = {
        "phone_id": None,
        "direction": "to_phone" if to else "from_phone" if sender else None,
        "status": request.args.get("status"),
        "correlation": request.args.get("correlation"),
        "after": request.args.get("after", 0, type=int),
    }
    with sandbox().store.read() as db:
        if identity := to or sender:
            phone = people.find_phone(db, identity)
            wanted["phone_id"] = phone["id"] if phone else 0
        limit = min(max(request.args.get("limit", MOST, type=int), 1), MOST)
        return jsonify(items=queries.messages(db, wanted, limit))


@blueprint.get("/phones")
def phones() -> Response:
    """List phones, the latest chat first: `q` searches name and number, `page` from 1."""
    page = max(request.args.get("page", 1, type=int), 1)
    with sandbox().store.read() as db:
        items, count = queries.phones(db, request.args.get("q", ""), page)
    return jsonify(items=items, count=count)


@blueprint.post("/reply")
def reply() -> Response:
    """Write or tap: `from`, and `text`, or `button` (its title or payload); perhaps `name`."""
    given = _body()
    parts = sandbox()
    with parts.store.write() as db:
        phone = _phone(db, given, "from")
        if isinstance(given.get("text"), str):
            answers = given.get("in_reply_to")
            wamid = people.write(db, parts.business, phone, given["text"], answers)
        elif found := queries.offered(db, phone["id"], str(given.get("button"))):
            wamid = people.tap(db, parts.business, phone, *found)
        else:
            raise NotFound("Give a text, or the title or payload of a button on this phone.")
    parts.deliveries.wake()
    return jsonify(id=wamid)


@blueprint.post("/preference")
def preference() -> Response:
    """Use WhatsApp's own switch: `from`, and `value`: stop or resume."""
    given = _body()
    if given.get("value") not in ("stop", "resume"):
        raise BadRequest("value is stop or resume.")
    parts = sandbox()
    with parts.store.write() as db:
        people.choose_marketing(db, parts.business, _phone(db, given, "from"), given["value"])
    parts.deliveries.wake()
    return jsonify(ok=True)


@blueprint.post("/read")
def read() -> Response:
    """Look at the chat of `phone`: what was delivered is read."""
    given, parts = _body(), sandbox()
    with parts.store.write() as db:
        count = people.read_all(db, parts.business, _phone(db, given, "phone"))
    parts.deliveries.wake()
    return jsonify(read=count)


@blueprint.post("/webhook")
def webhook() -> tuple[Response, int]:
    """Deliver the body of this request, as it is, as a signed webhook: for forms of any kind."""
    parts = sandbox()
    with parts.store.write() as db:
        queue.add_bytes(db, 0, request.get_data(), time.time(), urgent=True)
    parts.deliveries.wake()
    return jsonify(queued=True), 202


@blueprint.get("/webhooks")
def webhooks() -> Response:
    """Say how many webhooks wait for Heed, where they go, and what went wrong last."""
    with sandbox().store.read() as db:
        count, problem = queue.waiting(db)
    return jsonify(waiting=count, problem=problem, callback=sandbox().deliveries.callback)


@blueprint.post("/verify")
def verify() -> Response:
    """Make the handshake with which Meta checks a callback address."""
    return jsonify(verified=sandbox().deliveries.verify(sandbox().verify_token))


@blueprint.post("/sms")
def sms() -> Response:
    """Write by SMS: `from`, and `text`. Twilio's own words stop its SMS, or take that back."""
    given = _body()
    if not isinstance(given.get("text"), str):
        raise BadRequest("Give a text.")
    with sandbox().store.write() as db:
        return jsonify(id=texts.write(db, _phone(db, given, "from"), given["text"]))


@blueprint.get("/behaviour")
@blueprint.get("/behaviour/<channel>")
def show_behaviour(channel: str = "whatsapp") -> Response:
    """Show the faults asked for, of WhatsApp or of `sms`."""
    return jsonify(dataclasses.asdict(_switchboard(channel).show()))


@blueprint.post("/behaviour")
@blueprint.post("/behaviour/<channel>")
def set_behaviour(channel: str = "whatsapp") -> Response:
    """Replace the faults: the fields of `behaviour.Behaviour`; {} for none."""
    try:
        return jsonify(dataclasses.asdict(_switchboard(channel).set(_body())))
    except ValueError as error:
        raise BadRequest(str(error)) from None


@blueprint.get("/mails")
def mails() -> Response:
    """List the emails, newest first: `q` searches subject, sender and recipients."""
    with sandbox().store.read() as db:
        items, count = mailbox.mails(db, request.args.get("q", ""), 1, MOST)
    return jsonify(items=items, count=count)


@blueprint.post("/clear")
def clear() -> Response:
    """Forget phones, messages, emails and waiting webhooks; templates stay."""
    with sandbox().store.write() as db:
        db.execute("DELETE FROM mails")
        db.execute("DELETE FROM webhooks")
        db.execute("DELETE FROM phones")
    return jsonify(ok=True)


def _switchboard(channel: str) -> Switchboard:
    found = {"whatsapp": sandbox().switchboard, "sms": sandbox().sms_switchboard}.get(channel)
    if found is None:
        raise NotFound("Only whatsapp and sms can go wrong on demand.")
    return found


def _body() -> dict[str, Any]:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise BadRequest("Send a JSON object.")
    return given


def _phone(db: Any, given: dict[str, Any], name: str) -> dict[str, Any]:
    """Find the phone that a request names; a number that is new gets one."""
    identity = str(given.get(name) or "")
    if is_number(identity):
        return people.open_phone(db, digits(identity), str(given.get("name") or ""))
    phone = people.find_phone(db, identity)
    if phone is None:
        raise NotFound(f"{name} is a number with its country code, or a user id of a phone here.")
    return phone
