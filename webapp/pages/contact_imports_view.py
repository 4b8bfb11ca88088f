"""What the page of a contacts import shows: its columns, what it comes to, how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app, url_for

from webapp.accounts.access import allowed
from webapp.accounts.rules import Right
from webapp.consent.forms import HOW
from webapp.contacts.rules import Channel
from webapp.core.words import listed
from webapp.core.zones import reader_zone
from webapp.imports import contact_checking, contact_recording, stores
from webapp.imports.contact_cells import guess_kind
from webapp.imports.contact_fields import (
    ATTRIBUTE,
    CONSENT,
    CONSENT_ALL,
    CONSENT_NO,
    COUNTRY,
    EMAIL,
    EVIDENCE_FIELDS,
    FIRST_NAME,
    IGNORE,
    LAST_NAME,
    NAME,
    PHONE,
    TAGS,
    WHATSAPP,
)
from webapp.imports.contact_queries import check_of
from webapp.imports.contact_reading import ContactReading, cells
from webapp.imports.contact_service import rights_needed
from webapp.imports.queries import refused_rows
from webapp.pages import task_words
from webapp.pages.contact_imports_forms import SEPARATORS, kinds_of_new
from webapp.pages.task_files import is_mine
from webapp.pages.task_words import Line, Words
from webapp.tasks import files
from webapp.tasks.models import Task
from webapp.tasks.rules import TaskStatus

PERSON = (
    (NAME, "Name"),
    (FIRST_NAME, "First name"),
    (LAST_NAME, "Last name"),
    (PHONE, "Phone"),
    (WHATSAPP, "WhatsApp number"),
    (EMAIL, "Email"),
    (COUNTRY, "Country of the number"),
    (TAGS, "Tags"),
)
EVIDENCE_WORDS = ("Consent: how", "Consent: when", "Consent: where", "Consent: the wording")
CHANGES = ("in", "out", "already", "older", "stands", "unproven", "not_theirs")
Choices = list[tuple[str, list[tuple[str, str]]]]

ALL_CHANNELS = (
    (CONSENT_NO, "All channels: who said no"),
    (CONSENT_ALL, "All channels: agreed or said no"),
)


class Column(NamedTuple):
    """A column of the list: its place, title and first cells, and what it would be if it is new."""

    place: int
    title: str
    samples: list[str]
    kind: str


@dataclass(frozen=True)
class Upload:
    """An import: the task that has it now, and the check that said what it comes to."""

    task: Task
    check: Task | None
    refused: list[list[str]]

    @property
    def recording(self) -> bool:
        """True where it has been confirmed."""
        return self.task.kind == contact_recording.KIND

    @property
    def looking(self) -> bool:
        """True while only its columns are looked at, before the dry run."""
        return bool(self.task.params.get(contact_checking.LOOK))

    @property
    def looked(self) -> bool:
        """True where its columns wait to be told what they hold."""
        return self.looking and self.task.status is TaskStatus.DONE

    @property
    def checked(self) -> bool:
        """True where the dry run is done and waits for a yes."""
        done = self.task.status is TaskStatus.DONE
        return done and not self.recording and not self.looking

    @property
    def mine(self) -> bool:
        """True where whoever asks may stop it: who started it, or an admin."""
        return is_mine(self.task)

    @property
    def reading(self) -> ContactReading:
        """How the list was read, as far as that is known."""
        task = self.check or self.task
        return ContactReading.of(task.result.get("reading") or task.params)

    @property
    def worth(self) -> int:
        """How many rows would be recorded."""
        return self.count("rows") - self.count("unchanged") + self._consents()

    @property
    def missing(self) -> list[Right]:
        """Give the rights that recording takes and whoever asks lacks."""
        return [right for right in rights_needed(self.task) if not allowed(right)]

    @property
    def refused_url(self) -> str:
        """Give the address of the refused rows as a file; empty for whoever may not have it."""
        return url_for("contact_imports.refused", task_id=self.task.id) if self.mine else ""

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The first rows as they were understood."""
        return list(self.check.result.get("shown", ())) if self.check else []

    @property
    def people_url(self) -> str:
        """Give the address of the list of the contacts with the import's tag, empty without one."""
        tag = self.reading.tag
        there = "contact_list.show" in current_app.view_functions
        return url_for("contact_list.show" if there else "audience.show", tag=tag) if tag else ""

    def columns(self) -> list[Column]:
        """Give the list's columns as they are shown beside the choice of what they hold."""
        found = []
        for place in range(len(self.reading.columns or ())):
            samples = [text for row in self.reading.samples for text in cells(row, [place]) if text]
            kind = dict(kinds_of_new())[f"new.{guess_kind(samples)}"]
            found.append(Column(place, self.reading.title_of(place), samples, kind))
        return found

    def count(self, name: str) -> int:
        """Give a number of the result of what has it."""
        return int(self.task.result.get(name, 0))

    def checked_count(self, name: str) -> int:
        """Give a number of the check's result, of what is recorded since where it counts on."""
        if name == "refused":
            return self.check_number(name) + (self.count(name) if self.recording else 0)
        return self.check_number(name)

    def check_number(self, name: str) -> int:
        """Give a number of the check's result."""
        return int(self.check.result.get(name, 0)) if self.check else 0

    def fact(self, name: str) -> Any:
        """Give what the check found beside its numbers."""
        return (self.check.result.get(name) if self.check else None) or []

    def by_channel(self) -> list[tuple[Channel, dict[str, int]]]:
        """Give what becomes of consent on each channel that the list speaks of."""
        found = [(c, {name: self.count(f"{c}.{name}") for name in CHANGES}) for c in Channel]
        return [(channel, counts) for channel, counts in found if any(counts.values())]

    def any_of(self, word: str) -> bool:
        """Tell whether a word of `by_channel` has a number on any channel."""
        return any(counts[word] for _, counts in self.by_channel())

    def staying(self) -> list[tuple[Channel, int]]:
        """Give how many stay opted out, by channel."""
        found = [(channel, self.count(f"stays.{channel}")) for channel in Channel]
        return [(channel, number) for channel, number in found if number]

    def changes(self) -> list[tuple[str, int]]:
        """Give what would change in contacts that are there, part by part."""
        labels = {f"attr.{name}": label for name, label in self.reading.known}
        result = self.task.result
        return [
            (labels.get(part, part.removeprefix(ATTRIBUTE).capitalize()), number)
            for name, number in sorted(result.items())
            if (part := name.removeprefix("changes.")) != name
        ]

    def new_attributes(self) -> list[str]:
        """Name the attributes that the list brings, with their kind."""
        known, kinds = {name for name, _ in self.reading.known}, dict(kinds_of_new())
        return [
            f"{self.reading.title_of(place)} ({kinds[f'new.{kind}']})"
            for place, name, kind in self.reading.attributes()
            if kind and name not in known
        ]

    def _consents(self) -> int:
        return sum(
            self.count(f"{c}.{word}") for c in Channel for word in ("in", "out", "older", "stands")
        )


