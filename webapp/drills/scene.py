"""What the steps of a drill share: who speaks, over which line, and what was there before."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, select

from webapp.consent.models import ConsentEvent, ConsentState
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, Channel
from webapp.conversations.service import digest_of
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.queue import jobs
from webapp.core.reading import reading
from webapp.drills import lease as leases
from webapp.drills.lease import Lease
from webapp.drills.rules import Failed, Line, Reply
from webapp.outbox.models import ChannelPause, Message
from webapp.outbox.rules import ENDS

CHANNEL = Channel.WHATSAPP
LOOK_AGAIN = 0.05  # seconds
LEAVES_WITHIN = 2.0  # seconds
NEXT_SECOND = 3.0  # seconds; more than that and two clocks disagree


@dataclass
class Scene:
    """One drill under way. `patience` is in seconds: how long a step waits for a worker.

    `epoch`, `newest_event` and `newest_message` are what stood before STOP, `waiting_id` is the
    message that waits for it, `stop` are its bytes, `stop_event` its line of the ledger.
    """

    line: Line
    lease: Lease
    patience: float
    key: bytes = field(init=False)
    epoch: int = 0
    newest_event: int = 0
    newest_message: int = 0
    waiting_id: int = 0
    stop: bytes = b""
    stop_event: int = 0
    enforced_ms: int | None = None

    def __post_init__(self) -> None:
        self.key = key_of(self.address)

    @property
    def address(self) -> Address:
        """Who speaks: the sink."""
        return self.lease.address

    def say(self, text: str) -> tuple[bytes, Reply]:
        """Write this as the synthetic customer, now; gives the bytes that were posted."""
        number = len(self.lease.webhooks) + 1
        address, message_id = self.address.value, self.lease.message_id(number)
        body = self.line.notice(address, text, message_id, clock.now())
        self.lease.webhooks.append(digest_of(self.line.provider, body).hex())
        transaction(lambda: leases.beat(self.lease))
        return body, self.post(body)

    def post(self, body: bytes) -> Reply:
        """Bring bytes to the webhook. Raises Failed where they are not answered 200."""
        db.session.rollback()  # on SQLite an open transaction would keep the webhook waiting
        try:
            reply = self.line.post(body)
        except OSError as error:
            raise Failed(
                f"{self.line.url} did not answer: {error or type(error).__name__}."
            ) from None
        if reply.status == 401:
            raise Failed(
                "Answered 401: the running Heed refuses the signature. Its HEED_WHATSAPP_APP_SECRET "
                "is another one than this command's."
            )
        if reply.status != 200:
            raise Failed(f"Answered {reply.status} in place of 200; its log says why.")
        return reply

    def next_second(self, *, or_same: bool = False) -> None:
        """Wait until WhatsApp's time, in whole seconds, is past the newest event of the sink.

        Otherwise what is said next would count as said before it. `or_same` is enough for a STOP,
        which wins over what took effect at the same moment.
        """
        row = self.state()
        newest = row.head_at.timestamp() if row and row.head_at else 0.0
        end = time.monotonic() + NEXT_SECOND
        while (second := int(clock.now().timestamp())) < newest or (
            second == newest and not or_same
        ):
            if time.monotonic() > end:
                raise Failed("This machine's clock is behind the times in the ledger.")
            time.sleep(LOOK_AGAIN)

    def rows(self, query: Executable) -> Sequence[Row[*tuple[Any, ...]]]:
        """Read what is committed."""
        with reading() as connection:
            return connection.execute(query).all()

    def state(self) -> Row[*tuple[Any, ...]] | None:
        """Read the sink's state row; None where nothing was recorded."""
        table = ConsentState.__table__
        own = (ConsentState.channel == CHANNEL, ConsentState.key == self.key)
        return next(iter(self.rows(select(table).where(*own))), None)

    def events(self) -> Sequence[Row[*tuple[Any, ...]]]:
        """Read the sink's lines of the ledger since before STOP."""
        newer = ConsentEvent.id > self.newest_event
        own = (ConsentEvent.channel == CHANNEL, ConsentEvent.key == self.key, newer)
        return self.rows(select(ConsentEvent.__table__).where(*own).order_by(ConsentEvent.id))

    def messages(self) -> Sequence[Row[*tuple[Any, ...]]]:
        """Read the messages to the sink, oldest first."""
        own = (Message.channel == CHANNEL, Message.key == self.key)
        return self.rows(select(Message.__table__).where(*own).order_by(Message.id))

    def message(self, message_id: int) -> Row[*tuple[Any, ...]]:
        """Read one of them."""
        return next(row for row in self.messages() if row.id == message_id)

    def let_leave(self) -> None:
        """Give the answer to START a moment to leave: STOP would wait for its claim to begin."""
        end = time.monotonic() + LEAVES_WITHIN
        while any(row.status not in ENDS for row in self.messages()) and time.monotonic() < end:
            time.sleep(LOOK_AGAIN)

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for what a worker does. Raises Failed that names it, and says if none runs."""
        end = time.monotonic() + self.patience
        while not condition():
            if time.monotonic() > end:
                raise Failed(f"{what} after {self.patience:g} seconds. {self._who_works()}".strip())
            time.sleep(LOOK_AGAIN)

    def _who_works(self) -> str:
        """Say what keeps work from being done; empty where nothing is known to."""
        pulse = jobs().pulse()
        if not pulse.redis:
            return "The job queue (Redis) does not answer."
        now = ChannelPause.until > clock.now()
        pauses = self.rows(select(ChannelPause.detail).where(ChannelPause.channel == CHANNEL, now))
        if pauses:
            return f"{CHANNEL.label} is paused: {pauses[0].detail}."
        return "" if pulse.workers else "No worker is running."


def said_at(moment: datetime) -> str:
    """Say a time of day (UTC)."""
    return f"{moment:%H:%M:%S} UTC"
