"""The addresses of a person's own pages: where they stop, and where they see what was changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from flask import current_app

from webapp.contacts.rules import AddressKind, Channel
from webapp.core.config import Config
from webapp.receipts import tokens
from webapp.receipts.tokens import Purpose, Token

PLACEHOLDER = "{receipt}"
_TOKEN = re.compile(r"(/[up]/)[0-9A-Za-z]{60,}")


@dataclass(frozen=True)
class Links:
    """Writes links: `public_url` is where people reach Heed, the newest account key signs."""

    public_url: str
    account_keys: Sequence[str]

    def sign(self, token: Token) -> str:
        """Give a token as it stands in an address."""
        return tokens.write(token, self.account_keys[0])

    def read(self, text: str) -> Token | None:
        """Read what stands in an address; None where we did not write it."""
        return tokens.read(text, self.account_keys)

    def unsubscribe(self, token: Token) -> str:
        """Give the address where this person stops messages."""
        return f"{self.public_url}/u/{self.sign(token)}"

    def preferences(self, token: Token) -> str:
        """Give the address of this person's preferences, with the receipt of the token's event."""
        return f"{self.public_url}/p/{self.sign(token)}"

    def filled(
        self, text: str, channel: Channel, kind: AddressKind, key: bytes, event_id: int
    ) -> str:
        """Put the receipt of a consent event where a text has its placeholder."""
        if PLACEHOLDER not in text:
            return text
        token = Token(Purpose.RECEIPT, channel, kind, key, event_id)
        return text.replace(PLACEHOLDER, self.preferences(token))


def links() -> Links:
    """Give what writes this account's links."""
    config: Config = current_app.extensions["heed"]
    return Links(config.public_url, config.address_keys)


def unsubscribe_url(
    channel: Channel, kind: AddressKind, key: bytes, message_id: int | None = None
) -> str:
    """Give the address for a message's List-Unsubscribe header and its own text (RFC 8058).

    `key` is the 32-byte address key. The link never expires.
    """
    return links().unsubscribe(Token(Purpose.UNSUBSCRIBE, channel, kind, key, message_id or 0))


def receipt_url(channel: Channel, kind: AddressKind, key: bytes, event_id: int) -> str:
    """Give the address of the page that tells a person what one consent event changed."""
    return links().preferences(Token(Purpose.RECEIPT, channel, kind, key, event_id))


def business() -> str:
    """Give what the pages call the business: the name its email comes from, else its host's.

    Empty where that says nothing to anybody, as a host without a name on a developer's machine.
    """
    config: Config = current_app.extensions["heed"]
    host = urlsplit(config.public_url).hostname or ""
    nameless = "." not in host or host.replace(".", "").isdigit()
    return parseaddr(config.email_from)[0] or ("" if nameless else host)


def without_tokens(text: str) -> str:
    """Give a message's text as colleagues may read it: who has a person's link can act by it."""
    return _TOKEN.sub(r"\1…", text)
