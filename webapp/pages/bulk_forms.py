"""What a bulk dialog sends: whom it is for, and what is to be done to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from webapp.bulk.asked import Asked, Deed
from webapp.bulk.selection import Selection
from webapp.consent.forms import LONGEST, read_record
from webapp.contacts.filters import MAX_IDS, Params, parse_filters, parse_word
from webapp.contacts.rules import Channel
from webapp.contacts.tagging import read_tag
from webapp.core.errors import Invalid
from webapp.core.web import local_path
from webapp.core.zones import reader_zone
from webapp.pages.channel_choices import read_channels

Values = MultiDict[str, str]
Errors = dict[str, str]

NOBODY = "Choose at least one contact first."
TOO_MANY = f"Choose up to {MAX_IDS:,} contacts one by one, or all that match."
CHOOSE = "Choose at least one channel."


@dataclass(frozen=True)
class Chosen:
    """Whom the form is for. `everything`: all that match its filters, not contacts by id.

    `channel` is that of the list, None for a list of all channels.
    """

    selection: Selection
    everything: bool
    filters: str
    back: str
    channel: Channel | None = None

    def params(self) -> Params:
        """Give the fields with which the form says the same again."""
        ids = [] if self.everything else self.selection.filters.ids
        found = [("channel", str(self.channel))] if self.channel else []
        found += [("filters", self.filters), ("next", self.back)]
        found += [("all", "1")] if self.everything else []
        return found + [("id", str(number)) for number in ids]

    def query(self) -> str:
        """Give the same as the end of an address."""
        return "?" + urlencode(self.params())


@dataclass(frozen=True)
class Form:
    """A deed as asked for, with what is wrong by field. `asked` may lack what is wrong."""

    asked: Asked
    errors: Errors = field(default_factory=dict)


def read_chosen(values: Values) -> Chosen:
    """Read whom the form is for. Raises Invalid."""
    back = local_path(values.get("next"), url_for("audience.show"))
    filters = values.get("filters", "")
    on = parse_word(values.to_dict(flat=False), "channel", Channel)
    if values.get("all"):
        if "filters" not in values:
            raise Invalid("Say which filters all of them match.", field="filters")
        asked: Mapping[str, list[str]] = parse_qs(filters)
        return Chosen(Selection(parse_filters(asked), reader_zone()), True, filters, back, on)
    ids = [text for text in values.getlist("id") if text.strip("0")]
    if not ids:
        raise Invalid(NOBODY, field="id")
    if len(set(ids)) > MAX_IDS:
        raise Invalid(TOO_MANY, field="id")
    named = {"channel": values.getlist("channel"), "id": ids}
    return Chosen(Selection(parse_filters(named), reader_zone()), False, filters, back, on)


def read_deed(deed: Deed, values: Values) -> Form:
    """Read what is to be done. Raises Invalid for a channel that nobody knows."""
    return {Deed.OPT_OUT: _opt_out, Deed.OPT_IN: _opt_in}.get(deed, _tag)(deed, values)


def _opt_out(deed: Deed, values: Values) -> Form:
    channels, reason = tuple(read_channels(values.getlist("on"))), values.get("reason", "").strip()
    errors = {} if channels else {"on": CHOOSE}
    if len(reason) > LONGEST:
        errors["reason"] = f"Write {LONGEST} characters at most."
    return Form(Asked(deed, channels, reason), errors)


def _opt_in(deed: Deed, values: Values) -> Form:
    channels = tuple(read_channels(values.getlist("on")))
    record, errors = read_record(values, reader_zone())
    if not channels:
        errors["on"] = CHOOSE
    return Form(Asked(deed, channels, record=record), errors)


def _tag(deed: Deed, values: Values) -> Form:
    try:
        return Form(Asked(deed, tag=read_tag(values.get("tag", ""))))
    except Invalid as error:
        return Form(Asked(deed), {"tag": error.message})
