"""What the addresses of public pages carry: whose they are and what for, signed. Pure.

A token holds no address, only its key, so it outlives the contact, an erasure and a restored
backup. It never expires: a limit never refuses a valid stop.
"""

from __future__ import annotations

import enum
import hmac
import string
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.contacts.rules import AddressKind, Channel, channels_of

# Letters and digits alone: what finds links in a message drops a "-", "_" or "." at their end.
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
LONGEST = 160
SIGNED = 16  # bytes of the signature: 128 bits
LABEL = b"heed: the signature of a person's link, version 1"

_HEAD = struct.Struct(">BBB32s")
_CHANNELS = {1: Channel.EMAIL, 2: Channel.SMS, 3: Channel.VOICE, 4: Channel.WHATSAPP}
_KINDS = {1: AddressKind.PHONE, 2: AddressKind.EMAIL, 3: AddressKind.WHATSAPP_ID}
_CHANNEL_NUMBERS = {channel: number for number, channel in _CHANNELS.items()}
_KIND_NUMBERS = {kind: number for number, kind in _KINDS.items()}
_VALUES = {digit: value for value, digit in enumerate(ALPHABET)}


class Purpose(enum.IntEnum):
    """What a token is for. The numbers stand in links that are out for ever; never 0."""

    UNSUBSCRIBE = 1
    RECEIPT = 2


@dataclass(frozen=True)
class Token:
    """A link's content. `number` is the message of an unsubscribe link (0: none), or the consent
    event of a receipt.
    """

    purpose: Purpose
    channel: Channel
    kind: AddressKind
    key: bytes
    number: int = 0

    @property
    def event_id(self) -> int | None:
        """The consent event that it is the receipt of."""
        return self.number if self.purpose is Purpose.RECEIPT else None

    @property
    def message_id(self) -> int | None:
        """The message that the link stood in."""
        return self.number or None if self.purpose is Purpose.UNSUBSCRIBE else None

    @property
    def own_channels(self) -> tuple[Channel, ...]:
        """The channels of the address that the link was sent to: all that it may ever loosen."""
        return channels_of(self.kind)


def write(token: Token, account_key: str) -> str:
    """Give a token as text, signed under an account key: about 72 letters and digits."""
    number = token.number.to_bytes((token.number.bit_length() + 7) // 8, "big")
    head = _HEAD.pack(
        token.purpose, _CHANNEL_NUMBERS[token.channel], _KIND_NUMBERS[token.kind], token.key
    )
    return _letters(head + number + _signature(head + number, account_key))


def read(text: str, account_keys: Sequence[str]) -> Token | None:
    """Read a token that is signed under any key of the ring; None for anything else.

    What a message's punctuation adds to the end of a link is no part of it. Signatures are
    compared in constant time.
    """
    raw = _bytes(text.rstrip(string.punctuation + string.whitespace))
    if raw is None or len(raw) < _HEAD.size + SIGNED:
        return None
    said, signature = raw[:-SIGNED], raw[-SIGNED:]
    signed = [hmac.compare_digest(signature, _signature(said, key)) for key in account_keys]
    return _token(said) if any(signed) else None


def _token(said: bytes) -> Token | None:
    """Read what was signed; what a later version of Heed may have written is None."""
    purpose, channel, kind, key = _HEAD.unpack_from(said)
    try:
        return Token(
            Purpose(purpose),
            _CHANNELS[channel],
            _KINDS[kind],
            key,
            int.from_bytes(said[_HEAD.size :], "big"),
        )
    except (KeyError, ValueError):
        return None


def _signature(said: bytes, account_key: str) -> bytes:
    """Sign under a key made from an account key, which is kept as long as the ledger is."""
    signing_key = hmac.digest(account_key.encode(), LABEL, "sha256")
    return hmac.digest(signing_key, said, "sha256")[:SIGNED]


def _letters(raw: bytes) -> str:
    """Write bytes, of which the first is not 0, as a number in letters and digits."""
    rest, letters = int.from_bytes(raw, "big"), ""
    while rest:
        rest, digit = divmod(rest, len(ALPHABET))
        letters = ALPHABET[digit] + letters
    return letters


def _bytes(text: str) -> bytes | None:
    """Read what `_letters` wrote; there is one spelling of each content."""
    if not 0 < len(text) <= LONGEST or text[0] == ALPHABET[0]:
        return None
    value = 0
    for letter in text:
        if letter not in _VALUES:
            return None
        value = value * len(ALPHABET) + _VALUES[letter]
    return value.to_bytes((value.bit_length() + 7) // 8, "big")
