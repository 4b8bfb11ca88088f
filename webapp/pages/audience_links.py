"""The addresses of a row's actions: built once, not for each row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from webapp.contacts.rules import Channel

# Stands for a contact's id while an address is built; no id comes near it.
ANY_ID = 2**61


@dataclass(frozen=True, slots=True)
class RowLinks:
    """Where a row leads: what stands before a contact's id in an address, and what after it.

    `contact` is the contact's page and begins the addresses of all that is done there: `_end` of
    the form for the record of consent (also of one that leads back to this list), of a report,
    of Edit Customer, and of the menu's own page. `opt_out` begins the address that a toggle posts
    to. `back` is the list.
    """

    back: str
    contact: str
    opt_out: str
    opt_out_end: str
    record_end: str
    record_and_back_end: str
    report_end: str
    edit_end: str
    menu_end: str

    @classmethod
    def of(cls, channel: Channel, back: str) -> RowLinks:
        """Build the addresses of a list on `channel`, shown at `back`."""
        after = "?" + urlencode({"next": back})
        contact, _ = _halves("contacts.show")
        opt_out, opt_out_end = _halves("audience.opt_out", channel)
        record_end = _halves("consents.record", channel)[1]
        return cls(
            back=back,
            contact=contact,
            opt_out=opt_out,
            opt_out_end=opt_out_end,
            record_end=record_end,
            record_and_back_end=record_end + after,
            report_end=_halves("consents.report", channel)[1],
            edit_end=_halves("contact_forms.edit")[1] + after,
            menu_end=_halves("consent_dialogs.actions")[1] + after + f"&channel={channel}",
        )


def _halves(endpoint: str, channel: Channel | None = None) -> tuple[str, str]:
    return _halves_at(request.script_root, endpoint, channel)


@lru_cache(maxsize=1000)
def _halves_at(_root: str, endpoint: str, channel: Channel | None) -> tuple[str, str]:
    """Give what stands before and after the id, where the app is mounted."""
    on: dict[str, Any] = {"channel": channel} if channel else {}
    before, _, after = url_for(endpoint, contact_id=ANY_ID, **on).partition(str(ANY_ID))
    return before, after
