"""What an attribute may hold, by its kind: reading, checking and showing; pure functions."""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from webapp.core.errors import Invalid
from webapp.core.zones import short_day

MAX_TEXT = 500
YES = ("yes", "true", "1", "on")
NO = ("no", "false", "0", "off")

Value = str | int | float | bool | None


class Kind(enum.StrEnum):
    """The type of an attribute. A date is kept as `YYYY-MM-DD`, which sorts as text."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    BOOLEAN = "boolean"

    @property
    def label(self) -> str:
        """How people call it."""
        return {"boolean": "yes or no"}.get(self, self.value)

    @property
    def ranged(self) -> bool:
        """True where a filter may ask for a least and a most."""
        return self in (Kind.NUMBER, Kind.DATE)


class Definition(NamedTuple):
    """An attribute that contacts may have: its name in data, label, type and choices."""

    id: int
    name: str
    label: str
    kind: str
    choices: list[str]

    @property
    def offered(self) -> tuple[str, ...]:
        """The choices, as a value that a cache can be asked by."""
        return tuple(self.choices)


_KINDS = {kind.value: kind for kind in Kind}


def kind_of(word: str) -> Kind:
    """Give the kind that a definition names; an unknown one is read as text."""
    return _KINDS.get(word, Kind.TEXT)


def read_value(kind: Kind, text: str, choices: Sequence[str] = (), label: str = "value") -> Value:
    """Read what somebody typed for an attribute; empty is None, which removes it. Raises Invalid."""
    text = text.strip()
    if not text:
        return None
    if kind is Kind.NUMBER:
        return _number(text, label)
    if kind is Kind.DATE:
        return _date(text, label)
    if kind is Kind.BOOLEAN:
        if text.casefold() not in YES + NO:
            raise Invalid(f"{label} is yes or no.")
        return text.casefold() in YES
    if kind is Kind.CHOICE and choices and text not in choices:
        raise Invalid(f"{label} is one of: {', '.join(choices)}.")
    if len(text) > MAX_TEXT or "\x00" in text:
        raise Invalid(f"{label} has at most {MAX_TEXT} characters.")
    return text


def check_value(kind: Kind, value: Any, choices: Sequence[str] = (), label: str = "value") -> Value:
    """Check a value that came as JSON; a text is read as if typed. Raises Invalid."""
    if isinstance(value, bool):
        if kind is not Kind.BOOLEAN:
            raise Invalid(f"{label} is not a yes or no.")
        return value
    if value is None or isinstance(value, int | float | str):
        return read_value(kind, "" if value is None else str(value), choices, label)
    raise Invalid(f"{label} is a text, a number, or yes or no.")


def show_value(value: Any, kind: Kind = Kind.TEXT) -> str:
    """Give a stored value as a person reads it, like “Yes” or “4 Jul 1990”.

    Without its kind a date is as it is typed, `1990-07-04`: as a form has it.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if kind is Kind.DATE:
        try:
            return short_day(date.fromisoformat(str(value)))
        except ValueError:
            pass  # what stood there before it was a date
    return str(value)


def _number(text: str, label: str) -> int | float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > 1e15:
        raise Invalid(f"{label} is a number, like 12 or 3.5.")
    return int(value) if value.is_integer() else value


def _date(text: str, label: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Invalid(f"{label} is a date, like 1990-04-23.") from None
