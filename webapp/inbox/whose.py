"""Whose a conversation is: that of the contact who has its address now, whoever had it before."""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, or_

from webapp.contacts.addresses import KEY_COLUMNS
from webapp.contacts.conditions import CONTACTS


def has_it(of: FromClause) -> ColumnElement[bool]:
    """Give the condition that a contact has the address of a row of `of` now: at most one does.

    The contact whom the conversation was kept for may have left the address since: an edit, a
    merge. What is said and wanted there is then not theirs any more.
    """
    return or_(*(CONTACTS.c[column.key] == of.c.key for column in KEY_COLUMNS.values()))


def has_or_had_it(of: FromClause) -> ColumnElement[bool]:
    """Give the condition that a contact has the address of a row of `of`, or that it was kept for them.

    For finding alone: who had it is not whom the conversation is with.
    """
    return or_(has_it(of), CONTACTS.c.id == of.c.contact_id)
