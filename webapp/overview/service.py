"""The overview's parts: what is quick to read is read, what takes long is counted and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from webapp.consent.models import ConsentEventDetail, ConsentState
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel
from webapp.contacts.sinks import PREFIX
from webapp.core import clock
from webapp.core.db import db
from webapp.events.service import change_number
from webapp.figures import service as figures
from webapp.figures.service import Counted, Figure
from webapp.overview import opt_outs, states, stopped
from webapp.overview.opt_outs import OptOuts
from webapp.overview.states import ChannelStates
from webapp.overview.stopped import Stopped

Content = TypeVar("Content")
# How a figure is asked for: by its name, what counts it, and what it is about.
Ask = Callable[[str, Callable[[], Counted], str], Figure | None]


@dataclass(frozen=True)
class Part(Generic[Content]):
    """A part of the page as it was counted; `exact` where nothing can have changed since."""

    content: Content
    counted_at: datetime
    exact: bool

    @property
    def age(self) -> int:
        """How many seconds ago it was counted."""
        return int((clock.now() - self.counted_at).total_seconds())


def as_kept(number: str) -> Ask:
    """Ask for figures as they are kept, never waiting for a long count; `number` is that of now."""
    return lambda name, count, about: figures.at_once(name, number, count, about=about)


def up_to_date(name: str, count: Callable[[], Counted], about: str) -> Figure | None:
    """Ask for a figure, counted again where it has moved. Ends the open transaction."""
    return figures.up_to_date(name, change_number, count, about=about)


def states_part(ask: Ask) -> Part[list[ChannelStates]] | None:
    """Give who is in and out, on each channel; None while it is first counted."""
    return _part(ask(states.NAME, states.count_states, ""), states.read_states)


def opt_outs_part(
    ask: Ask, today: date, zone: ZoneInfo, channel: Channel, days: int
) -> Part[OptOuts] | None:
    """Give a channel's opt-outs by day and source; None while they are first counted."""
    count = partial(opt_outs.count_opt_outs, today, zone)
    figure = ask(f"opt-outs {zone.key}", count, today.isoformat())
    return _part(figure, lambda value: opt_outs.read_opt_outs(value, channel, days))


def stopped_part(ask: Ask, today: date, zone: ZoneInfo) -> Part[Stopped] | None:
    """Give what consent stopped in the last seven days; None while it is first counted."""
    count = partial(stopped.count_stopped, today, zone)
    figure = ask(f"stopped {zone.key}", count, today.isoformat())
    return _part(figure, stopped.read_stopped)


def nobody_yet() -> bool:
    """Tell whether neither a contact nor anybody's consent is known."""
    if db.session.scalar(select(Contact.id).limit(1)) is not None:
        return False
    # A drill's address is nobody's, and each day has another one.
    address = func.coalesce(ConsentEventDetail.address, "")
    known = (
        select(ConsentState.key)
        .outerjoin(ConsentEventDetail, ConsentEventDetail.event_id == ConsentState.event_id)
        .where(address.not_like(f"{PREFIX}%"))
    )
    return db.session.scalar(known.limit(1)) is None


def _part(figure: Figure | None, read: Callable[[Any], Content]) -> Part[Content] | None:
    return Part(read(figure.value), figure.counted_at, figure.exact) if figure else None
