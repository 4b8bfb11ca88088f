"""What a bulk action came to, in words: for its toast, and for the result of its task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from flask import url_for

from webapp.bulk.acts import CANCELLED
from webapp.bulk.asked import Asked, Deed, from_json
from webapp.contacts.rules import Channel, State
from webapp.contacts.tags import MAX_TAGS
from webapp.core.words import counted
from webapp.pages.task_words import Line, Words, tell
from webapp.tasks.models import Task

Counts = Mapping[str, int]

# After a number, on a channel: “12 opted out of SMS”.
ON_A_CHANNEL = {
    Deed.OPT_OUT: {
        "changed": "opted out of {channel}",
        "already": "opted out of {channel} already",
        "no_address": "without an address on {channel}",
        "gone": "no longer there",
    },
    Deed.OPT_IN: {
        "changed": "opted in to {channel}",
        "already": "opted in to {channel} already",
        "stands": "still opted out of {channel}: the opt-out is newer than the consent",
        "no_address": "without an address on {channel}",
        "gone": "no longer there",
    },
}
TAGS = {
    Deed.TAG: {
        "changed": "tagged “{tag}”",
        "already": "tagged “{tag}” already",
        "full": f"left out: they carry {MAX_TAGS} tags already",
        "gone": "no longer there",
    },
    Deed.UNTAG: {
        "changed": "without the tag “{tag}” now",
        "already": "did not carry “{tag}”",
        "gone": "no longer there",
    },
}


def say_done(asked: Asked, counts: Counts) -> str:
    """Say in a sentence what was done at once: “12 opted out of SMS, 3 … already. …”."""
    parts = [f"{number:,} {words}" for _, number, words in _parts(asked, counts)]
    said = f"{'; '.join(parts)}." if parts else "Nobody was left to change."
    return " ".join([said, *([f"{_cancelled(counts)}."] if counts.get(CANCELLED) else [])])


def lines_of(task: Task) -> list[Line]:
    """Give the result of a bulk task, line by line, each number with a link to what it counts."""
    asked = from_json(task.kind, task.params)
    lines = [
        Line(number, words[:1].upper() + words[1:], _link(asked, name))
        for name, number, words in _parts(asked, task.result)
    ]
    if task.result.get(CANCELLED):
        lines.append(
            Line(
                task.result[CANCELLED],
                "Waiting messages cancelled",
                url_for("dispatcher.show", tab="history", status="cancelled", reason="opted_out"),
            )
        )
    return lines


def back_of(task: Task) -> str:
    """Give the address of the list that the task went through."""
    return url_for("audience.show") + _query(task)


def _query(task: Task) -> str:
    return "?" + urlencode([(name, value) for name, value in task.params.get("filters", ())])


def _parts(asked: Asked, counts: Counts) -> Iterator[tuple[str, int, str]]:
    """Give each count's name, number and words, in the order in which they are told."""
    if asked.deed in TAGS:
        for name, words in TAGS[asked.deed].items():
            if counts.get(name):
                yield name, counts[name], words.format(tag=asked.tag)
        return
    for channel in asked.channels:
        for outcome, words in ON_A_CHANNEL[asked.deed].items():
            name = f"{channel}.{outcome}"
            if counts.get(name):
                yield name, counts[name], words.format(channel=channel.label)


def _link(asked: Asked, name: str) -> str:
    """Give where the contacts stand that a count is of, as far as a list can say it."""
    if asked.deed in TAGS:
        return url_for("audience.show", tag=asked.tag) if asked.deed is Deed.TAG else ""
    word, _, outcome = name.partition(".")
    out = asked.deed is Deed.OPT_OUT or outcome == "stands"
    if outcome in ("gone", "no_address"):
        return ""
    state = State.OPTED_OUT if out else State.OPTED_IN
    return url_for("audience.show", channel=Channel(word), state=state, sort="-changed")


def _cancelled(counts: Counts) -> str:
    number = counts[CANCELLED]
    return counted(number, "waiting message was cancelled", "waiting messages were cancelled")


tell("bulk.", Words(lines_of, back_of))
