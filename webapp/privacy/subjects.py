"""Whose evidence: an address as somebody typed it, or the key that a link names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.consent.by_key import address_by_key
from webapp.contacts.addresses import key_of
from webapp.contacts.owners import owner_of_key
from webapp.contacts.rules import Address, AddressKind, Channel, parse_address, provider_address
from webapp.core.errors import Invalid
from webapp.privacy.evidence_reading import is_known


@dataclass(frozen=True)
class Subject:
    """Whose evidence: an address, or where it was erased the key that is left of it."""

    address: Address | None
    key: bytes

    @classmethod
    def of(cls, address: Address) -> Subject:
        """Give that of an address."""
        return cls(address, key_of(address))

    @classmethod
    def of_key(cls, key: bytes) -> Subject:
        """Give that of a key, with the address as far as it is still known."""
        owner = owner_of_key(key)
        known = owner.address_of(key) if owner else address_by_key(key)
        return cls(provider_address(known) if known else None, key)

    @property
    def params(self) -> dict[str, str]:
        """What names it in a link: its address, or the key where that would not be read as itself."""
        if self.address is not None and _reads_as_itself(self.address):
            return {"address": self.address.value}
        return {"key": self.key.hex()}


def subject_of(text: str, read: Callable[[str], Address]) -> Subject:
    """Give whose evidence a text asks for, as `read` takes it.

    What `read` refuses may be on record all the same: a provider's word is never refused, so a
    short code may have written STOP. Raises what `read` raises where it is not.
    """
    try:
        return Subject.of(read(text))
    except Invalid:
        known = Subject.of(provider_address(text))
        if known.address is None or not (_is(known.address, text) and is_known(known.key)):
            raise
        return known


def _is(address: Address, text: str) -> bool:
    """Tell whether an address is all that a text says; its plus may be missing."""
    return address.value.removeprefix("+") == text.strip().casefold().removeprefix("+")


def _reads_as_itself(address: Address) -> bool:
    channel = Channel.EMAIL if address.kind is AddressKind.EMAIL else Channel.WHATSAPP
    try:
        return parse_address(channel, address.value) == address
    except Invalid:
        return False
