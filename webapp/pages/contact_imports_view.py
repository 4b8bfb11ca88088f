"""What the page of a contacts import shows: what it comes to, and where those are listed."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import url_for

from webapp.accounts.access import allowed
from webapp.accounts.rules import Right
from webapp.contacts.attributes import show_value
from webapp.contacts.filters import Sort
from webapp.contacts.rules import Channel, Source, State
from webapp.imports import contact_checking, contact_recording, stores
from webapp.imports.contact_fields import ATTRIBUTE
from webapp.imports.contact_reading import ContactReading
from webapp.imports.contact_service import rights_needed
from webapp.imports.queries import refused_rows
from webapp.imports.uploads import check_of
from webapp.pages import task_words
from webapp.pages.contact_imports_changes import Change, row_changes
from webapp.pages.contact_imports_forms import kinds_of_new
from webapp.pages.task_words import Line, Words
from webapp.pages.upload_view import UploadView
from webapp.tasks import files
from webapp.tasks.models import Task

CHANGES = ("in", "out", "already", "older", "stands", "unproven", "not_theirs")


class Upload(UploadView):
    """An import of contacts."""

    recorded_by = contact_recording.KIND
    endpoint = "contact_imports.upload"

    @property
    def looking(self) -> bool:
        """True while only its columns are looked at, before the dry run."""
        return bool(self.task.params.get(contact_checking.LOOK))

    @property
    def reading(self) -> ContactReading:
        """How the list was read, as far as that is known."""
        return ContactReading.of(self.said)

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

    def people(self) -> tuple[str, str]:
        """Name the list in which the people of the import are, and give its address.

        By its tag, which others may have too; without one those who were added stand first among
        the newest. Both empty where no list has them.
        """
        if self.reading.tag:
            url = url_for("contact_list.show", tag=self.reading.tag)
            return f"See the contacts tagged “{self.reading.tag}”", url
        if self.count("created"):
            return "See the newest contacts", url_for("contact_list.show", sort=Sort.NEWEST)
        return "", ""

    def created_url(self) -> str:
        """Give the address of a list of those who were added and nobody else; empty without one.

        By the import's tag, where it was new and nobody else of the import has got it. Of those
        who were updated no list can be given.
        """
        others = self.count("updated") or self.count("unchanged")
        alone = self.recording and self.reading.tag in self.fact("new_tags") and not others
        return self.people()[1] if alone else ""

    def reasons(self) -> list[tuple[str, int]]:
        """Give why the check refused rows, and how many for it; the most first."""
        counted: dict[str, int] = self.fact("reasons") or {}
        return sorted(counted.items(), key=lambda each: -each[1])

    def channel_urls(self) -> dict[Channel, dict[str, str]]:
        """Give where those who were opted `in` and `out` are listed, by channel.

        By the import's tag: without one, and before it is recorded, no list has them alone. Nor
        those opted out where refused rows said so too, whose people may be no contacts.
        """
        if not (self.recording and self.reading.tag):
            return {}
        states = {"in": State.OPTED_IN}
        if not self.check_number("nos"):
            states["out"] = State.OPTED_OUT
        return {
            c: {name: self._state_url(c, state) for name, state in states.items()} for c in Channel
        }

    def checked_count(self, name: str) -> int:
        """Give a number of the check's result, of what is recorded since where it counts on."""
        since = self.count(name) if name == "refused" and self.recording else 0
        return self.check_number(name) + since

    def fact(self, name: str) -> Any:
        """Give what the check found beside its numbers."""
        return (self.check.result.get(name) if self.check else None) or []

    def by_channel(self) -> list[tuple[Channel, dict[str, int]]]:
        """Give what becomes of consent on each channel that the list speaks of."""
        return [
            (channel, {**counts, "unproven": counts["unproven"] or self._unproven(channel)})
            for channel, counts in self._channels(CHANGES, ".")
        ]

    def any_of(self, word: str) -> bool:
        """Tell whether a word of `by_channel` has a number on any channel."""
        return any(counts[word] for _, counts in self.by_channel())

    def staying(self) -> list[tuple[Channel, int]]:
        """Give how many stay opted out, by channel."""
        found = [(channel, self.count(f"stays.{channel}")) for channel in Channel]
        return [(channel, number) for channel, number in found if number]

    def changes(self) -> list[tuple[str, int]]:
        """Give what would change in contacts that are there, part by part."""
        return [
            (self.label_of(part), number)
            for name, number in sorted(self.task.result.items())
            if (part := name.removeprefix("changes.")) != name
        ]

    def said_attributes(self, row: dict[str, Any]) -> str:
        """Say the attributes of a shown row."""
        said = row["attributes"].items()
        return ", ".join(
            f"{self.label_of(ATTRIBUTE + n)}: {show_value(value)}" for n, value in said
        )

    def row_changes(self) -> dict[int, list[Change]]:
        """Give what the shown rows would change, by the number of the row."""
        return row_changes(self.shown, self.label_of)

    def label_of(self, part: str) -> str:
        """Name a part of a contact, `attr.` before an attribute, as pages call it."""
        return self._labels.get(part) or part.removeprefix(ATTRIBUTE).capitalize()

    def new_attributes(self) -> list[str]:
        """Name the attributes that the list brings, with their kind."""
        known, kinds = {name for name, _ in self.reading.known}, dict(kinds_of_new())
        return [
            f"{self.reading.title_of(place)} ({kinds[f'new.{kind}']})"
            for place, name, kind in self.reading.attributes()
            if kind and name not in known
        ]

    def _state_url(self, channel: Channel, state: State) -> str:
        source, tag = Source.IMPORT, self.reading.tag
        return url_for("audience.show", channel=channel, state=state, source=source, tag=tag)

    @cached_property
    def _labels(self) -> dict[str, str]:
        known = {f"{ATTRIBUTE}{name}": label for name, label in self.reading.known}
        new = {
            f"{ATTRIBUTE}{n}": self.reading.title_of(at) for at, n, _ in self.reading.attributes()
        }
        return new | known

    def _unproven(self, channel: Channel) -> int:
        return self.check_number(f"{channel}.unproven")

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
