"""The read copy of consent beside a contact: written with each change, never decided from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.core.db import db


def write_copy(
    contact_id: int,
    channel: Channel,
    state: State,
    changed_at: datetime | None,
    source: Source | None,
    held: bool,
) -> None:
    """Set what lists show for one contact and channel, in the transaction of the change."""
    db.session.execute(
        update(Contact)
        .where(Contact.id == contact_id)
        .values(
            {
                f"{channel}_state": state,
                f"{channel}_changed_at": changed_at,
                f"{channel}_source": source,
                f"{channel}_held": held,
            }
        )
        .execution_options(synchronize_session=False)
    )
