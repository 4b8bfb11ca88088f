"""What a person is recognised by in a text, however it is spelled there; pure."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import phonenumbers

from webapp.contacts.rules import Address, AddressKind, canonical, provider_address

ERASED = "(erased)"
SHORTEST_NUMBER = 7  # digits without the country code; a shorter number counts with it
SHORTEST_NAME = 5
# What people put between the digits of a number. No comma, line or tab: those part the cells.
BETWEEN = re.compile("[ \u00a0\u2009\u202f()./+\u2010-\u2013-]")
# A message id of WhatsApp holds the number, in base64.
WAMID = re.compile(r"wamid\.([A-Za-z0-9+/_-]{8,})")


@dataclass(frozen=True)
class Marks:
    """The digits of somebody's numbers, their other addresses, and their full name."""

    digits: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.digits or self.words)

    def stand_in(self, text: str) -> bool:
        """Tell whether an address of the person stands in a text, in whatever spelling."""
        if not self:
            return False
        folded = text.casefold()
        if any(word in folded for word in self.words):
            return True
        if not self.digits:
            return False
        joined = BETWEEN.sub("", text)
        return any(number in joined for number in self.digits) or self._in_message_id(text)

    def stand_in_bytes(self, content: bytes) -> bool:
        """Tell the same of bytes in UTF-8, UTF-16 or an older code."""
        plain = content.replace(b"\0", b"")
        return self.stand_in(plain.decode("utf-8", "replace"))

    def name_in(self, text: str) -> bool:
        """Tell whether the full name, or an address, stands in a text."""
        folded = text.casefold()
        return any(name in folded for name in self.names) or self.stand_in(text)

    def redacted(self, value: Any) -> Any:
        """Copy JSON with "(erased)" for every text, and key, that names the person."""
        if isinstance(value, str):
            return ERASED if self.name_in(value) else value
        if isinstance(value, dict):
            return {self.redacted(name): self.redacted(part) for name, part in value.items()}
        return [self.redacted(part) for part in value] if isinstance(value, list) else value

    def as_json(self) -> dict[str, list[str]]:
        """Give this as JSON, for `from_json`."""
        return {"digits": list(self.digits), "words": list(self.words), "names": list(self.names)}

    @classmethod
    def from_json(cls, said: dict[str, list[str]]) -> Marks:
        """Read what `as_json` wrote."""
        return cls(tuple(said["digits"]), tuple(said["words"]), tuple(said["names"]))

    def _in_message_id(self, text: str) -> bool:
        return any(
            number in _unpacked(packed) for packed in WAMID.findall(text) for number in self.digits
        )


def marks_of(addresses: Iterable[str], names: Iterable[str] = ()) -> Marks:
    """Give what to look for: addresses as they are kept, and names of two words or more."""
    digits: dict[str, None] = {}
    words: dict[str, None] = {}
    for text in filter(None, addresses):
        address = provider_address(text)
        if address.kind is AddressKind.PHONE:
            digits.update(dict.fromkeys(_digits(address)))
        else:
            folded = address.value.casefold()
            escaped = json.dumps(folded)[1:-1]
            words.update(dict.fromkeys((folded, escaped, folded.replace("@", "%40"))))
    full = (" ".join(name.casefold().split()) for name in names)
    known = tuple(name for name in full if " " in name and len(name) >= SHORTEST_NAME)
    return Marks(tuple(digits), tuple(words), tuple(dict.fromkeys(known)))


def _digits(address: Address) -> list[str]:
    """Give the digits to look for: those without country code, which every spelling holds."""
    spelled = [canonical(address), address.value]
    spelled += [value[:5] + value[6:] for value in spelled if re.fullmatch(r"\+55\d{11}", value)]
    found = []
    for value in filter(lambda value: len(value) > 1, spelled):
        try:
            own = phonenumbers.national_significant_number(phonenumbers.parse(value))
        except phonenumbers.NumberParseException:
            own = ""
        found.append(own if len(own) >= SHORTEST_NUMBER else value[1:])
    return list(dict.fromkeys(found))


def _unpacked(packed: str) -> str:
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_")
    except (binascii.Error, ValueError):
        return ""
    return raw.decode("latin-1")
