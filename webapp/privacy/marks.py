"""What a person is recognised by in a text: whole addresses, however a number is spelled; pure."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from webapp.contacts.rules import AddressKind, provider_address
from webapp.privacy.spellings import another_country, pattern_of, spellings

ERASED = "(erased)"
EDGE = 16  # letters that a find must have on either side, to see where it begins and ends
# What a row calls the contacts that it is about.
IDS = frozenset({"contact_id", "contact_ids", "other_id", "ids"})
# A message id of WhatsApp holds the number, in base64.
WAMID = re.compile(r"wamid\.([A-Za-z0-9+/_-]{8,})")
# What an address with this one inside would go on with: it is somebody else's.
BEFORE_EMAIL = r"(?<![\w.+-])(?<!\w['&!#$%*^`~])"
BEFORE_ID = r"(?<![\w.-])"
AFTER = r"(?![\w-])(?!\.\w)"


@dataclass(frozen=True)
class Marks:
    """Somebody's numbers, emails, WhatsApp ids, full name, and the id that their contact had."""

    numbers: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    contact_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.numbers or self.emails or self.ids or self.contact_id)

    def stand_in(self, text: str) -> bool:
        """Tell whether a whole address of the person stands in a text."""
        edge = "\n" * EDGE
        return self.inside(f"{edge}{text}{edge}")

    def inside(self, piece: str) -> bool:
        """Tell the same of a piece of a longer text: what touches its edges may go on beyond."""
        spelled = (piece, unquote(piece)) if "%" in piece else (piece,)
        return any(self._inside(text) for text in spelled)

    def stand_in_json(self, text: str) -> bool:
        """Tell the same of JSON: of each text in it. What is no JSON is read as it stands."""
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return self.stand_in(text)
        return self.address_in(said)

    def address_in(self, value: Any) -> bool:
        """Tell whether an address stands in any text of a JSON value, keys among them."""
        return any(self.stand_in(text) for text in _texts(value))

    def is_about(self, value: Any) -> bool:
        """Tell whether a JSON value holds an address, or names the contact by its id."""
        return self._named_by_id(value) or self.address_in(value)

    def redacted(self, value: Any) -> Any:
        """Copy JSON that is about the person with "(erased)" for each text that names them."""
        if isinstance(value, dict):
            return {self.redacted(name): self.redacted(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self.redacted(part) for part in value]
        if not isinstance(value, str | int) or isinstance(value, bool):
            return value
        text = str(value)
        return ERASED if self.stand_in(text) or self._name_in(text) else value

    def as_json(self) -> dict[str, Any]:
        """Give this as JSON, for `from_json`."""
        of_them = [list(part) for part in (self.numbers, self.emails, self.ids, self.names)]
        return {"of_them": of_them, "contact_id": self.contact_id}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Marks:
        """Read what `as_json` wrote."""
        numbers, emails, ids, names = map(tuple, said["of_them"])
        return cls(numbers, emails, ids, names, said["contact_id"])

    def _inside(self, text: str) -> bool:
        folded = text.casefold()
        found = (find for pattern in self._whole for find in _well_inside(pattern, text))
        mails = (find for pattern in self._mails for find in _well_inside(pattern, folded))
        if any(True for _ in mails) or any(not another_country(find) for find in found):
            return True
        if not self.numbers or "wamid." not in text:
            return False
        return any(self.stand_in(_unpacked(find[1])) for find in _well_inside(WAMID, text))

    def _name_in(self, text: str) -> bool:
        folded = " ".join(text.casefold().split())
        return folded in self.names or any(find.search(folded) for find in self._full_names)

    def _named_by_id(self, value: Any) -> bool:
        if self.contact_id is None or not isinstance(value, dict):
            return False
        named = (part for name, part in value.items() if name in IDS)
        return any(
            self.contact_id in (part if isinstance(part, list) else [part]) for part in named
        )

    @cached_property
    def _whole(self) -> list[re.Pattern[str]]:
        ids = [re.compile(BEFORE_ID + re.escape(one) + AFTER) for one in self.ids]
        return [*map(pattern_of, self.numbers), *ids]

    @cached_property
    def _mails(self) -> list[re.Pattern[str]]:
        return [re.compile(BEFORE_EMAIL + re.escape(one) + AFTER) for one in self.emails]

    @cached_property
    def _full_names(self) -> list[re.Pattern[str]]:
        full = [name for name in self.names if " " in name]
        return [re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for name in full]


def marks_of(
    addresses: Iterable[str], names: Iterable[str] = (), contact_id: int | None = None
) -> Marks:
    """Give what to look for: addresses as they are kept, a person's names, their contact's id."""
    read = [provider_address(text) for text in addresses if text]
    by_kind = {kind: [one for one in read if one.kind is kind] for kind in AddressKind}
    numbers = [number for one in by_kind[AddressKind.PHONE] for number in spellings(one)]
    folded = (" ".join(name.casefold().split()) for name in names)
    return Marks(
        tuple(dict.fromkeys(numbers)),
        tuple(dict.fromkeys(one.value.casefold() for one in by_kind[AddressKind.EMAIL])),
        tuple(dict.fromkeys(one.value for one in by_kind[AddressKind.WHATSAPP_ID])),
        tuple(dict.fromkeys(name for name in folded if name)),
        contact_id,
    )


def _texts(value: Any) -> Iterator[str]:
    """Give every text and whole number in a JSON value, each by itself."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield str(name)
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value)


def _well_inside(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    last = len(text) - EDGE
    return (find for find in pattern.finditer(text) if find.start() >= EDGE and find.end() <= last)


def _unpacked(packed: str) -> str:
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_")
    except (binascii.Error, ValueError):
        return ""
    return raw.decode("latin-1")
