"""The addresses of a row's actions: built once a page, not once a row."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for

from webapp.contacts.rules import Channel

# Stands for a contact's id while an address is built; no id comes near it.
ANY_ID = 2**61


@dataclass(frozen=True)
class RowLinks:
    """Where a row leads; each address by the contact's id. `back` is the list itself."""

    back: str
    _contact: str
    _opt_out: str
    _record: str
    _report: str
    _edit: str

    @classmethod
    def of(cls, channel: Channel, back: str) -> RowLinks:
        """Build the addresses of a list on `channel`, shown at `back`."""
        after = "?" + urlencode({"next": back})
        return cls(
            back,
            url_for("contacts.show", contact_id=ANY_ID),
            url_for("audience.opt_out", contact_id=ANY_ID, channel=channel),
            url_for("consents.record", contact_id=ANY_ID, channel=channel),
            url_for("consents.report", contact_id=ANY_ID, channel=channel),
            url_for("contact_forms.edit", contact_id=ANY_ID) + after,
        )

    def contact(self, contact_id: int) -> str:
        """Give the contact's page."""
        return _with_id(self._contact, contact_id)

    def opt_out(self, contact_id: int) -> str:
        """Give where a POST opts out."""
        return _with_id(self._opt_out, contact_id)

    def record(self, contact_id: int) -> str:
        """Give the form for the record of consent."""
        return _with_id(self._record, contact_id)

    def record_and_back(self, contact_id: int) -> str:
        """Give that form, which leads back to this list."""
        return f"{self.record(contact_id)}?{urlencode({'next': self.back})}"

    def report(self, contact_id: int) -> str:
        """Give where a POST reports an opt-out."""
        return _with_id(self._report, contact_id)

    def edit(self, contact_id: int) -> str:
        """Give Edit Customer, which leads back to this list."""
        return _with_id(self._edit, contact_id)


def _with_id(address: str, contact_id: int) -> str:
    return address.replace(str(ANY_ID), str(contact_id), 1)
