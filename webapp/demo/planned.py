"""Messages that wait for the next days; all of them may leave when their time comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from webapp.contacts.rules import Channel, State
from webapp.conversations.queries import WINDOW
from webapp.demo.ledger import Row
from webapp.demo.pen import Pen
from webapp.demo.talks import FOLLOW_UPS
from webapp.demo.templates import APPOINTMENT_REMINDER, ORDER_UPDATE
from webapp.outbox.rules import Origin

QUARTER = timedelta(minutes=15)
SOONEST = timedelta(minutes=25)
FURTHEST = 6 * 96  # quarters of an hour
TEXTED = 0.15  # of those who wrote within the last day
SERVICE = (ORDER_UPDATE, APPOINTMENT_REMINDER)


def planned(pen: Pen) -> Iterator[Row]:
    """Give what is scheduled for a person with a number; also for those who wait for review."""
    if pen.person.phone is None:
        return
    held, soon = pen.life.waits_for_review, pen.rng.randrange(16)
    if pen.life.chat and _is_open(pen, soon) and pen.rng.random() < TEXTED:
        text = FOLLOW_UPS[pen.person.attributes["language"]]
        yield pen.text(Origin.SCHEDULED, text, _lately(pen), _ahead(pen, soon))
    elif held or pen.rng.random() < pen.person.pace.planned:
        at = _by_day(_ahead(pen, min(pen.rng.randrange(FURTHEST), pen.rng.randrange(FURTHEST))))
        ledger = pen.life.ledgers.get(Channel.WHATSAPP)
        wanted = ledger is not None and ledger.standing.state is State.OPTED_IN
        offers = wanted and (held or pen.rng.random() < 0.7)
        template = pen.offer() if offers else pen.rng.choice(SERVICE)
        yield pen.template(template, Origin.SCHEDULED, _lately(pen), at)


def _ahead(pen: Pen, quarters: int) -> datetime:
    """Give the time that is so many quarters of an hour ahead, but for the soonest."""
    return _quarter(pen.cast.now + SOONEST + QUARTER * quarters)


def _is_open(pen: Pen, quarters: int) -> bool:
    """Tell whether free text may still go then, to somebody who wrote."""
    if pen.was_out(pen.cast.now) or pen.life.waits_for_review:
        return False
    return max(said.at for said in pen.life.chat) + WINDOW > _ahead(pen, quarters) + QUARTER


def _lately(pen: Pen) -> datetime:
    """Give a moment after everything that bears on the person's consent."""
    last = pen.life.standing_at(pen.cast.now)
    some_time_ago = pen.cast.now - timedelta(hours=pen.rng.randrange(1, 40))
    known = max(some_time_ago, pen.person.created_at, *([last.at] if last else []))
    return known + timedelta(minutes=2)


def _by_day(moment: datetime) -> datetime:
    """Move what would arrive in the small hours (UTC) into the day."""
    return moment + timedelta(hours=9) if moment.hour < 7 else moment


def _quarter(moment: datetime) -> datetime:
    """Give the next full quarter of an hour: the times that people choose."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second)
    return moment.replace(microsecond=0) - past + QUARTER
