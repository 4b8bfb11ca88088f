"""The forms of an upload: the file and what it speaks for, and how it is to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import phonenumbers
from werkzeug.datastructures import FileStorage, MultiDict

from webapp.contacts.rules import Channel
from webapp.core.errors import Invalid
from webapp.imports.columns import MOST, Columns
from webapp.imports.lists import Reading

Form = MultiDict[str, str]
NO_CHANNEL = "Choose the channels that the list speaks for."


def read_file(found: FileStorage | None) -> FileStorage:
    """Give the file that was chosen. Raises Invalid."""
    if found is None or not found.filename:
        raise Invalid("Choose a file.", field="file")
    return found


def read_new(form: Form, zone: str) -> Reading:
    """Read what is asked of a new list; its columns are left to be guessed. Raises Invalid."""
    return Reading(_channels(form), read_region(form), zone)


def read_again(form: Form, before: Reading) -> Reading:
    """Read how a list is to be read instead. Raises Invalid, with the field."""
    columns = Columns(
        _column(form, "address") or 0,
        _column(form, "channel_column"),
        _column(form, "date"),
        _column(form, "state"),
        "header" in form,
    )
    asked = {"day": True, "month": False}.get(form.get("order", ""))
    return Reading(_channels(form, columns), read_region(form), before.zone, columns, asked)


def column_choices(reading: Reading, shown: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Give the columns of a list by their titles, else by their first cell."""
    width = max([len(reading.titles), *map(len, shown)], default=1)
    first: Sequence[str] = shown[0] if shown else ()
    found = []
    for place in range(min(width, MOST)):
        title = reading.titles[place] if place < len(reading.titles) else ""
        cell = first[place] if place < len(first) else ""
        said = title or (f"like “{cell[:24]}”" if cell else "")
        found.append((str(place), f"{place + 1}: {said}" if said else f"Column {place + 1}"))
    return found


def _channels(form: Form, columns: Columns | None = None) -> tuple[Channel, ...]:
    asked = set(form.getlist("on"))
    if not asked <= set(Channel):
        raise Invalid("There is no such channel.", field="on")
    if not asked and (columns is None or columns.channel is None):
        raise Invalid(NO_CHANNEL, field="on")
    return tuple(channel for channel in Channel if channel in asked)


def read_region(form: Mapping[str, str]) -> str | None:
    """Read the country of numbers without their country code, if one was chosen. Raises Invalid."""
    region = form.get("region", "")
    if region and region not in phonenumbers.SUPPORTED_REGIONS:
        raise Invalid("There is no such country.", field="region")
    return region or None


def _column(form: Form, name: str) -> int | None:
    text = form.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) < MOST):
        raise Invalid("There is no such column.", field=name)
    return int(text)
