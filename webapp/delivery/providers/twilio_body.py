"""The form of a request to send by Twilio."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from webapp.delivery.providers.base import Outgoing

FORM = "application/x-www-form-urlencoded"
SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
LONGEST_TEXT = 1600  # characters; Twilio refuses more with 21617


def request_body(message: Outgoing, sender: str, status_callback: str = "") -> bytes:
    """Write one SMS as Twilio's form (REST API, "Create a Message resource").

    `sender` is a number, a name or the SID of a Messaging Service (MG…). `status_callback` is the
    address that gets the statuses, each with our correlation; without one none are asked for.
    Raises ValueError for no text, or one that is too long.
    """
    if not message.text or not message.text.strip():
        raise ValueError("an SMS has a text")
    if len(message.text) > LONGEST_TEXT:
        raise ValueError(f"an SMS has {LONGEST_TEXT} characters at most")
    form = {
        "To": message.address,
        "MessagingServiceSid" if SERVICE.fullmatch(sender) else "From": sender,
        "Body": message.text,
    }
    if status_callback:
        correlation = urlencode({"correlation": message.correlation})
        form["StatusCallback"] = f"{status_callback}?{correlation}"
    return urlencode(form).encode()
