"""A mail server that takes everything and passes on nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from webapp.core.preflight import check_free, split_bind
from webapp.sandbox import mailbox
from webapp.sandbox.store import Store

LARGEST = 26 * 1024 * 1024  # bytes, as large providers take


class _Taking:
    """What is done with an email: it is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep an email; the name is aiosmtpd's."""
        content = envelope.content or b""
        content = content.encode() if isinstance(content, str) else content
        sender = envelope.mail_from or ""
        with self._store.write() as db:
            kept = mailbox.keep(db, time.time(), sender, envelope.rcpt_tos, content)
        return f"250 Kept as {kept}"


@contextmanager
def taking_mail(store: Store, bind: str) -> Iterator[None]:
    """Take email on `host:port`, in a thread, until the block ends. Raises ConfigError."""
    check_free(bind, "HEED_SANDBOX_SMTP_BIND")
    host, port = split_bind(bind)
    controller = Controller(
        _Taking(store),
        hostname=host,
        port=port,
        server_hostname="sandbox",
        data_size_limit=LARGEST,
        ident="Heed-Sandbox",
    )
    controller.start()
    try:
        yield
    finally:
        controller.stop()
