"""Whose link it is: the person behind a token, as far as they are still known."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers

from webapp.consent.by_key import address_by_key
from webapp.consent.rows import Place
from webapp.contacts.owners import Owner, owner_of_key
from webapp.contacts.rules import AddressKind, Channel
from webapp.receipts.tokens import Token

DOTS = "•••"


@dataclass(frozen=True)
class Person:
    """Who holds a link. `owner` is None for an address that is nobody's, or not any more;
    `address` is empty where only its key is left.
    """

    token: Token
    owner: Owner | None
    address: str

    def keys(self, channel: Channel) -> list[bytes]:
        """Give every key under which this person is reached on a channel."""
        if self.owner is not None:
            return self.owner.keys(channel)
        return [self.token.key] if channel in self.token.own_channels else []

    def own_keys(self, channel: Channel) -> list[bytes]:
        """Give the keys that the link itself speaks for on a channel, its own first.

        A number and the WhatsApp id that came with it are one account there: a STOP stops both, so
        what takes it back takes it back at both.
        """
        if channel not in self.token.own_channels:
            return []
        theirs = self.owner.keys(channel) if self.owner else []
        return list(dict.fromkeys([self.token.key, *theirs]))

    def kind_of(self, key: bytes) -> AddressKind:
        """Give what kind of address one of their keys on the link's own channels stands for."""
        if key == self.token.key:
            return self.token.kind
        known = self.owner is not None and key == self.owner.whatsapp_id_key
        return AddressKind.WHATSAPP_ID if known else AddressKind.PHONE

    @property
    def every_key(self) -> list[bytes]:
        """Every key of theirs, the link's own first."""
        found = [key for channel in Channel for key in self.keys(channel)]
        return list(dict.fromkeys([self.token.key, *found]))

    @property
    def channels(self) -> list[Channel]:
        """The channels on which they are reached, the link's own first."""
        others = [c for c in Channel if self.keys(c) and c is not self.token.channel]
        return [self.token.channel, *others]

    def places(self, channel: Channel) -> list[Place]:
        """Give the channel with each key of theirs there, the link's own first."""
        own = [self.token.key] if channel in self.token.own_channels else []
        return [(channel, key) for key in dict.fromkeys([*own, *self.keys(channel)])]

    @property
    def masked(self) -> str:
        """Their address so that they recognise it and nobody else learns it; empty if unknown."""
        return mask(self.token.kind, self.address)


def person_of(token: Token) -> Person:
    """Read afresh who is behind a token."""
    owner = owner_of_key(token.key)
    address = owner.address_of(token.key) if owner else address_by_key(token.key)
    return Person(token, owner, address)


def mask(kind: AddressKind, address: str) -> str:
    """Hide most of an address: `+49 ••• ••12`, `a•••@shop.example`; a WhatsApp id as a whole."""
    if not address or kind is AddressKind.WHATSAPP_ID:
        return ""
    if kind is AddressKind.EMAIL:
        name, _, domain = address.partition("@")
        return f"{name[:1]}{DOTS}@{domain}"
    return f"+{_country_code(address)} {DOTS} ••{address[-2:]}"


def _country_code(number: str) -> str:
    try:
        return str(phonenumbers.parse(number).country_code)
    except phonenumbers.NumberParseException:
        return ""
