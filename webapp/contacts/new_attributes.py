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
LONGEST_LABEL = 64
MOST = 200  # attributes an account may come to have this way


def define_new(values: Mapping[str, Any]) -> None:
    """Define, in the open transaction, the attributes in `values` that nobody defined yet.

    Their kind is that of their first value. A name that is no word is left for the check of
    attributes to refuse, as is everything beyond the most that an account may have.
    """
    define({name: (_label(name), _kind(v)) for name, v in sorted(values.items()) if v is not None})


def define(wanted: Mapping[str, tuple[str, str]]) -> None:
    """Define attributes that nobody defined yet, in the open transaction: label and kind by name.

    The same is left out as by `define_new`.
    """
    known = {definition.name for definition in definitions()} if wanted else set()
    rows = [
        {"name": name, "label": label[:LONGEST_LABEL], "kind": kind, "choices": []}
        for name, (label, kind) in wanted.items()
        if name not in known and NAME.fullmatch(name)
    ]
    insert_or_ignore(db.session(), AttributeDefinition, rows[: max(MOST - len(known), 0)])


def _kind(value: Any) -> Kind:
    if isinstance(value, bool):
        return Kind.BOOLEAN
    return Kind.NUMBER if isinstance(value, int | float) else Kind.TEXT


def _label(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
