"""The form of what a list's columns hold and how they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from webapp.consent.forms import read_record, read_when
from webapp.contacts.attributes import Kind
from webapp.contacts.tagging import read_tag
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.imports.contact_cells import ANY, WHOLE
from webapp.imports.contact_fields import (
    ATTRIBUTE,
    EMAIL,
    EVIDENCE,
    IGNORE,
    NEW,
    NEW_KINDS,
    PHONE,
    PLAIN,
    SEVERAL,
    WHATSAPP,
)
from webapp.imports.contact_reading import ContactReading
from webapp.pages.imports_forms import read_region

SEPARATORS = (
    (ANY, "A comma, a semicolon or a bar"),
    (",", "A comma"),
    (";", "A semicolon"),
    ("|", "A bar |"),
    (WHOLE, "Nothing: a cell is one tag"),
)
Errors = dict[str, str]


def read_reading(
    form: Mapping[str, str], before: ContactReading, zone: ZoneInfo
) -> tuple[ContactReading, Errors]:
    """Read how a list is to be read; gives it as far as it can be read, and what is wrong by field.

    `before` is what was guessed or said; the record of consent is in the reader's `zone`.
    """
    errors: Errors = {}
    count = len(before.columns or ())
    columns = tuple(form.get(f"column-{place}", IGNORE) for place in range(count))
    reading = replace(
        before,
        columns=columns,
        header="header" in form,
        day_first={"day": True, "month": False}.get(form.get("order", "")),
        separator=form.get("separator", ANY),
        overwrite=form.get("existing") == "overwrite",
        how=form.get("how", "").strip(),
        where=form.get("where", "").strip(),
        wording=form.get("wording", "").strip(),
        when="",
    )
    if reading.separator not in dict(SEPARATORS):
        errors["separator"] = "There is no such choice."
    tag = form.get("tag", "")
    try:
        reading = replace(reading, tag=read_tag(tag) if tag.strip() else "")
    except Invalid as error:
        errors["tag"] = error.message
    try:
        reading = replace(reading, region=read_region(form))
    except Invalid as error:
        errors["region"] = error.message
    errors |= _wrong_columns(reading)
    when, wrong = _when(form, columns, zone)
    return replace(reading, when=when), errors | wrong


def _wrong_columns(reading: ContactReading) -> Errors:
    columns = reading.columns or ()
    known = {f"{ATTRIBUTE}{name}" for name, _ in reading.known}
    errors: Errors = {}
    twice = Counter(target for target in columns if target not in SEVERAL)
    names = Counter(name for _, name, _ in reading.attributes())
    for place, target in enumerate(columns):
        if target not in PLAIN | known and target not in _NEW:
            errors[f"column-{place}"] = "There is no such choice."
        elif target not in SEVERAL and not target.startswith(NEW) and twice[target] > 1:
            errors[f"column-{place}"] = "Another column holds this too. Choose one of them."
        elif target.startswith(NEW) and names[reading.name_of(place)] > 1:
            errors[f"column-{place}"] = "Another column would be the same new attribute."
    if not {PHONE, WHATSAPP, EMAIL} & set(columns):
        errors[""] = "Say which column holds the phone numbers or the email addresses."
    return errors


_NEW = {f"{NEW}{kind}" for kind in NEW_KINDS}


def _when(form: Mapping[str, str], columns: Sequence[str], zone: ZoneInfo) -> tuple[str, Errors]:
    """Read when the record for the whole file was given.

    What neither it nor a column of the list brings is missing, unless nothing of it is given.
    """
    if not any(form.get(name, "").strip() for name in EVIDENCE):
        return "", {}
    _, errors = read_record(form, zone)
    given = read_when(form, zone)
    if not form.get("when", "").strip():
        errors["when"] = "Say when they agreed: a later opt-out of theirs stands."
    elif given is not None and given > clock.now():
        errors["when"] = "This lies in the future."
    of_columns = {name for name in EVIDENCE if f"evidence.{name}" in columns}
    brought = {name for name in of_columns if not form.get(name, "").strip()}
    wrong = {name: said for name, said in errors.items() if name not in brought}
    return (given.isoformat() if given and not wrong else ""), wrong


def kinds_of_new() -> Sequence[tuple[str, str]]:
    """Give the kinds that a new attribute can have, for a choice."""
    words = {Kind.TEXT: "text", Kind.NUMBER: "number", Kind.DATE: "date"}
    return [(f"{NEW}{kind}", words.get(kind, "yes or no")) for kind in NEW_KINDS]
