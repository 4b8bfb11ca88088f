"""A mail server on a port of this machine, which answers as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers import free_port


@dataclass
class MailServer:
    """What arrived, in order, and what is said to a recipient in place of 250."""

    port: int
    arrived: list[tuple[str, EmailMessage]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its address, as HEED_SMTP_URL has it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        """Who got something, in order."""
        return [recipient for recipient, _ in self.arrived]

    async def handle_RCPT(  # the names are aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take a message."""
        if answer := self.answers.get("DATA"):
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.arrived.extend((recipient, message) for recipient in envelope.rcpt_tos)
        return "250 Taken"


@contextmanager
def mail_server(*, smtputf8: bool = True) -> Iterator[MailServer]:
    """Run a mail server until the block ends; without SMTPUTF8 it takes ASCII addresses alone."""
    server = MailServer(free_port())
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=server.port,
        server_hostname="mail.example",
        enable_SMTPUTF8=smtputf8,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
