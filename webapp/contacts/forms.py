"""A contact as a form: fields `name`, `phone`, `email`, `attr.NAME`, and `tags`, one a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from webapp.contacts.attributes import Definition, kind_of, read_value, show_value
from webapp.contacts.models import Contact
from webapp.contacts.rules import email_address, phone_address
from webapp.contacts.service import MAX_NAME, Draft
from webapp.contacts.tags import clean_tags
from webapp.core.errors import Invalid

ATTRIBUTE = "attr."

Definitions = Sequence[Definition]


def filled(contact: Contact | None, known: Definitions) -> dict[str, str]:
    """Give the texts that the form begins with, by field."""
    if contact is None:
        return {}
    said = {
        "name": contact.name,
        "phone": contact.phone or "",
        "email": contact.email or "",
        "tags": "\n".join(tag.name for tag in contact.tags),
        "stamp": contact.updated_at.isoformat(),
    }
    for definition in known:
        value = contact.attributes.get(definition.name)
        said[ATTRIBUTE + definition.name] = show_value(value)
    return said


def read_draft(
    form: Mapping[str, str], known: Definitions, stands: Mapping[str, str]
) -> tuple[Draft, dict[str, str]]:
    """Read the form; gives the draft, and what is wrong by field: all of it at once.

    What says the same as `stands` is left out of the draft: a number or a choice from before a
    rule changed may stay.
    """
    errors: dict[str, str] = {}
    given = {field: form[field].strip() for field in form if form[field] != stands.get(field, "")}

    def checked(field: str, check: Callable[[str], Any]) -> Any:
        try:
            return check(given[field]) if field in given else None
        except Invalid as error:
            errors[field] = error.message
            return None

    if len(given.get("name", "")) > MAX_NAME:
        errors["name"] = f"A name has at most {MAX_NAME} characters."
    checked("phone", lambda text: text and phone_address(text))
    checked("email", lambda text: text and email_address(text))
    attributes = {
        definition.name: checked(ATTRIBUTE + definition.name, _reader(definition))
        for definition in known
        if ATTRIBUTE + definition.name in given
    }
    tags = checked("tags", lambda text: clean_tags(text.split("\n")))
    draft = Draft(given.get("name"), given.get("phone"), given.get("email"), attributes, tags)
    return draft, errors


def _reader(definition: Definition) -> Callable[[str], Any]:
    kind, choices = kind_of(definition.kind), definition.choices
    return lambda text: read_value(kind, text, choices, definition.label)
