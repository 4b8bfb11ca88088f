"""WhatsApp Cloud API over aiohttp: one request a message, never repeated from in here."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable

import aiohttp
from aiohttp.abc import AbstractStreamWriter

from webapp.core.config import Config
from webapp.delivery.providers.base import Answer, Outcome, Outgoing
from webapp.delivery.providers.whatsapp_answer import read_answer
from webapp.delivery.providers.whatsapp_body import request_body

MOST_BODY = 64 * 1024
# Shorter than a server's own keep-alive, so that a connection is seldom dropped under a request:
# that would leave the message unconfirmed.
IDLE_SECONDS = 10.0


class _NotSent(Exception):
    """Raised inside the request before its first byte, so that none is written."""


class _Gate(aiohttp.BytesPayload):
    """The request's body, which asks for leave at the moment of writing.

    aiohttp holds the headers back until the body's first bytes and writes both at once, on a
    connection that already stands. Nothing can run between the question and that write.
    """

    def __init__(self, body: bytes, begin: Callable[[], bool]) -> None:
        super().__init__(body, content_type="application/json")
        self._begin = begin
        self.refused = False
        self.begun = False

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        transport = getattr(writer, "transport", None)
        if transport is not None and transport.is_closing():
            raise _NotSent("the connection closed before the first byte")
        if not self._begin():
            self.refused = True
            raise _NotSent("the claim is stale")
        self.begun = True
        await super().write_with_length(writer, content_length)


class WhatsApp:
    """Sends on WhatsApp. Use one for each event loop, and close it in that loop."""

    channel = "whatsapp"

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
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @classmethod
    def from_config(cls, config: Config, *, timeout: float = 30.0) -> WhatsApp:
        """Build it from the settings."""
        number, token = config.whatsapp_phone_number_id, config.whatsapp_token
        return cls(config.whatsapp_api_url, number, token, timeout=timeout)

    def __repr__(self) -> str:
        return f"WhatsApp({self._url!r})"

    async def send(self, message: Outgoing, *, begin: Callable[[], bool]) -> Answer | None:
        """Hand one message over; see `base.Provider.send`."""
        try:
            gate = _Gate(request_body(message), begin)
        except ValueError as error:
            return Answer(Outcome.REFUSED, detail=str(error))
        try:
            answer = await self._post(gate)
        except (
            aiohttp.ClientError,
            OSError,
            ValueError,
        ) as error:  # OSError: time-outs as well
            if gate.refused:
                return None
            answer = _broken(error, begun=gate.begun)
        hidden = answer.detail.replace(self._token, "…") if self._token else answer.detail
        return dataclasses.replace(answer, detail=hidden)

    async def _post(self, gate: _Gate) -> Answer:
        async with self._open().post(self._url, data=gate, allow_redirects=False) as response:
            body = await _capped(response)
            return read_answer(response.status, body, response.headers.get("Retry-After"))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=IDLE_SECONDS
                ),
                headers={
                    "Authorization": f"Bearer {self._token}",
                    "Accept-Encoding": "identity",
                    "User-Agent": "Heed",
                },
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _capped(response: aiohttp.ClientResponse) -> bytes:
    """Read a body, but never more than the cap; what is longer or breaks off counts as none."""
    try:
        body = await response.content.readexactly(MOST_BODY + 1)
    except asyncio.IncompleteReadError as whole:
        return whole.partial
    except (aiohttp.ClientError, OSError):
        return b""
    return b"" if len(body) > MOST_BODY else body


def _broken(error: Exception, *, begun: bool) -> Answer:
    """A request without an answer: certain only when it had not begun."""
    outcome = Outcome.UNKNOWN if begun else Outcome.NOT_TAKEN
    when = "after the request had begun" if begun else "before the first byte"
    return Answer(outcome, detail=f"{type(error).__name__} {when}")
