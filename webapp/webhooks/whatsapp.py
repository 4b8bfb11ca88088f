"""WhatsApp's webhook: verify, store, process each item by itself, settle, then answer."""

from __future__ import annotations

import hmac

import structlog
from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from webapp.accounts.access import open_to_all
from webapp.consent.service import settle
from webapp.consent.wishes import Change
from webapp.conversations import service as conversations
from webapp.core.config import Config
from webapp.core.db import transaction
from webapp.webhooks.whatsapp_effects import places_of, take
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
    config: Config = current_app.extensions["heed"]
    body = request.get_data(cache=False)
    signature = request.headers.get("X-Hub-Signature-256")
    secret = config.whatsapp_app_secret
    if not secret or not verify_signature(secret, body, signature):
        return Response("", 401)
    stored = transaction(lambda: _store(body))
    if stored is not None and not process(stored, body):
        return Response("", 500)
    return Response("", 200)


def _store(body: bytes) -> int | None:
    """Keep the body; gives its row's id, or None where it was worked through before."""
    row = conversations.store_webhook(PROVIDER, body)
    return None if row.processed_at is not None else row.id


def process(webhook_id: int, body: bytes) -> bool:
    """Give every item of a stored webhook its effect, each in a transaction of its own.

    Gives False where one failed; the others stand. Called by the door and by the sweep.
    """
    changes: list[Change] = []
    error = ""
    items = parse(body)
    for item in items:
        try:
            changes += transaction(lambda item=item: take(item))  # type: ignore[misc]
        except Exception as failure:
            log.exception("webhook.item_failed", provider=PROVIDER, item=item.dedupe_key)
            error = f"{type(failure).__name__}: {failure}"
    # Before it counts as processed, so that a repeat which finds it so may be answered at once.
    settle(changes, also=[place for item in items for place in places_of(item)])
    transaction(lambda: conversations.note_processed(webhook_id, error))
    return not error
