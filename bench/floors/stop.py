"""A bare webhook: the signature, then the minimal correct statements of a STOP."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from flask import Flask, request

from bench.floors.consent import Asked, change
from bench.floors.hand import Hand
from bench.places import SECRET, Place
from webapp.accounts.rules import CUSTOMER
from webapp.contacts.rules import Source, State, address_key, provider_address

WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"}
RAW = """
INSERT INTO stored_webhooks (provider, digest, body, received_at, processed_at, tries, error)
VALUES ('whatsapp', :digest, :body, :now, :now, 1, '')
ON CONFLICT (digest) DO NOTHING RETURNING id"""
CONVERSATION = """
INSERT INTO conversations (channel, key, address, contact_id, profile_name, last_inbound_at,
    last_at, unread)
VALUES ('whatsapp', :key, :address, (SELECT id FROM contacts WHERE phone_key = :key), :name,
    :occurred, :now, 1)
ON CONFLICT (key, channel) DO UPDATE SET last_inbound_at = excluded.last_inbound_at,
    last_at = excluded.last_at, unread = conversations.unread + 1
RETURNING id"""
INBOUND = """
INSERT INTO inbound_messages (conversation_id, provider_message_id, kind, text, payload,
    occurred_at, received_at, verdict, matched)
VALUES (:conversation, :wamid, 'text', :said, '', :occurred, :now, 'opt_out', '{}')"""


def bare_webhook(place: Place, hand: Hand) -> Flask:
    """Give an app with the view `/webhooks/whatsapp`, which knows a whole word STOP."""
    app = Flask("floor")
    account_key = place.config.address_keys[0]

    @app.post("/webhooks/whatsapp")
    def receive() -> tuple[str, int]:
        body = request.get_data(cache=False)
        signed = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signed, request.headers["X-Hub-Signature-256"]):
            return "", 401
        value = json.loads(body)["entry"][0]["changes"][0]["value"]
        with hand.transaction():
            _store(hand, account_key, body, value)
        return "", 200

    return app


def _store(hand: Hand, account_key: str, body: bytes, value: dict[str, Any]) -> None:
    """Keep the body, the message in its conversation, and the opt-out that it is."""
    message, name = value["messages"][0], value["contacts"][0]["profile"]["name"]
    now = hand.moment(datetime.now(UTC))
    digest = hashlib.sha256(body).digest()
    if not hand.run(RAW, digest=digest, body=body, now=now).fetchone():
        return
    address = provider_address(message["from"])
    key, said = address_key(address, account_key), message["text"]["body"]
    occurred_at = datetime.fromtimestamp(int(message["timestamp"]), UTC)
    when = {"now": now, "occurred": hand.moment(occurred_at)}
    who = {"key": key, "address": address.value, "name": name}
    conversation = hand.run(CONVERSATION, **who, **when).fetchone()[0]
    hand.run(INBOUND, conversation=conversation, wamid=message["id"], said=said, **when)
    if said.strip().upper() in WORDS:
        who_said = (Source.KEYWORD, CUSTOMER, said, occurred_at)
        change(hand, Asked(address.value, key, State.OPTED_OUT, *who_said))
