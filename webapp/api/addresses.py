"""Addresses as callers write them, where no channel says of what kind they are."""

from __future__ import annotations

from webapp.contacts.rules import Address, Channel, parse_address
from webapp.core.errors import Invalid


def any_address(text: str) -> Address:
    """Read an email address, a phone number or a WhatsApp id. Raises Invalid."""
    return address_on(Channel.EMAIL if "@" in text else Channel.WHATSAPP, text)


def address_on(channel: Channel, text: str, field: str = "address") -> Address:
    """Read an address of a channel. Raises Invalid that names the caller's `field`."""
    try:
        return parse_address(channel, text)
    except Invalid as error:
        raise Invalid(error.message, field=field) from None
