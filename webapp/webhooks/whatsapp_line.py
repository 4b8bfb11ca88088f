"""Meta's end of the line, for drills: tells a running Heed what a person wrote, as Meta does.

Source: Meta, "Webhooks" and "Create a webhook endpoint" of the WhatsApp Business Platform.
"""

from __future__ import annotations

import json
import secrets
from contextlib import closing
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import perf_counter
from typing import Any
from urllib.parse import urlencode, urlsplit

from webapp.core.config import Config
from webapp.drills.rules import Reply
from webapp.webhooks.whatsapp_signature import sign

PATH = "/webhooks/whatsapp"
TIMEOUT = 20.0  # seconds, Meta's own is not told
NAME = "Heed drill"


class WhatsAppLine:
    """Speaks to the webhook of the Heed at `url`, under the settings that it should have."""

    provider = "whatsapp"

    def __init__(self, url: str, config: Config) -> None:
        """`url` is the base address, which may have a path of its own."""
        self.url = url.rstrip("/")
        self._config = config
        self._parts = urlsplit(self.url)

    def ask(self) -> Reply:
        """Ask for the challenge back; an answer without it counts as 404."""
        challenge = secrets.token_hex(8)
        query = {
            "hub.mode": "subscribe",
            "hub.verify_token": self._config.whatsapp_verify_token,
            "hub.challenge": challenge,
        }
        reply, said = self._call("GET", f"{PATH}?{urlencode(query)}")
        right = reply.status != 200 or said == challenge.encode()
        return reply if right else Reply(404, reply.seconds)

    def notice(self, sender: str, text: str, message_id: str, at: datetime) -> bytes:
        """Give the notification that a person wrote a text."""
        number = sender.removeprefix("+")
        message = {
            "from": number,
            "id": message_id,
            "timestamp": str(int(at.timestamp())),
            "type": "text",
            "text": {"body": text},
        }
        value: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "metadata": {"phone_number_id": self._config.whatsapp_phone_number_id},
            "contacts": [{"profile": {"name": NAME}, "wa_id": number}],
            "messages": [message],
        }
        change = {"field": "messages", "value": value}
        entry = {"id": self._config.whatsapp_business_id, "changes": [change]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()

    def post(self, body: bytes) -> Reply:
        """Post a notification, signed over its bytes."""
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": sign(self._config.whatsapp_app_secret, body),
        }
        return self._call("POST", PATH, body, headers)[0]

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: Any = None
    ) -> tuple[Reply, bytes]:
        """Call over a connection of its own, which stands before the time is taken.

        Raises OSError, also for what is no HTTP.
        """
        secure = self._parts.scheme == "https"
        kind = HTTPSConnection if secure else HTTPConnection
        with closing(kind(self._parts.netloc, timeout=TIMEOUT)) as connection:
            try:
                connection.connect()
                began = perf_counter()
                connection.request(method, self._parts.path + path, body, headers or {})
                answer = connection.getresponse()
                said = answer.read()
            except HTTPException as error:
                raise OSError(f"no HTTP: {type(error).__name__}") from error
            return Reply(answer.status, perf_counter() - began), said