def upload(task: Task) -> Upload:
    """Give an import as its page shows it."""
    check = check_of(task)
    holder = task if task.kind == contact_recording.KIND else check
    any_refused = any(t is not None and t.result.get("refused") for t in (check, task))
    there = holder is not None and any_refused and files.has(holder.id, stores.REFUSED)
    rows = refused_rows(holder.id) if holder is not None and there else []
    return Upload(task, check, rows)


def choices(reading: ContactReading) -> Choices:
    """Give what a column may hold, in groups."""
    channels = [
        (field, f"{channel.label}: agreed or said no") for field, channel in CONSENT.items()
    ]
    said = list(zip(EVIDENCE_FIELDS, EVIDENCE_WORDS, strict=True))
    known = [(f"{ATTRIBUTE}{name}", label) for name, label in reading.known]
    new = [(value, f"New attribute: {word}") for value, word in kinds_of_new()]
    return [
        ("", [(IGNORE, "– leave out –")]),
        ("Contact", list(PERSON)),
        ("Attributes", [*known, *new]),
        ("Consent", [*channels, *ALL_CHANNELS]),
        ("Evidence of the consent", said),
    ]


def ways() -> list[tuple[str, str]]:
    """Give how people can agree, for a choice."""
    return [("", "Choose…"), *((how, how) for how in HOW)]


def local_when(reading: ContactReading) -> str:
    """Give when the record for the whole file was given, as its field shows it."""
    if not reading.when:
        return ""
    moment = datetime.fromisoformat(reading.when).astimezone(reader_zone())
    return f"{moment:%Y-%m-%dT%H:%M}"


def separators() -> list[tuple[str, str]]:
    """Give what may stand between the tags of a cell, for a choice."""
    return list(SEPARATORS)


def ignored(reading: ContactReading) -> str:
    """Name the columns that are left out."""
    return listed([f"“{title}”" for title in reading.ignored()])


def _lines(task: Task) -> list[Line]:
    """Tell what a task of an import came to."""
    words = {
        "created": "Added" if task.kind == contact_recording.KIND else "To be added",
        "updated": "Updated" if task.kind == contact_recording.KIND else "To be updated",
        "unchanged": "Stay as they are",
        "stays": "Stay opted out",
        "twice": "Twice in the file",
        "refused": "Refused",
    }
    found = [(task.result.get(name, 0), word) for name, word in words.items()]
    return [Line(number, word) for number, word in found if number]


def _back(task: Task) -> str:
    return url_for("contact_imports.upload", task_id=task.id)


task_words.tell(contact_checking.KIND, Words(_lines, _back))
task_words.tell(contact_recording.KIND, Words(_lines, _back))
