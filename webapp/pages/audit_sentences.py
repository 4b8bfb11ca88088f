"""The sentences of the audit log, each made of what an entry kept.

An erasure may have put “(erased)” in the place of any text, and entries of old may lack a part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from webapp.contacts.rules import Channel
from webapp.core.words import counted, listed

Detail = Mapping[str, Any]
Say = Callable[[Detail], str]
EMPTY = "–"
OF_A_CHANNEL = ("state", "source", "last", "from", "to")  # filters that look at one channel


def plain(text: str) -> Say:
    """Give a sentence that is always the same."""
    return lambda _detail: text


def named(text: str) -> Say:
    """Put the entry's own name into a sentence; “(erased)” where it named an erased person."""
    return lambda detail: text.format(name=detail.get("name") or EMPTY)


def of_file(text: str) -> Say:
    """Put the file’s name into a sentence."""
    return lambda detail: text.format(file=detail.get("file") or EMPTY)


def of_contact(text: str) -> Say:
    """Put the ids of contacts into a sentence."""
    return lambda d: text.format(id=d.get("contact_id") or EMPTY, other=d.get("other_id") or EMPTY)


def _number(detail: Detail, name: str) -> int:
    value = detail.get(name)
    return value if isinstance(value, int) else 0


def _channels(names: Any) -> str:
    known = [Channel(name).label for name in names or () if name in set(Channel)]
    return listed(known)


def exported(what: str, *, all_channels: bool = False) -> Say:
    """Say which list was taken along, as what, with which filters.

    A list of `all_channels` names a channel only beside what is asked of it.
    """

    def say(detail: Detail) -> str:
        pairs = [pair for pair in detail.get("asked") or () if len(pair) == 2]
        if all_channels and not any(name in OF_A_CHANNEL for name, _ in pairs):
            pairs = [pair for pair in pairs if pair[0] != "channel"]
        filters = [f"{name}: {_value(name, value)}" for name, value in pairs]
        kind = {"csv": "CSV", "xlsx": "Excel"}.get(str(detail.get("file")), "file")
        return f"Exported {what} as {kind}" + (f" ({', '.join(filters)})" if filters else "")

    return say


def _value(name: Any, value: Any) -> str:
    known = name == "channel" and value in set(Channel)
    return Channel(value).label if known else str(value)


def bulk(did: str) -> Say:
    """Say what was done to how many contacts, with its tag or channels."""

    def say(detail: Detail) -> str:
        asked = detail.get("asked") or {}
        many = len(detail.get("ids") or ()) or sum(
            n for name, n in (detail.get("counts") or {}).items() if name != "cancelled"
        )
        on = _channels(asked.get("channels"))
        tag = f" “{asked['tag']}”" if asked.get("tag") else ""
        said = f"{did}{tag}: {counted(many, 'contact')}"
        return said + (f", on {on}" if on else "")

    return say


def bulk_started(detail: Detail) -> str:
    """Say what was begun to many contacts."""
    deed = {
        "bulk.opt_out": "opt out",
        "bulk.opt_in": "opt in",
        "bulk.tag": "tag",
        "bulk.untag": "untag",
    }.get(str(detail.get("kind")), "change")
    return f"Began to {deed} {counted(_number(detail, 'people'), 'contact')}"


def imported(what: str) -> Say:
    """Say what an import came to."""

    def say(detail: Detail) -> str:
        numbers = [
            f"{str(name).replace('_', ' ')} {value:,}"
            for name, value in detail.items()
            if name != "task_id" and type(value) is int and value
        ]
        said = f"Imported {what} from “{detail.get('file') or EMPTY}”"
        return said + (f": {', '.join(numbers)}" if numbers else "")

    return say


def mailed(text: str) -> Say:
    """Put a planned export and who gets it into a sentence."""

    def say(detail: Detail) -> str:
        to = ", ".join(map(str, detail.get("recipients") or ())) or EMPTY
        return text.format(name=detail.get("name") or EMPTY, to=to)

    return say


def policy_enforced(detail: Detail) -> str:
    """Say what a stricter policy cancelled."""
    on = _channels(detail.get("channels"))
    messages = counted(_number(detail, "cancelled"), "waiting message")
    return f"The stricter policy cancelled {messages} on {on}"


def marketing_held(detail: Detail) -> str:
    """Say why all marketing was held."""
    messages = counted(_number(detail, "cancelled"), "message")
    return f"Held all marketing: {detail.get('because') or EMPTY} ({messages} cancelled)"


def journal_taken_in(detail: Detail) -> str:
    """Say what a journal brought."""
    parts = (("opt_outs", "opt-out"), ("opt_ins", "opt-in"), ("erasures", "erasure"))
    said = listed([counted(_number(detail, name), word) for name, word in parts])
    return f"Took in a journal: {said}"


def ledger_rebuilt(detail: Detail) -> str:
    """Say what a rebuilding found."""
    states = counted(_number(detail, "states"), "state")
    return f"Rebuilt the consent states from the ledger: {states} differed"


def evidence_read(detail: Detail) -> str:
    """Say whose evidence was read; the key stands for the address."""
    form = {"json": "as JSON", "api": "by the API"}.get(str(detail.get("form")), "as a page")
    key = str(detail.get("key") or EMPTY)
    return f"Read the evidence pack of the address with key {key[:12]}… {form}"


def with_role(text: str) -> Say:
    """Put a name and its role into a sentence."""
    return lambda d: text.format(name=d.get("name") or EMPTY, role=d.get("role") or EMPTY)


def tag_renamed(detail: Detail) -> str:
    """Say what a tag was called and is."""
    before = detail.get("before")
    said = before if isinstance(before, str) else EMPTY
    return f"Renamed the tag “{said}” to “{detail.get('name') or EMPTY}”"


def labelled(text: str) -> Say:
    """Put an attribute’s label into a sentence."""
    return lambda d: text.format(label=d.get("label") or d.get("name") or EMPTY)


def on_contacts(text: str) -> Say:
    """Say what was done to a tag, and how many carried it."""

    def say(detail: Detail) -> str:
        said = text.format(name=detail.get("name") or EMPTY, into=detail.get("into") or EMPTY)
        return f"{said}, on {counted(_number(detail, 'contacts'), 'contact')}"

    return say


def user_changed(detail: Detail) -> str:
    """Say whose account was changed."""
    before = detail.get("before")
    return f"Changed the account of {before.get('name') if isinstance(before, dict) else EMPTY}"
