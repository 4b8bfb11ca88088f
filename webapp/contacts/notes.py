"""What people write down about a contact, on their timeline."""

from __future__ import annotations

from webapp.accounts.rules import Actor
from webapp.contacts.activities import note
from webapp.contacts.models import Activity
from webapp.contacts.queries import contact_of
from webapp.core.db import db
from webapp.core.errors import Forbidden, Invalid, NotFound

KIND = "note"
LONGEST = 4000  # characters


def add_note(contact_id: int, text: str, actor: Actor) -> None:
    """Write a note about a contact, in the open transaction.

    It is erased with them. Raises NotFound, or Invalid (field `note`) for one that is empty or
    longer than LONGEST characters.
    """
    contact_of(contact_id)
    said = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not said:
        raise Invalid("Write something first.", field="note")
    if len(said) > LONGEST:
        raise Invalid(f"A note has at most {LONGEST:,} characters.", field="note")
    note(contact_id, KIND, actor, text=said)


def remove_note(contact_id: int, note_id: int, actor: Actor, *, anybodys: bool) -> None:
    """Remove a note, in the open transaction: one's own, or `anybodys`.

    Raises NotFound, or Forbidden for somebody else's.
    """
    found = db.session.get(Activity, note_id)
    if found is None or found.kind != KIND or found.contact_id != contact_id:
        raise NotFound("That note is not there any more.")
    if not anybodys and (found.actor_kind, found.actor_id) != (actor.kind, actor.id):
        raise Forbidden("Only who wrote a note, or an admin, can remove it.")
    db.session.delete(found)
