"""The audit log in words: each action as a sentence, of which kind it is, and what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.pages.audit_sentences import (
    EMPTY,
    Detail,
    Say,
    bulk,
    bulk_started,
    evidence_read,
    exported,
    imported,
    journal_taken_in,
    labelled,
    ledger_rebuilt,
    mailed,
    marketing_held,
    named,
    of_contact,
    of_file,
    on_contacts,
    plain,
    policy_enforced,
    tag_renamed,
    user_changed,
    with_role,
)
from webapp.pages.policy_words import label_of

KINDS = {
    "settings": "Settings",
    "users": "Users and tokens",
    "people": "Erasures and merges",
    "exports": "Exports and evidence",
    "imports": "Imports",
    "bulk": "Bulk actions",
    "segments": "Segments, tags, attributes",
    "work": "Tasks and opportunities",
    "ledger": "The ledger and backups",
}


@dataclass(frozen=True)
class Changed:
    """A value that an act changed: what it is called, what it was, and what it is."""

    label: str
    before: str
    after: str


ACTS: dict[str, tuple[str, Say]] = {
    "keywords.changed": ("settings", plain("Changed the Opt-In/Opt-Out settings")),
    "consent_policy.changed": ("settings", plain("Changed the consent policy")),
    "consent_policy.enforced": ("settings", policy_enforced),
    "user.added": ("users", with_role("Added the user {name} as {role}")),
    "user.changed": ("users", user_changed),
    "user.disabled": ("users", named("Closed the account of {name}")),
    "user.enabled": ("users", named("Opened the account of {name} again")),
    "user.password_reset": ("users", named("Gave {name} a new password")),
    "token.created": ("users", with_role("Made the API token {name} with the role {role}")),
    "contact.erased": ("people", of_contact("Erased contact {id}")),
    "contacts.merged": ("people", of_contact("Merged contact {other} into contact {id}")),
    "audience.exported": ("exports", exported("contacts")),
    "contacts.exported": ("exports", exported("contacts", all_channels=True)),
    "exclusions.exported": ("exports", exported("the exclusion list")),
    "audit_log.exported": ("exports", exported("the audit log")),
    "exports.downloaded": ("exports", of_file("Downloaded the export “{file}”")),
    "task.file_downloaded": ("exports", of_file("Downloaded “{file}”")),
    "exports.planned": ("exports", mailed("Planned the export “{name}” to {to}")),
    "exports.plan_changed": ("exports", mailed("Changed the planned export “{name}” to {to}")),
    "exports.plan_paused": ("exports", named("Paused the planned export “{name}”")),
    "exports.plan_resumed": ("exports", named("Resumed the planned export “{name}”")),
    "exports.plan_deleted": ("exports", named("Deleted the planned export “{name}”")),
    "exports.sent_now": ("exports", mailed("Sent the planned export “{name}” now, to {to}")),
    "exports.mailed": ("exports", mailed("Mailed the export “{name}” to {to}")),
    "evidence.read": ("exports", evidence_read),
    "opt_outs.uploaded": ("imports", of_file("Uploaded the opt-outs “{file}”")),
    "opt_outs.confirmed": ("imports", of_file("Confirmed the import of the opt-outs “{file}”")),
    "opt_outs.imported": ("imports", imported("opt-outs")),
    "contacts.uploaded": ("imports", of_file("Uploaded the contacts “{file}”")),
    "contacts.import_confirmed": (
        "imports",
        of_file("Confirmed the import of the contacts “{file}”"),
    ),
    "contacts.imported": ("imports", imported("contacts")),
    "bulk.started": ("bulk", bulk_started),
    "bulk.opted_out": ("bulk", bulk("Opted out")),
    "bulk.opted_in": ("bulk", bulk("Opted in")),
    "bulk.tagged": ("bulk", bulk("Tagged")),
    "bulk.untagged": ("bulk", bulk("Took away the tag")),
    "segment.saved": ("segments", named("Saved the segment “{name}”")),
    "segment.renamed": ("segments", named("Renamed a segment to “{name}”")),
    "segment.updated": (
        "segments",
        lambda d: f"Changed the filters of segment {d.get('segment_id') or EMPTY}",
    ),
    "segment.deleted": ("segments", named("Deleted the segment “{name}”")),
    "attribute.added": ("segments", labelled("Added the attribute “{label}”")),
    "attribute.edited": ("segments", labelled("Changed the attribute “{label}”")),
    "attribute.deleted": ("segments", labelled("Deleted the attribute “{label}”")),
    "attribute.cleared": ("segments", named("Removed the values of the attribute “{name}”")),
    "tag.added": ("segments", named("Added the tag “{name}”")),
    "tag.renamed": ("segments", tag_renamed),
    "tag.deleted": ("segments", on_contacts("Deleted the tag “{name}”")),
    "tag.deletion_started": ("segments", on_contacts("Began to delete the tag “{name}”")),
    "tag.merged": ("segments", on_contacts("Merged the tag “{name}” into “{into}”")),
    "tag.merging_started": ("segments", on_contacts("Began to merge “{name}” into “{into}”")),
    "task.cancelled": ("work", plain("Cancelled a task")),
    "opportunity.deleted": ("work", of_contact("Deleted an opportunity of contact {id}")),
    "marketing.held": ("ledger", marketing_held),
    "marketing.released": (
        "ledger",
        lambda detail: f"Let marketing go on: {detail.get('because') or EMPTY}",
    ),
    "ledger.rebuilt": ("ledger", ledger_rebuilt),
    "journal.taken_in": ("ledger", journal_taken_in),
    "demo.loaded": ("ledger", plain("Loaded the demo data")),
}
# Acts that name a contact: by id, by a list of ids, or by the key of an address.
OF_CONTACTS = (
    "contact.erased",
    "contacts.merged",
    "opportunity.deleted",
    "evidence.read",
    "bulk.opted_out",
    "bulk.opted_in",
    "bulk.tagged",
    "bulk.untagged",
)
LABELS = {
    "enabled": "Read replies for these words",
    "opt_out": "Opt-out words",
    "opt_in": "Opt-in words",
    "help": "Help words",
    "confirmation": "Answer to an opt-out",
    "opt_in_reply": "Answer to an opt-in",
    "help_reply": "Help text",
    "role": "Role",
    "name": "Name",
    "label": "Label",
    "kind": "Type",
    "choices": "Choices",
}


def sentence(action: str, detail: Detail) -> str:
    """Say what an entry tells of; of an action that is not known here, its own words."""
    known = ACTS.get(action)
    return known[1](detail) if known else action.replace(".", ": ").replace("_", " ").capitalize()


def actions_of(kind: str) -> tuple[str, ...]:
    """Give the actions of a kind; none where nobody knows it."""
    return tuple(action for action, (of, _) in ACTS.items() if of == kind)


def changed(detail: Detail) -> list[Changed]:
    """Give what an entry says was one thing before and is another after."""
    before, after = detail.get("before"), detail.get("after", detail)
    if not isinstance(before, dict) or not isinstance(after, Mapping):
        return []
    if after is detail:  # what it is now stands in the entry itself
        after = (
            {name: detail[name] for name in before} if before.keys() <= detail.keys() else before
        )
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [Changed(_label(n), _shown(before.get(n)), _shown(after.get(n))) for n in names]


def contact_of(action: str, detail: Detail) -> int | None:
    """Give the id of the contact that an entry is about, if it is about one."""
    number = detail.get("contact_id")
    return number if action in OF_CONTACTS and type(number) is int else None


def _label(name: str) -> str:
    return LABELS.get(name) or label_of(name)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or EMPTY
    return EMPTY if value in (None, "") else str(value)
