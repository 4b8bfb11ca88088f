"""One message as an email: plain text, as RFC 5322 has it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from webapp.core.mail_server import check_mailbox
from webapp.delivery.providers.base import Outgoing

LONGEST_SUBJECT = 78  # characters of a line (RFC 5322, 2.1.1)
_IN_A_LINE = re.compile(r"[!-~]{1,900}")  # RFC 5322, 2.1.1: 998 characters with the name
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Letter:
    """What a mail server is told: the recipient, the Message-ID, and the bytes with CRLF."""

    recipient: str
    message_id: str
    content: bytes


def letter(message: Outgoing, sender: str, now: datetime) -> Letter:
    """Write one message; `sender` is an address or `Name <address>`, `now` its date.

    A message of marketing says how to stop it in one step (RFC 2369, RFC 8058); any other says
    that no person wrote it (RFC 3834). Raises ValueError for no text, or for an address that
    mail servers do not take.
    """
    if not message.text or not message.text.strip():
        raise ValueError("an email has a text")
    recipient = check_mailbox(message.address)
    message_id = f"{message.correlation}@{mailbox_of(sender).rpartition('@')[2]}"
    written = EmailMessage(policy=SMTP)
    written["From"] = sender
    written["Subject"] = subject(message.subject, message.text, sender)
    written["Date"] = format_datetime(now)
    written.set_content(message.text, charset="utf-8", cte="quoted-printable")
    exact = _exact_headers(message, recipient, message_id)
    return Letter(recipient, message_id, exact + written.as_bytes())


def _exact_headers(message: Outgoing, recipient: str, message_id: str) -> bytes:
    """Write the headers that machines read, each on one line whatever its length.

    Python's own way encodes a long address as if it were words (RFC 2047), which nobody undoes.
    Raises ValueError for what would not stay in its line.
    """
    headers = {"To": recipient, "Message-ID": f"<{message_id}>"}
    if message.marketing and message.unsubscribe:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if not message.marketing:
        headers["Auto-Submitted"] = "auto-generated"
    if not all(_IN_A_LINE.fullmatch(value) for value in headers.values()):
        raise ValueError("an address has signs that a header cannot have")
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii")


def subject(given: str, text: str, sender: str) -> str:
    """Give the subject: the one given, else the text's first line, cut, else who it is from.

    One line, whatever was given: what follows a line break in a header would be another header.
    """
    if whole := _one_line(given):
        return whole
    found = next((line for line in map(_one_line, text.splitlines()) if line), "")
    return _cut(found) or parseaddr(sender)[0]


def _cut(line: str) -> str:
    """Cut a line to a header's length, between two words where that leaves most of it."""
    if len(line) <= LONGEST_SUBJECT:
        return line
    cut = line[: LONGEST_SUBJECT - 1]
    words = cut if line[LONGEST_SUBJECT - 1] == " " else cut.rpartition(" ")[0]
    return f"{(words if len(words) > LONGEST_SUBJECT // 2 else cut).rstrip()}…"


def mailbox_of(sender: str) -> str:
    """Give the bare address of `Name <address>`."""
    return check_mailbox(sender, named=True)


def _one_line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())
