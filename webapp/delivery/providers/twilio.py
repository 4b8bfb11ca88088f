"""SMS by Twilio's REST API: one request a message."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import partial

from webapp.core.config import Config
from webapp.delivery.providers.base import Answer, Outcome, Outgoing, without_secret
from webapp.delivery.providers.requests import Gate, Requests
from webapp.delivery.providers.twilio_answer import read_answer
from webapp.delivery.providers.twilio_body import FORM, request_body


class Twilio:
    """Sends SMS. Use one for each event loop, and close it in that loop."""

    channel = "sms"
    at_once = 16  # as a rule far more than the sender's own messages a second

    def __init__(
        self,
        api_url: str,
        account_sid: str,
        auth_token: str,
        sender: str,
        *,
        status_callback: str = "",
        timeout: float = 30.0,
        connections: int = 16,
    ) -> None:
        """`sender` and `status_callback` as for `twilio_body`; `timeout` in seconds, of all."""
        self._base = f"{api_url.rstrip('/')}/2010-04-01"
        self._url = f"{self._base}/Accounts/{account_sid}/Messages.json"
        self._token = auth_token.strip()
        self._write = partial(request_body, sender=sender, status_callback=status_callback)
        basic = b64encode(f"{account_sid}:{self._token}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Accept": "application/json"}
        self._requests = Requests(headers, timeout=timeout, connections=connections)

    @classmethod
    def from_config(cls, config: Config, *, timeout: float = 30.0) -> Twilio:
        """Build it from the settings. Nothing of ours takes statuses yet, so none are asked for."""
        return cls(
            config.twilio_api_url,
            config.twilio_account_sid,
            config.twilio_auth_token,
            config.twilio_from,
            timeout=timeout,
        )

    def __repr__(self) -> str:
        return f"Twilio({self._url!r})"

    async def ready(self, count: int) -> None:
        """Shake hands before the claims: Twilio may be an ocean away."""
        await self._requests.warm(self._base, count)

    async def send(self, message: Outgoing, *, begin: Callable[[], bool]) -> Answer | None:
        """Hand one message over; see `base.Provider.send`."""
        try:
            gate = Gate(self._write(message), FORM, begin)
        except ValueError as error:
            return Answer(Outcome.REFUSED, detail=str(error))
        answer = await self._requests.post(self._url, gate, read_answer)
        return without_secret(answer, self._token)

    async def close(self) -> None:
        """Close the connections."""
        await self._requests.close()
