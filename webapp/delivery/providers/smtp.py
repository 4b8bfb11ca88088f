"""Email over SMTP: one message to one recipient, over connections that are used again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from webapp.core import clock
from webapp.core.config import Config
from webapp.core.mail_server import MailServer
from webapp.delivery.providers.base import Answer, Outcome, Outgoing, without_secret
from webapp.delivery.providers.smtp_letter import Letter, letter, mailbox_of
from webapp.delivery.providers.smtp_line import CannotConnect, Line

MOST_LINES = 8  # connections of one process; mail servers take few of one client
MOST_ON_ONE = 100  # messages; many servers hang up after as many


class Smtp:
    """Sends email. Use one for each event loop, and close it in that loop.

    `at_once` shrinks where the server takes fewer connections.
    """

    channel = "email"

    def __init__(
        self,
        server: MailServer,
        sender: str,
        ours: str = "localhost",
        *,
        timeout: float = 20.0,
        most: float = 60.0,
    ) -> None:
        """`sender` is `Name <address>`, `ours` how this machine calls itself.

        `timeout` in seconds covers making a connection, `most` handing one message over.
        """
        self.at_once = MOST_LINES
        self._server = server
        self._sender, self._from = sender, mailbox_of(sender)
        self._ours, self._timeout, self._most = ours, timeout, most
        self._idle: list[Line] = []
        self._standing = 0
        self._trouble: Answer | None = None

    @classmethod
    def from_config(cls, config: Config) -> Smtp:
        """Build it from the settings."""
        ours = urlsplit(config.public_url).hostname or "localhost"
        return cls(config.mail_server, config.email_from, ours)

    def __repr__(self) -> str:
        return f"Smtp({self._server.host}:{self._server.port})"

    async def ready(self, count: int) -> None:
        """Connect and sign in before the claims.

        The first connection comes alone: where it cannot be had, nobody knocks seven times more,
        and every message until the next call hears so at once.
        """
        self._trouble = None
        self._idle = [line for line in self._idle if self._keep(line)]
        if not self._standing:
            await self._add()
        missing = count - self._standing
        if missing > 0 and self._trouble is None:
            await asyncio.gather(*(self._add() for _ in range(missing)))
        if self._standing:
            self.at_once = self._standing if self._trouble else self.at_once
            self._trouble = None

    async def send(self, message: Outgoing, *, begin: Callable[[], bool]) -> Answer | None:
        """Hand one message over; see `base.Provider.send`.

        `begin` is asked before MAIL FROM, the first byte about this message; nothing of what it
        says leaves before the server's reply to DATA.
        """
        try:
            written = letter(message, self._sender, clock.now())
        except ValueError as error:
            return Answer(Outcome.REFUSED, detail=f"{error}"[:300])
        if not self._idle and self._trouble is None:
            await self._add()
        if not self._idle:
            return without_secret(self._trouble, self._server.password)
        line = self._idle.pop()
        if not begin():
            self._idle.append(line)
            return None
        answer = await self._carry(line, written)
        return without_secret(answer, self._server.password)

    async def _carry(self, line: Line, written: Letter) -> Answer:
        try:
            return await line.carry(self._from, written, self._most)
        finally:
            if line.used >= MOST_ON_ONE:
                await line.leave()
            if self._keep(line):
                self._idle.append(line)

    def _keep(self, line: Line) -> bool:
        """Say whether a connection still stands; count it out where it does not."""
        if not line.stands:
            self._standing -= 1
        return line.stands

    async def _add(self) -> None:
        """Add a connection, or note why there is none."""
        try:
            self._idle.append(await Line.open(self._server, self._ours, self._timeout))
            self._standing += 1
        except CannotConnect as error:
            self._trouble = error.answer

    async def close(self) -> None:
        """Say goodbye on every connection that is free, and close it."""
        idle, self._idle, self._standing = self._idle, [], 0
        await asyncio.gather(*(line.leave() for line in idle))
