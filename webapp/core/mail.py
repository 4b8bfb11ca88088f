"""Sending email over SMTP: one message to one recipient, over TLS wherever the server has it."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from urllib.parse import urlsplit

from webapp.core.config import Config
from webapp.core.mail_server import MailServer

TIMEOUT = 60.0  # seconds for each answer of the server
SAID_AT_MOST = 200  # characters of what a server answers


class NotTaken(Exception):
    """The message was not taken, now or ever; its text says why, in words for a person.

    `for_good`: the server will not take it later either.
    """

    def __init__(self, message: str, *, for_good: bool = False) -> None:
        super().__init__(message)
        self.for_good = for_good


def send(config: Config, message: EmailMessage, recipient: str) -> None:
    """Hand a message over for one recipient; From is HEED_EMAIL_FROM. Raises NotTaken.

    When this returns, the server has taken it on. It may take minutes. Where the connection
    breaks at the very end nobody knows whether it has: give it a Message-ID that stays the same
    when it is sent again, so that it shows once.
    """
    if not config.email_on:
        raise NotTaken("Email is not set up: set HEED_SMTP_URL and HEED_EMAIL_FROM.", for_good=True)
    if config.safe_mode and recipient not in config.safe_mode:
        raise NotTaken(f"HEED_SAFE_MODE does not list {recipient}.", for_good=True)
    del message["From"]
    message["From"] = config.email_from
    try:
        _hand_over(config, message, recipient)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = error.recipients[recipient]
        raise _not_taken(code, said, for_good=code >= 500) from None
    except smtplib.SMTPAuthenticationError as error:
        raise _not_taken(error.smtp_code, error.smtp_error) from None  # may be mended meanwhile
    except smtplib.SMTPResponseException as error:
        code = error.smtp_code
        raise _not_taken(code, error.smtp_error, for_good=code >= 500) from None
    except (OSError, smtplib.SMTPException) as error:
        server = config.mail_server
        why = f"The mail server {server.host}:{server.port} cannot be used: {error}"
        raise NotTaken(why[:SAID_AT_MOST]) from None


def _hand_over(config: Config, message: EmailMessage, recipient: str) -> None:
    server = config.mail_server
    smtp = _connected(server, urlsplit(config.public_url).hostname or "localhost")
    try:
        if server.user:
            smtp.login(server.user, server.password)
        _send(smtp, message, recipient)
        # It is taken on, whatever comes now.
        with suppress(OSError):
            smtp.quit()
    finally:
        smtp.close()


def _send(smtp: smtplib.SMTP, message: EmailMessage, recipient: str) -> None:
    try:
        smtp.send_message(message, to_addrs=[recipient])
    except smtplib.SMTPNotSupportedError:
        raise NotTaken(
            "The mail server takes no addresses with other letters than ASCII (SMTPUTF8).",
            for_good=True,
        ) from None


def _connected(server: MailServer, ours: str) -> smtplib.SMTP:
    """Open a connection, encrypted where the server has that, or must."""
    context = ssl.create_default_context()
    if server.at_once:
        return smtplib.SMTP_SSL(server.host, server.port, ours, timeout=TIMEOUT, context=context)
    smtp = smtplib.SMTP(server.host, server.port, ours, timeout=TIMEOUT)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.tls != "never" and smtp.has_extn("starttls"):
            smtp.starttls(context=context)
        elif server.needs_tls:
            raise smtplib.SMTPException("it has no encryption (STARTTLS), which is needed")
    except BaseException:
        smtp.close()
        raise
    return smtp


def _not_taken(code: int, said: bytes | str, *, for_good: bool = False) -> NotTaken:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    text = " ".join(text.split())[:SAID_AT_MOST]
    return NotTaken(f"The mail server said {code} {text}", for_good=for_good)
