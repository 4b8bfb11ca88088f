"""One HTTP request a message over aiohttp, never repeated from in here; for any provider."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
from aiohttp.abc import AbstractStreamWriter

from webapp.delivery.providers.base import Answer, Outcome

MOST_BODY = 64 * 1024
# Shorter than a server's own keep-alive, so that a connection is seldom dropped under a request:
# that would leave the message unconfirmed.
IDLE_SECONDS = 10.0

Read = Callable[[int, bytes, str | None], Answer]
"""Judges an answer by its status, its body and its Retry-After."""


class NotSent(Exception):
    """Raised inside the request before its first byte, so that none is written."""


class Gate(aiohttp.BytesPayload):
    """The request's body, which asks for leave at the moment of writing.

    aiohttp holds the headers back until the body's first bytes and writes both at once, on a
    connection that already stands. Nothing can run between the question and that write.
    """

    def __init__(self, body: bytes, content_type: str, begin: Callable[[], bool]) -> None:
        super().__init__(body, content_type=content_type)
        self._begin = begin
        self.refused = False
        self.begun = False

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        """Write the body if it may leave; the name is aiohttp's."""
        transport = getattr(writer, "transport", None)
        if transport is not None and transport.is_closing():
            raise NotSent("the connection closed before the first byte")
        if not self._begin():
            self.refused = True
            raise NotSent("the claim is stale")
        self.begun = True
        await super().write_with_length(writer, content_length)


class Requests:
    """The connections to one provider. Use one for each event loop, and close it in that loop."""

    def __init__(self, headers: dict[str, str], *, timeout: float, connections: int) -> None:
        """`headers` go with every request; `timeout` in seconds covers a whole one."""
        self._headers = {"Accept-Encoding": "identity", "User-Agent": "Heed", **headers}
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._warmed = 0

    async def post(self, url: str, gate: Gate, read: Read) -> Answer | None:
        """Post a message and judge the answer; None where the gate refused. Never raises."""
        try:
            async with self._open().post(url, data=gate, allow_redirects=False) as response:
                body = await _capped(response)
                return read(response.status, body, response.headers.get("Retry-After"))
        except (aiohttp.ClientError, OSError, ValueError) as error:  # OSError: time-outs as well
            return None if gate.refused else _broken(error, begun=gate.begun)

    async def warm(self, url: str, count: int) -> None:
        """See that `count` connections stand, by requests that ask for nothing.

        What a far server takes to shake hands would outlast a claim's `begin_by` else. Where
        that fails, nothing is said: the message that comes next will find out.
        """
        missing = count - self._warmed
        self._warmed = max(self._warmed, count)
        await asyncio.gather(*(self._knock(url) for _ in range(missing)))

    async def _knock(self, url: str) -> None:
        try:
            async with self._open().head(url, allow_redirects=False) as response:
                await response.read()
        except (aiohttp.ClientError, OSError, ValueError):
            return

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=IDLE_SECONDS
                ),
                headers=self._headers,
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
