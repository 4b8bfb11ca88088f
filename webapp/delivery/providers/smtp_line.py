"""One connection to a mail server, and the steps by which one message goes over it."""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import suppress

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from aiosmtplib.protocol import SMTPProtocol

from webapp.core.mail_server import MailServer
from webapp.delivery.providers import smtp_answer
from webapp.delivery.providers.base import Answer
from webapp.delivery.providers.smtp_answer import Stage
from webapp.delivery.providers.smtp_letter import Letter

_DOT = re.compile(rb"(?m)^\.")
# Seconds from leave to the first byte of the text: who opts out meanwhile may still get it.
ANNOUNCED_WITHIN = 10.0
GOODBYE = 2.0  # seconds that a server has to answer QUIT


class CannotConnect(Exception):
    """No connection could be had; `answer` is what that means for a message."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.detail)
        self.answer = answer


class Line:
    """A connection that stands, encrypted and signed in where that must be."""

    def __init__(self, smtp: SMTP) -> None:
        self._smtp = smtp
        self.used = 0

    @classmethod
    async def open(cls, server: MailServer, ours: str, timeout: float) -> Line:
        """Connect; `ours` is how this machine calls itself, `timeout` covers all of it, seconds.

        Raises CannotConnect.
        """
        smtp = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            local_hostname=ours,
            use_tls=server.at_once,
            start_tls=_starttls(server),
            timeout=timeout,
        )
        try:
            async with asyncio.timeout(timeout):
                await smtp.connect()
                if smtp.is_ehlo_or_helo_needed:
                    await smtp.ehlo()
        except (SMTPException, OSError, ValueError) as error:
            smtp.close()
            raise CannotConnect(_why(error)) from None
        return cls(smtp)

    @property
    def stands(self) -> bool:
        """Whether it can be used, as far as one knows without asking the server."""
        return self._smtp.is_connected

    async def carry(self, sender: str, letter: Letter, most: float) -> Answer:
        """Hand a message over, in `most` seconds at the longest. Never raises but for cancelling.

        Until the reply to DATA nothing of it was said; from its last byte on nobody knows,
        until the server replies.
        """
        self.used += 1
        written = False
        try:
            async with asyncio.timeout(most):
                async with asyncio.timeout(ANNOUNCED_WITHIN):
                    refused = await self._announce(sender, letter.recipient)
                if refused is not None:
                    await self._begin_anew()
                    return refused
                protocol = self._protocol()
                protocol.write(_DOT.sub(b"..", letter.content) + b".\r\n")
                written = True
                reply = await protocol.read_response(timeout=most)
                return smtp_answer.taken(reply.code, reply.message, letter.message_id)
        except (SMTPException, OSError, ValueError) as error:  # OSError: time-outs as well
            self.drop()
            return smtp_answer.broken(error, written=written)
        except asyncio.CancelledError:
            self.drop()
            raise

    async def _announce(self, sender: str, recipient: str) -> Answer | None:
        """Say who it is from and for, and that it comes; gives a refusal, None where there is none."""
        steps = (
            (Stage.SENDER, f"MAIL FROM:<{sender}>", (250,)),
            (Stage.RECIPIENT, f"RCPT TO:<{recipient}>", (250, 251)),
            (Stage.CONTENT, "DATA", (354,)),
        )
        for stage, command, hoped in steps:
            reply = await self._smtp.execute_command(command.encode())
            if reply.code not in hoped:
                return smtp_answer.refusal(stage, reply.code, reply.message)
        return None

    def _protocol(self) -> SMTPProtocol:
        """Give what writes without a word of its own: its DATA hides whether a message was begun."""
        if self._smtp.protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        return self._smtp.protocol

    async def _begin_anew(self) -> None:
        """Take back what was said of a message that did not come to its content."""
        try:
            await self._smtp.rset()
        except (SMTPException, OSError):
            self.drop()

    async def leave(self) -> None:
        """Say goodbye, without waiting for long."""
        with suppress(SMTPException, OSError):
            await self._smtp.quit(timeout=GOODBYE)
        self.drop()

    def drop(self) -> None:
        """Close at once."""
        self._smtp.close()


def _starttls(server: MailServer) -> bool | None:
    """Say whether to ask for encryption: must, must not, or where it is offered (None)."""
    if server.at_once:
        return None
    return False if server.tls == "never" else (server.needs_tls or None)


def _why(error: Exception) -> Answer:
    if isinstance(error, SMTPAuthenticationError):
        return smtp_answer.refusal(Stage.LOGIN, error.code, error.message)
    if isinstance(error, SMTPResponseException):
        return smtp_answer.refusal(Stage.GREETING, error.code, error.message)
    # aiosmtplib dresses a certificate that cannot be trusted as a connection that failed.
    if isinstance(error, SMTPNotSupported) or isinstance(
        error.__cause__ or error, ssl.SSLCertVerificationError
    ):
        return smtp_answer.unsafe(error)
    if type(error) is SMTPException:  # no way to sign in that both sides know
        return smtp_answer.unsafe(error)
    return smtp_answer.unreachable(error)
