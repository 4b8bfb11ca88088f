"""Contacts, their attributes, tags and timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, String, false, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from webapp.accounts.rules import ActorKind
from webapp.contacts.folding import fold_name
from webapp.contacts.rules import Addressed, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import Base, enum_type
from webapp.core.dialect import BigId, Json, UtcDateTime

STATE = enum_type(State)
SOURCE = enum_type(Source)
# Compared byte by byte on both databases, so that one order and one index serve everywhere.
FOLDED = String(200).with_variant(String(200, collation="C"), "postgresql")


def _folded(context: DefaultExecutionContext) -> str:
    """Give the folded name of a row that is inserted past the model's own attribute."""
    given: dict[str, Any] = context.get_current_parameters()
    return fold_name(given.get("name") or "")


class Contact(Addressed, Base):
    """A person, with the read copy of their consent on each channel.

    The columns `<channel>_state`, `_changed_at`, `_source` and `_held` are the copy: written by
    consent.service in the transaction of the change, read by lists, never by a rule.
    `name_folded` is the name without case and accents, which lists sort and search by.
    """

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    name_folded: Mapped[str] = mapped_column(FOLDED, default=_folded)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    whatsapp_id: Mapped[str | None] = mapped_column(String(140), unique=True)
    phone_key: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    email_key: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    whatsapp_id_key: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    attributes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    email_state: Mapped[State] = mapped_column(STATE, default=State.UNKNOWN)
    email_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    email_source: Mapped[Source | None] = mapped_column(SOURCE)
    email_held: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    sms_state: Mapped[State] = mapped_column(STATE, default=State.UNKNOWN)
    sms_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sms_source: Mapped[Source | None] = mapped_column(SOURCE)
    sms_held: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    voice_state: Mapped[State] = mapped_column(STATE, default=State.UNKNOWN)
    voice_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voice_source: Mapped[Source | None] = mapped_column(SOURCE)
    voice_held: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    whatsapp_state: Mapped[State] = mapped_column(STATE, default=State.UNKNOWN)
    whatsapp_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    whatsapp_source: Mapped[Source | None] = mapped_column(SOURCE)
    whatsapp_held: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    tags: Mapped[list[Tag]] = relationship(
        secondary="contact_tags", order_by="Tag.name", lazy="selectin"
    )

    __table_args__ = (
        Index("ix_contacts_name", "name_folded", "id"),
        *(Index(f"ix_contacts_{c}_state", f"{c}_state", "id") for c in Channel),
        # Of the few on hold alone.
        *(
            Index(
                f"ix_contacts_{c}_held",
                "id",
                postgresql_where=text(f"{c}_held"),
                sqlite_where=text(f"{c}_held = 1"),
            )
            for c in Channel
        ),
        # With source and state, so that a filter by them needs no look at the contacts.
        *(
            Index(f"ix_contacts_{c}_changed", f"{c}_changed_at", "id", f"{c}_source", f"{c}_state")
            for c in Channel
        ),
    )

    @validates("name")
    def _fold(self, _attribute: str, name: str) -> str:
        self.name_folded = fold_name(name)
        return name

    def state(self, channel: Channel) -> State:
        """Give the copied state on `channel`, for display."""
        state: State = getattr(self, f"{channel}_state")
        return state


class FormerAddress(Base):
    """An address key that a contact once had: what was said there still counts for them.

    Only the key is kept. It is forgotten with the contact.
    """

    __tablename__ = "former_addresses"

    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, index=True)
    kind: Mapped[AddressKind] = mapped_column(enum_type(AddressKind))
    until: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Tag(Base):
    """A label on contacts; names differ by more than case."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    folded: Mapped[str] = mapped_column(String(64), unique=True)


class ContactTag(Base):
    """Which contact carries which tag."""

    __tablename__ = "contact_tags"

    tag_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True
    )
    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class AttributeDefinition(Base):
    """An attribute that contacts may have: its name in data, label, type and choices."""

    __tablename__ = "attribute_definitions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20), default="text")
    choices: Mapped[list[str]] = mapped_column(Json, default=list)


class Activity(Base):
    """One line of a contact's timeline."""

    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(BigId, ForeignKey("contacts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    actor_kind: Mapped[ActorKind] = mapped_column(enum_type(ActorKind))
    actor_id: Mapped[int | None] = mapped_column(BigId)
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    __table_args__ = (Index("ix_activities_contact", "contact_id", "id"),)
