"""The address that a drill speaks as: a number that is nobody's, so that it counts nowhere.

The country code 999 is assigned to no country and no network (ITU-T E.164, list of assigned
country codes): WhatsApp has nobody there, and no form, file or call of ours takes such a number.
Each day has a number of its own, so that none grows a long chain however often a drill is run.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask import current_app

from webapp.contacts.rules import Address, AddressKind, address_key
from webapp.core import clock
from webapp.core.config import Config

PREFIX = "+99937455"  # DRILL on the keys of a telephone
_SINK = re.compile(r"\+99937455[0-9]{6}")
_DAY = timedelta(days=1)


def sink(day: date) -> Address:
    """Give the sink of a day (UTC): an address in the form of E.164."""
    return Address(AddressKind.PHONE, f"{PREFIX}{day:%y%m%d}")


def is_sink(address: str) -> bool:
    """Tell whether an address is a sink's: then nothing for it may reach a provider."""
    return _SINK.fullmatch(address) is not None


def sink_keys() -> tuple[bytes, ...]:
    """Give the keys that lists and figures leave out: of the sinks of today and yesterday.

    An older one stands on no list any more (see `drills.clearing`). Under each of the account's
    keys, so that the database need not be asked which of them is in use.
    """
    config: Config = current_app.extensions["heed"]
    today = clock.now().date()
    return tuple(
        address_key(sink(day), one) for day in (today, today - _DAY) for one in config.address_keys
    )
