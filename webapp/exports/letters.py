"""The email that brings a planned export: what it says, and the file or where to get it; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from webapp.contacts.rules import Channel, Source
from webapp.core.words import counted
from webapp.core.zones import exact

ATTACHED_AT_MOST = 10 * 1024 * 1024  # bytes; encoded it is a third more, and servers refuse 20 MB


@dataclass(frozen=True)
class Made:
    """The file that was made: its name, type, size in bytes, and how many rows it has.

    `content` is empty where it is too large to be sent along; `url` is where it lies.
    """

    name: str
    content_type: str
    size: int
    rows: int
    url: str
    content: bytes = b""


def letter(params: Mapping[str, Any], made: Made, page: str, now: datetime) -> EmailMessage:
    """Write the email of a task; `params` are the task's, `page` is where the plan is changed.

    Whom it is for, and its Message-ID, are still to be set (`addressed`).
    """
    message = EmailMessage()
    message["Subject"] = f"{params['name']}: {counted(made.rows, 'opt-out')}"
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes back
    message.set_content("\n\n".join(_paragraphs(params, made, page, now)))
    if made.content:
        kind, _, rest = made.content_type.partition("/")
        message.add_attachment(
            made.content, maintype=kind, subtype=rest.partition(";")[0], filename=made.name
        )
    return message


def addressed(message: EmailMessage, recipient: str, task_id: int, sender: str) -> EmailMessage:
    """Address an email; its Message-ID is the same whenever the task sends it to them again."""
    for name in ("To", "Message-ID"):
        del message[name]
    message["To"] = recipient
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message["Message-ID"] = f"<heed-export-{task_id}-{recipient.replace('@', '.at.')}@{domain}>"
    return message


def what(params: Mapping[str, Any]) -> str:
    """Say which list it is: `everybody opted out of SMS, by API only`."""
    channel, source = params["list"]["channel"], params["list"]["source"]
    said = f"everybody opted out of {Channel(channel).label if channel else 'any channel'}"
    return f"{said}, by {Source(source).label} only" if source else said


def _paragraphs(params: Mapping[str, Any], made: Made, page: str, now: datetime) -> list[str]:
    zone = ZoneInfo(params["zone"])
    found = [f"{counted(made.rows, 'opt-out')}: {what(params)}.", _period(params, zone, now)]
    if made.content:
        found.append(f"They are in the attached file, {made.name}.")
    else:
        found.append(
            f"The file {made.name} ({made.size / 1024 / 1024:.0f} MB) is too large to be attached."
            f" Sign in and download it within 7 days:\n{made.url}"
        )
    found += [
        f"Times in it are of {zone.key}. It holds personal data: keep it only as long as you need.",
        f"{params['made_by'] or 'Somebody'} planned this {params['plan']}. Change or stop it:\n{page}",
    ]
    return found


def _period(params: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> str:
    if not params["only_new"]:
        return f"All that stand as of {exact(now, zone)}."
    until = exact(datetime.fromisoformat(params["until"]), zone)
    if not params["since"]:
        return f"All recorded until {until}; from now on only what is new."
    since = exact(datetime.fromisoformat(params["since"]), zone)
    return f"Recorded from {since} until {until}. Whoever opted in again since is not among them."
