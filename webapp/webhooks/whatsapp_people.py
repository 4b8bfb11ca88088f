"""Who an item is about. WhatsApp names the person in the item, in `contacts`, in both, or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from webapp.webhooks.whatsapp_values import phone, table, tables, user_id, word

LONGEST_NAME = 200


@dataclass(frozen=True)
class Person:
    """A number, a user id, or both; and the name on their profile."""

    address: str | None = None
    user_id: str | None = None
    name: str = ""


def person(value: dict[str, Any], number: Any = None, scoped_id: Any = None) -> Person:
    """Find the person behind `number` and `scoped_id`, completed from `value["contacts"]`.

    Either argument may be missing, and a user id may stand in the number's place. A contact
    completes a person only where it is surely the same one: it matches, or it is the only one
    and the item names nobody.
    """
    address = phone(number)
    scoped = user_id(scoped_id) or user_id(number)
    known = [_contact(entry) for entry in tables(value.get("contacts"))]
    for contact in known:
        if (scoped and contact.user_id == scoped) or (address and contact.address == address):
            return Person(address or contact.address, scoped or contact.user_id, contact.name)
    if address is None and scoped is None and len(known) == 1:
        return known[0]
    return Person(address, scoped)


def _contact(entry: dict[str, Any]) -> Person:
    name = word(table(entry.get("profile")).get("name"), LONGEST_NAME)
    number = entry.get("wa_id")
    return Person(phone(number), user_id(entry.get("user_id")) or user_id(number), name)
