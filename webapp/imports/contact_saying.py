"""What a row of a list of contacts says of consent; pure.

Of several cells about a channel the no counts. A no is never lost for what stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from webapp.contacts.rules import Channel, State
from webapp.imports.contact_cells import read_given
from webapp.imports.contact_fields import CONSENT, CONSENT_ALL, CONSENT_NO, EVIDENCE
from webapp.imports.contact_reading import ContactReading
from webapp.imports.lists import cell_of
from webapp.imports.moments import read_moment
from webapp.imports.rules import Refused, clean
from webapp.imports.words import ASKS_OUT, IN, NO, NOTHING, OUT, UNSUBSCRIBES, YES, fold, read_state

LONGEST_EVIDENCE = 2000
Evidence = tuple[str, datetime, str, str]  # how, when, where, wording


class Said(NamedTuple):
    """What one cell says: a state, and of an opt-out when it was made; None counts from now.

    A `detail` is why or how somebody opted out: when it was is for another cell to say.
    """

    state: State
    moment: datetime | None = None
    detail: bool = False


@dataclass(frozen=True)
class Consents:
    """What a row says of consent, by channel, see `ContactRow`."""

    asks: Mapping[Channel, State] = field(default_factory=dict)
    out_at: Mapping[Channel, datetime] = field(default_factory=dict)
    evidence: Evidence | None = None
    unproven: tuple[Channel, ...] = ()


SILENT = Consents()


class Saying:
    """Reads what the rows of a list say of consent."""

    def __init__(self, reading: ContactReading) -> None:
        self._reading = reading
        self._zone = ZoneInfo(reading.zone)
        self._day_first = reading.day_first is not False
        self._columns = list(_columns(reading))
        self._evidence = [next(iter(reading.places(f"evidence.{n}")), None) for n in EVIDENCE]

    def read(self, row: Sequence[str]) -> Consents:
        """Read what a row says, a yes only with its evidence. Raises Refused."""
        if not self._columns:
            return SILENT
        asks, out_at = _together(self._cells(row, strict=True))
        yes = tuple(channel for channel, state in asks.items() if state is State.OPTED_IN)
        evidence = self._evidence_of(row) if yes else None
        if yes and evidence is None:
            asks = {channel: state for channel, state in asks.items() if channel not in yes}
        return Consents(asks, out_at, evidence, () if evidence else yes)

    def no(self, row: Sequence[str]) -> Consents:
        """Read the no of a row that is refused, whatever else stands in it."""
        asks, out_at = _together(self._cells(row, strict=False))
        return Consents({c: s for c, s in asks.items() if s is State.OPTED_OUT}, out_at)

    def _cells(
        self, row: Sequence[str], *, strict: bool
    ) -> Iterator[tuple[tuple[Channel, ...], Said]]:
        for place, title, channels, either in self._columns:
            try:
                said = read_said(title, cell_of(row, place), self._zone, self._day_first)
            except Refused:
                if strict:
                    raise
                continue
            if said and (either or said.state is State.OPTED_OUT):
                yield channels, said

    def _evidence_of(self, row: Sequence[str]) -> Evidence | None:
        """Give the evidence of a row, its cells before the whole file's; None unless it is whole."""
        how, when, where, wording = (cell_of(row, place) for place in self._evidence)
        given = read_given(when, self._zone, day_first=self._day_first)
        if given is None and self._reading.when:
            given = datetime.fromisoformat(self._reading.when)
        asked = self._reading
        texts = (
            clean(how) or asked.how,
            clean(where) or asked.where,
            clean(wording) or asked.wording,
        )
        if given is None or not all(texts):
            return None
        how, where, wording = (text[:LONGEST_EVIDENCE] for text in texts)
        return how, given, where, wording


def read_said(title: str, cell: str, zone: ZoneInfo, day_first: bool) -> Said | None:
    """Read what a cell says of consent, None where it says nothing. Raises Refused.

    Under a title that speaks of opting out a date is an opt-out of then, and so is whatever else
    stands under one like “Unsubscribe reason”. A no there says that nobody opted out, which is
    not yet that somebody agreed.
    """
    word = fold(cell)
    if not word or word in NOTHING or (len(word) >= 8 and not word.strip("0")):
        return None  # 0000-00-00 is how some databases write no date
    asks = fold(title)
    if ASKS_OUT.search(asks):
        if word in NO:
            return None
        if word not in IN | OUT | YES:
            moment = read_moment(cell, zone, day_first=day_first)
            if moment or UNSUBSCRIBES.search(asks):
                return Said(State.OPTED_OUT, moment, detail=moment is None)
    state = read_state(title, cell, bare=True)
    return Said(state) if state else None


def _together(
    found: Iterator[tuple[tuple[Channel, ...], Said]],
) -> tuple[dict[Channel, State], dict[Channel, datetime]]:
    """Put what several cells say together: a no before a yes, and of two the one that is later."""
    said: dict[Channel, Said] = {}
    for channels, one in found:
        for channel in channels:
            before = said.get(channel)
            said[channel] = _stronger(before, one) if before else one
    asks = {channel: one.state for channel, one in said.items()}
    return asks, {channel: one.moment for channel, one in said.items() if one.moment}


def _stronger(one: Said, other: Said) -> Said:
    if one.state is not other.state:
        return one if one.state is State.OPTED_OUT else other
    if one.detail is not other.detail:
        return other if one.detail else one
    if one.moment is None or other.moment is None:
        return Said(one.state)
    return one if one.moment >= other.moment else other


def _columns(reading: ContactReading) -> Iterator[tuple[int, str, tuple[Channel, ...], bool]]:
    """Give each column about consent: its place and title, its channels, whether a yes counts."""
    for place, target in enumerate(reading.columns or ()):
        if target in (CONSENT_ALL, CONSENT_NO):
            yield place, reading.title_of(place), tuple(Channel), target == CONSENT_ALL
        elif target in CONSENT:
            yield place, reading.title_of(place), (CONSENT[target],), True
