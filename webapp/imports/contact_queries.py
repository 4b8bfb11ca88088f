"""Reading imports of contacts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from webapp.contacts.owners import TABLE
from webapp.core.db import run
from webapp.imports import contact_checking, contact_recording
from webapp.imports.contact_fields import ATTRIBUTE
from webapp.imports.uploads import task_of
from webapp.tasks.models import Task

KINDS = (contact_checking.KIND, contact_recording.KIND)


def upload_of(task_id: int) -> Task:
    """Give a task that checks or records a list of contacts. Raises NotFound."""
    return task_of(task_id, KINDS, "That import is not there.")


def standing(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Give what stands in contacts now, by id; who is no longer there is left out.

    By the names that a check gives to changes: `name`, `phone`, `email`, `attr.` and an attribute.
    """
    columns = (TABLE.c.name, TABLE.c.phone, TABLE.c.email)
    query = select(TABLE.c.id, TABLE.c.attributes, *columns).where(TABLE.c.id.in_(ids))
    names = [column.name for column in columns]
    return {
        contact_id: dict(zip(names, parts, strict=True))
        | {f"{ATTRIBUTE}{name}": value for name, value in attributes.items()}
        for contact_id, attributes, *parts in (run(query) if ids else ())
    }
