"""WhatsApp Cloud API: one request a message."""

from __future__ import annotations

from collections.abc import Callable

from webapp.core.config import Config
from webapp.delivery.providers.base import Answer, Outcome, Outgoing, without_secret
from webapp.delivery.providers.requests import Gate, Requests
from webapp.delivery.providers.whatsapp_answer import read_answer
from webapp.delivery.providers.whatsapp_body import request_body


class WhatsApp:
    """Sends on WhatsApp. Use one for each event loop, and close it in that loop."""

    channel = "whatsapp"
    at_once = 64

    def __init__(
        self,
        api_url: str,
        phone_number_id: str,
        token: str,
        *,
        timeout: float = 30.0,
        connections: int = 100,
    ) -> None:
        """`api_url` is the base with its version; `timeout` in seconds covers a whole request."""
        self._url = f"{api_url.rstrip('/')}/{phone_number_id}/messages"
        self._token = token.strip()
        headers = {"Authorization": f"Bearer {self._token}"}
        self._requests = Requests(headers, timeout=timeout, connections=connections)

    @classmethod
    def from_config(cls, config: Config, *, timeout: float = 30.0) -> WhatsApp:
        """Build it from the settings."""
        number, token = config.whatsapp_phone_number_id, config.whatsapp_token
        return cls(config.whatsapp_api_url, number, token, timeout=timeout)

    def __repr__(self) -> str:
        return f"WhatsApp({self._url!r})"

    async def ready(self, count: int) -> None:
        """Do nothing: Meta's servers are near everybody, so a connection stands at once."""

    async def send(self, message: Outgoing, *, begin: Callable[[], bool]) -> Answer | None:
        """Hand one message over; see `base.Provider.send`."""
        try:
            gate = Gate(request_body(message), "application/json", begin)
        except ValueError as error:
            return Answer(Outcome.REFUSED, detail=str(error))
        answer = await self._requests.post(self._url, gate, read_answer)
        return without_secret(answer, self._token)

    async def close(self) -> None:
        """Close the connections."""
        await self._requests.close()
