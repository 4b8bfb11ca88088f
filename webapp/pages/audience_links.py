"""The addresses of a row's actions on the audience page: built once, not for each row."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from webapp.contacts.rules import Channel
from webapp.pages.contact_links import ContactLinks, halves


@dataclass(frozen=True, slots=True)
class RowLinks(ContactLinks):
    """Where a row with a toggle leads.

    `opt_out` begins the address that a toggle posts to; the others end that of the form for the
    record of consent (also of one that leads back to this list), and of the dialog of a report.
    """

    opt_out: str
    opt_out_end: str
    record_end: str
    record_and_back_end: str
    report_end: str

    @classmethod
    def of(cls, channel: Channel, back: str) -> RowLinks:
        """Build the addresses of a list on `channel`, shown at `back`."""
        opt_out, opt_out_end = halves("audience.opt_out", channel)
        record_end = halves("consents.record", channel)[1]
        return cls(
            back,
            *cls.ends(back, [channel]),
            opt_out=opt_out,
            opt_out_end=opt_out_end,
            record_end=record_end,
            record_and_back_end=record_end + "?" + urlencode({"next": back}),
            report_end=halves("consents.ask_report", channel)[1] + "?" + urlencode({"next": back}),
        )
