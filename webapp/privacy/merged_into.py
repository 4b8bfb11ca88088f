"""Where a contact went who was merged into another."""

from __future__ import annotations

from sqlalchemy import select

from webapp.audit.models import AuditEntry
from webapp.contacts.models import Contact
from webapp.core.db import db


def merged_into(contact_id: int) -> Contact | None:
    """Give the contact that an id became by merging, also by several merges one after the other.

    None where it was never merged, or where the last of them is not there any more. It is read
    from the audit log, which an erasure leaves as it is; ids are never given twice.
    """
    seen: set[int] = set()
    while (kept := _kept(contact_id)) is not None and kept not in seen:
        seen.add(kept)
        contact = db.session.get(Contact, kept)
        if contact is not None:
            return contact
        contact_id = kept
    return None


def _kept(other_id: int) -> int | None:
    return db.session.scalar(
        select(AuditEntry.detail["contact_id"].as_integer())
        .where(
            AuditEntry.action == "contacts.merged",
            AuditEntry.detail["other_id"].as_integer() == other_id,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
