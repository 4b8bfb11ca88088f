"""The addresses of what is done with one contact: built once for a list, not for each row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from webapp.contacts.rules import Channel

# Stands for a contact's id while an address is built; no id comes near it.
ANY_ID = 2**61


@dataclass(frozen=True, slots=True)
class ContactLinks:
    """Where a row leads: what stands before a contact's id in an address, and what after it.

    `contact` begins the addresses of a contact's page and of all that is done there: `page_end`
    ends that of the page, `edit_end` that of Edit Customer, `menu_end` that of the menu's own page.
    All lead back to `back`, which is the list.
    """

    back: str
    contact: str
    page_end: str
    edit_end: str
    menu_end: str

    @classmethod
    def ends(cls, back: str, channels: Iterable[Channel] = ()) -> tuple[str, str, str, str]:
        """Give the four addresses of a list shown at `back`; `channels` go with the menu."""
        after = "?" + urlencode({"next": back})
        ticked = "".join(f"&channel={channel}" for channel in channels)
        return (
            halves("contacts.show")[0],
            after,
            halves("contact_forms.edit")[1] + after,
            halves("consent_dialogs.actions")[1] + after + ticked,
        )


def halves(endpoint: str, channel: Channel | None = None) -> tuple[str, str]:
    """Give what stands before and after a contact's id in the address of an endpoint."""
    return _halves_at(request.script_root, endpoint, channel)


@lru_cache(maxsize=1000)
def _halves_at(_root: str, endpoint: str, channel: Channel | None) -> tuple[str, str]:
    """Give them where the app is mounted."""
    on: dict[str, Any] = {"channel": channel} if channel else {}
    before, _, after = url_for(endpoint, contact_id=ANY_ID, **on).partition(str(ANY_ID))
    return before, after
