"""Who was erased: by key alone, so that a restored backup can be made to forget again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from webapp.accounts.rules import ActorKind
from webapp.core import clock
from webapp.core.db import Base, enum_type
from webapp.core.dialect import BigId, Json, UtcDateTime


class Erasure(Base):
    """One erasure: `keys` are the hex address keys that the contact had, `counts` what went.

    `event_ids` are consent events under other keys that stood on the contact's timeline, as those
    of an address that is not theirs any more: their details went as well.
    """

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(BigId)
    keys: Mapped[list[str]] = mapped_column(Json, default=list)
    event_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    actor_kind: Mapped[ActorKind] = mapped_column(enum_type(ActorKind))
    actor_id: Mapped[int | None] = mapped_column(BigId)
