"""The server that takes our email, as HEED_SMTP_URL names it, and mailboxes; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from email_validator import validate_email

SUBMISSION, SUBMISSION_OVER_TLS = 587, 465  # RFC 8314
TLS_WORDS = ("required", "never")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class MailServer:
    """Where email goes. `at_once`: TLS from the first byte; `tls`: `required`, `never`, as offered."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    at_once: bool = False
    tls: str = ""

    @property
    def needs_tls(self) -> bool:
        """True where nothing may be said in the clear: a password never leaves this machine so."""
        return self.tls == "required" or (bool(self.user) and self.host not in LOOPBACK)


def parse_server(url: str) -> MailServer:
    """Read `smtp://user:password@host:587`, `smtps://…`, `smtp://host?tls=required`.

    User and password are percent-encoded where they hold signs of an address. Raises ValueError
    with what is wrong, without the password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(
            "is no address of a mail server; is the password percent-encoded?"
        ) from None
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path not in ("", "/"):
        raise ValueError("is like smtp://user:password@host:587 or smtps://host")
    tls = parse_qs(parts.query).get("tls", [""])[-1]
    if tls not in ("", *TLS_WORDS):
        raise ValueError(f"tls is one of: {', '.join(TLS_WORDS)}")
    at_once = parts.scheme == "smtps"
    server = MailServer(
        host,
        port or (SUBMISSION_OVER_TLS if at_once else SUBMISSION),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        at_once,
        tls,
    )
    if tls == "never" and server.needs_tls:
        raise ValueError("a password would leave this machine in the clear; leave out tls=never")
    return server


def check_mailbox(text: str, *, named: bool = False) -> str:
    """Give an address as all mail servers take it: behind the @ in lower case, as IDNA (RFC 5891).

    `named`: it may be `Name <address>`, of which the address is given. Raises ValueError.
    """
    found = validate_email(
        text,
        allow_smtputf8=False,
        allow_display_name=named,
        check_deliverability=False,
        globally_deliverable=False,
    )
    return str(found.ascii_email)
