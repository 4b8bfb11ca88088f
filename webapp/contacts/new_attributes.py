"""Attributes that come with data of other systems are defined when they first come."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from webapp.contacts.attributes import Kind
from webapp.contacts.definitions import definitions
from webapp.contacts.models import AttributeDefinition
from webapp.core.db import db
from webapp.core.dialect import insert_or_ignore

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
MOST = 200  # attributes an account may come to have this way


def define_new(values: Mapping[str, Any]) -> None:
    """Define, in the open transaction, the attributes in `values` that nobody defined yet.

    Their kind is that of their first value. A name that is no word is left for the check of
    attributes to refuse, as is everything beyond the most that an account may have.
    """
    known = {definition.name for definition in definitions()} if values else set()
    new = {
        name: value
        for name, value in values.items()
        if name not in known and value is not None and NAME.fullmatch(name)
    }
    rows = [
        {"name": name, "label": _label(name), "kind": _kind(value), "choices": []}
        for name, value in sorted(new.items())
    ]
    insert_or_ignore(db.session(), AttributeDefinition, rows[: max(MOST - len(known), 0)])


def _kind(value: Any) -> Kind:
    if isinstance(value, bool):
        return Kind.BOOLEAN
    return Kind.NUMBER if isinstance(value, int | float) else Kind.TEXT


def _label(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
