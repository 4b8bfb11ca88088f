"""Duplicates: pairs of contacts who are likely one person, and what merging each would make."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.contacts.duplicates import Found, find_pairs
from webapp.contacts.likeness import Likeness
from webapp.contacts.models import Contact
from webapp.contacts.rules import AddressKind
from webapp.contacts.standings import Stand
from webapp.core.db import db
from webapp.core.errors import Invalid
from webapp.core.web import address_of, page_or_fragment
from webapp.events.service import change_number
from webapp.pages.consent_marks import marks_of
from webapp.pages.list_view import query_text
from webapp.pages.merge_words import Why, whys_of
from webapp.privacy.merge_plan import Plan, plans_of

blueprint = Blueprint("contact_duplicates", __name__)


@dataclass(frozen=True)
class Pair:
    """Two contacts, the older first, and what they would become."""

    keep: Contact
    other: Contact
    plan: Plan

    @cached_property
    def whys(self) -> list[Why]:
        """Why each channel would become what it does, where that does not explain itself."""
        return whys_of(self.plan)

    def marks(self, contact: Contact) -> Markup:
        """Give the marks of one of the two."""
        stands = {
            stand.channel: Stand(
                stand.ours if contact is self.keep else stand.theirs,
                getattr(contact, f"{stand.channel}_held"),
            )
            for stand in self.plan.stands
        }
        return marks_of(stands, contact.phone, contact.email, contact.whatsapp_id).html

    def together(self) -> Markup:
        """Give the marks of what they would become."""
        stands = {one.channel: Stand(one.after, one.held) for one in self.plan.stands}
        addresses = self.plan.addresses
        phone, email, other = (
            address.value if (address := addresses.get(kind)) else None
            for kind in (AddressKind.PHONE, AddressKind.EMAIL, AddressKind.WHATSAPP_ID)
        )
        return marks_of(stands, phone, email, other).html


@dataclass(frozen=True)
class View:
    """A page of pairs that are alike in one way."""

    likeness: Likeness
    cursor: str | None
    found: Found
    pairs: list[Pair]

    @property
    def here(self) -> str:
        """The address of this page."""
        return _address(self.likeness, self.cursor)

    @property
    def older(self) -> str:
        """The address of where to look further; empty where everybody was looked at."""
        return _address(self.likeness, self.found.cursor) if self.found.cursor else ""

    def by(self, likeness: Likeness) -> str:
        """Give the address of those who are alike in another way."""
        return _address(likeness)


@blueprint.get("/contacts/duplicates")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show pairs who are likely one person, by what the address says that they have in common.

    Where it says nothing, by the strongest sign that anybody is found by.
    """
    by, cursor = request.args.get("by", ""), request.args.get("cursor")
    if by and by not in set(Likeness):
        raise Invalid(f"“{by[:40]}” is none of: {', '.join(Likeness)}.", field="by")
    number = change_number()
    if by or cursor:
        likeness = Likeness(by or Likeness.NAME)
        found = find_pairs(likeness, cursor)
    else:
        likeness, found = _strongest()
    view = View(likeness, cursor, found, _pairs(found))
    return page_or_fragment(
        "contact_list/duplicates_page.html",
        "contact_list/duplicates.html",
        view=view,
        likenesses=Likeness,
        change_number=number,
    )


def _strongest() -> tuple[Likeness, Found]:
    """Look for one sign after another, each no further than a page; the last if none shows."""
    for likeness in Likeness:
        found = find_pairs(likeness, None)
        if found.pairs:
            break
    return likeness, found


def _pairs(found: Found) -> list[Pair]:
    """Read the contacts of the pairs; one that has just been merged away is left out."""
    ids = {contact_id for pair in found.pairs for contact_id in pair}
    people = {one.id: one for one in db.session.scalars(select(Contact).where(Contact.id.in_(ids)))}
    pairs = [(people[a], people[b]) for a, b in found.pairs if a in people and b in people]
    return [Pair(*two, plan) for two, plan in zip(pairs, plans_of(pairs), strict=True)]


def _address(likeness: Likeness, cursor: str | None = None) -> str:
    params = [("by", likeness.value)]
    params += [("cursor", cursor)] if cursor else []
    return address_of("contact_duplicates.show") + query_text(params)
