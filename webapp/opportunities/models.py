"""The table of opportunities."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Date, Dialect, ForeignKey, Index, String, Text, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column, validates

from webapp.contacts.folding import fold_name
from webapp.core import clock
from webapp.core.db import Base, enum_type
from webapp.core.dialect import BigId, UtcDateTime
from webapp.opportunities.rules import Stage

NO_AMOUNT = -1
HUNDRED = Decimal(100)


class Money(TypeDecorator[Decimal]):
    """An amount, kept as whole hundredths: exact on both databases, also when added up.

    None is kept as a number below nought, so that every row has a place in the order.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> int:
        """Give the hundredths."""
        return NO_AMOUNT if value is None else int(value * HUNDRED)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> Decimal | None:
        """Give the amount back; a sum of nothing is none."""
        return None if value is None or value < 0 else round(Decimal(value) / HUNDRED, 2)


class DayOrNever(TypeDecorator[date]):
    """A day; None is kept as the last there is, so that what has no day comes after all."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: date | str | None, _dialect: Dialect) -> date:
        """Give the day to keep; a text is one of a cursor."""
        return date.fromisoformat(value) if isinstance(value, str) else value or date.max

    def process_result_value(self, value: date | None, _dialect: Dialect) -> date | None:
        """Give the day back."""
        return None if value == date.max else value


class Opportunity(Base):
    """A deal with a contact. `folded` is its name without case and accents, for searching.

    `stage_at` is when it came to its stage, `owner_id` the user who looks after it.
    """

    __tablename__ = "opportunities"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(BigId, ForeignKey("contacts.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200))
    stage: Mapped[Stage] = mapped_column(enum_type(Stage), default=Stage.NEW)
    amount: Mapped[Decimal | None] = mapped_column(Money, nullable=False)
    currency: Mapped[str] = mapped_column(String(3))
    owner_id: Mapped[int | None] = mapped_column(BigId)
    expected_on: Mapped[date | None] = mapped_column(DayOrNever, nullable=False)
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    stage_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    __table_args__ = (
        Index("ix_opportunities_contact", "contact_id", "id"),
        Index("ix_opportunities_stage", "stage", "updated_at", "id"),
        Index("ix_opportunities_updated", "updated_at", "id"),
        Index("ix_opportunities_amount", "amount", "id"),
        Index("ix_opportunities_expected", "expected_on", "id"),
        Index("ix_opportunities_stage_amount", "stage", "amount", "id"),
        Index("ix_opportunities_stage_expected", "stage", "expected_on", "id"),
        Index("ix_opportunities_owner", "owner_id", "updated_at", "id"),
        # Covering: the sums by stage are added up by it alone.
        Index("ix_opportunities_sums", "stage", "currency", "amount", "owner_id"),
    )

    @validates("name")
    def _fold(self, _attribute: str, name: str) -> str:
        self.folded = fold_name(name)
        return name
