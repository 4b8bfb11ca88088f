"""WhatsApp's webhook: verify, store, process each item by itself, settle, then answer."""

from __future__ import annotations

import hmac
from functools import partial

import structlog
from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from webapp.accounts.access import open_to_all
from webapp.consent.rows import Place
from webapp.consent.service import settle
from webapp.consent.wishes import Change
from webapp.contacts.rules import State
from webapp.conversations import service as conversations
from webapp.conversations import slowest
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import transaction
from webapp.webhooks.whatsapp_effects import Taken, places_of, take
from webapp.webhooks.whatsapp_items import AnyItem
from webapp.webhooks.whatsapp_payload import parse, verify_signature

log = structlog.get_logger(__name__)
blueprint = Blueprint("whatsapp_webhook", __name__)
PROVIDER = "whatsapp"


@blueprint.get("/webhooks/whatsapp")
@open_to_all
def verify() -> ResponseReturnValue:
    """Answer Meta's check of the address: the challenge, if it knows our verify token."""
    config: Config = current_app.extensions["heed"]
    asked = request.args.get("hub.mode") == "subscribe"
    token = request.args.get("hub.verify_token", "")
    known = bool(config.whatsapp_verify_token) and hmac.compare_digest(
        token.encode(), config.whatsapp_verify_token.encode()
    )
    if not (asked and known):
        return Response("", 403)
    return Response(request.args.get("hub.challenge", ""), mimetype="text/plain")


@blueprint.post("/webhooks/whatsapp")
@open_to_all
def receive() -> ResponseReturnValue:
    """Take a notification. 401 for a bad signature; 200 once everything in it has its effect.

    A stop in it is committed and settled before the 200. Anything that fails is kept and answered
    500, so that Meta repeats it; what had its effect already is not done twice.
    """
    arrived = clock.elapsed()
    config: Config = current_app.extensions["heed"]
    body = request.get_data(cache=False)
    signature = request.headers.get("X-Hub-Signature-256")
    secret = config.whatsapp_app_secret
    if not secret or not verify_signature(secret, body, signature):
        return Response("", 401)
    stored = transaction(lambda: conversations.store_webhook(PROVIDER, body))
    if not stored.processed and not process(stored.id, body, arrived):
        return Response("", 500)
    return Response("", 200)


def process(webhook_id: int, body: bytes, arrived: float | None = None) -> bool:
    """Give every item of a stored webhook its effect, each in a transaction of its own.

    Gives False where one failed; the others stand. Called by the door, which says when it came
    (`clock.elapsed`), and by the sweep.
    """
    items = parse(body)
    changes: list[Change] = []
    again: list[Place] = []
    error, waits, noted, erased = "", False, False, False
    for item in items:
        last = item is items[-1] and not (error or waits)
        try:
            taken, noted = transaction(partial(_take, item, webhook_id if last else None))
        except Exception as failure:
            log.exception("webhook.item_failed", provider=PROVIDER, item=item.dedupe_key)
            error = f"{type(failure).__name__}: {failure}"
        else:
            changes += taken.changes
            again += places_of(item) if taken.again else []
            waits = waits or taken.waits
            erased = erased or taken.erased
    if not noted:
        # Before it counts as processed, so that a repeat which finds it so may be answered at once.
        settle(changes, also=again)
        transaction(lambda: conversations.note_processed(webhook_id, error))
    if erased and not error:
        # A report about an old message must not bring the number of an erased person back.
        transaction(lambda: conversations.forget_body(webhook_id))
    if arrived is not None:
        stopped = [change.key for change in changes if change.state is State.OPTED_OUT]
        slowest.note(clock.elapsed() - arrived, stopped)
    return not error


def _take(item: AnyItem, webhook_id: int | None) -> tuple[Taken, bool]:
    """Give an item its effect; tells whether its webhook is noted as processed with that.

    It is where this is its last item and its answer has nothing to wait for.
    """
    taken = take(item)
    if webhook_id is None or taken.waits:
        return taken, False
    conversations.note_processed(webhook_id)
    return taken, True
