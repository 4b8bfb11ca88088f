"""The dialog that reports an opt-out, for those who may not record one: on every page the same."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request
from flask.typing import ResponseReturnValue

from webapp.consent.forms import LONGEST
from webapp.contacts.rules import Channel
from webapp.core.db import transaction
from webapp.core.web import page_or_fragment, wants_fragment
from webapp.pages.presentation import dialog_done, toast


def ask_report(name: str, channel: Channel, here: str, back: str, error: str = "") -> Response:
    """Ask what the person called `name` said; the form goes to `here`, and leads to `back`."""
    part = "consents/report.html"
    return page_or_fragment(
        "components/dialog_page.html",
        part,
        part=part,
        title=name,
        name=name,
        channel=channel,
        here=here,
        errors={"said": error},
        back=back,
        in_dialog=wants_fragment(),
    )


def report(
    name: str, channel: Channel, here: str, back: str, work: Callable[[str], bool]
) -> ResponseReturnValue:
    """Do `work` with what the person said, in a transaction of its own; 422 with the form.

    `work` gives False where marketing waits already.
    """
    said = request.form.get("said", "").replace("\x00", "").strip()
    if len(said) > LONGEST:
        return ask_report(name, channel, here, back, f"Write {LONGEST} characters at most."), 422
    held = transaction(lambda: work(said))
    waits = f"marketing on {channel.label} waits until an admin decides."
    toast(f"Reported: {waits}" if held else f"Not reported again: {waits}")
    return dialog_done(back)
