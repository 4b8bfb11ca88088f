"""Sending many messages from one process: claim a few, begin them at once, record in batches."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable

import structlog
from flask import current_app
from sqlalchemy.exc import DBAPIError

from webapp.contacts.rules import Channel
from webapp.contacts.sinks import is_sink
from webapp.core.config import Config
from webapp.delivery.channels import open_provider
from webapp.delivery.claims import Claim, claim, waiting_by_channel
from webapp.delivery.outcomes import record
from webapp.delivery.providers.base import Answer, Outcome
from webapp.delivery.providers.sink import SinkProvider

log = structlog.get_logger(__name__)

# How many requests one process has under way on a channel, at most, and how many rows one claim
# takes: small enough that all of them have begun long before their `begin_by`.
IN_FLIGHT = 64
CHUNK = 16
RECORD_PAUSES = (0.1, 0.5, 2.0, 5.0, 10.0)  # seconds

Result = tuple[Claim, Answer | None]


def deliver(ids: Iterable[int]) -> int:
    """Send those of these messages that may leave now; gives how many requests were begun.

    One message or many, by the same code. Each is claimed with its lock and consent asked right
    before its request. Effects: rows, and requests to providers.
    """
    try:
        waiting = waiting_by_channel(list(ids))
    except DBAPIError as error:  # found again when they are overdue
        log.warning("delivery.look_failed", error=str(error.orig))
        return 0
    return asyncio.run(_deliver(waiting)) if waiting else 0


async def _deliver(waiting: dict[Channel, list[int]]) -> int:
    """Send on every channel at once: a slow mail server holds up nobody's SMS."""
    runs = [_Run(channel, deque(ids)).run() for channel, ids in waiting.items()]
    return sum(await asyncio.gather(*runs))


class _Run:
    """One delivery run on a channel: what is left to claim, what is under way, what is to be recorded."""

    def __init__(self, channel: Channel, left: deque[int]) -> None:
        self.left = left
        self.tasks: set[asyncio.Task[Result]] = set()
        config: Config = current_app.extensions["heed"]
        self.provider = open_provider(channel, config)
        self.begun = 0

    async def run(self) -> int:
        """Pump until nothing is left and nothing is under way."""
        try:
            while self.left or self.tasks:
                await self._begin_more()
                if self.tasks:
                    done, self.tasks = await asyncio.wait(
                        self.tasks, return_when=asyncio.FIRST_COMPLETED
                    )
                    self._record([task.result() for task in done])
        finally:
            if self.provider is not None:
                await self.provider.close()
        return self.begun

    async def _begin_more(self) -> None:
        """Claim as many as there is room for, once there are connections for them."""
        if (wanted := self._room()) and self.provider is not None:
            await self.provider.ready(len(self.tasks) + wanted)
        chunk = [self.left.popleft() for _ in range(self._room())]
        for claimed in self._claim(chunk) if chunk else []:
            self.tasks.add(asyncio.create_task(self._send(claimed)))

    def _room(self) -> int:
        most = min(IN_FLIGHT, self.provider.at_once) if self.provider else IN_FLIGHT
        return max(min(CHUNK, most - len(self.tasks), len(self.left)), 0)

    def _claim(self, chunk: list[int]) -> list[Claim]:
        """Claim a chunk; where the database fails, what is under way goes on without it.

        The rows stay as they are and are found when they are overdue.
        """
        try:
            return claim(chunk)
        except DBAPIError as error:
            log.warning("delivery.claim_failed", error=str(error.orig))
            return []

    def _record(self, results: list[Result]) -> None:
        """Record answers, patiently: what a provider said is worth a database's restart."""
        self.begun += sum(answer is not None for _, answer in results)
        for pause in (*RECORD_PAUSES, None):
            try:
                return record(results)
            except DBAPIError as error:
                if pause is None:
                    raise
                log.warning("delivery.record_failed", error=str(error.orig), again_in=pause)
                time.sleep(pause)

    async def _send(self, claimed: Claim) -> Result:
        provider = SinkProvider() if is_sink(claimed.address) else self.provider
        if provider is None:
            return claimed, Answer(Outcome.ACCOUNT, detail="The channel is not set up.")
        try:
            answer = await provider.send(claimed.outgoing, begin=claimed.may_begin)
        except Exception as error:
            # A fault of ours after the claim: it may have left, so it is never sent again.
            log.exception("delivery.failed", message_id=claimed.message_id)
            answer = Answer(Outcome.UNKNOWN, detail=f"{type(error).__name__} while sending")
        return claimed, answer
