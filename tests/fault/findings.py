"""What a run must have kept: pure checks over what the provider, the doors and the rows say."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from webapp.outbox.rules import ENDS, Origin, Status

NEVER = math.inf
# What the provider said of a request that it did not take: the message may come again.
REFUSED = frozenset({"busy", "throttled"})
NOT_ANSWERED = frozenset({"cut off", "gateway"})
LEFT = frozenset({Status.SENT, Status.DELIVERED, Status.READ})
STOPPED = frozenset({Status.CANCELLED, Status.SKIPPED})
CLOSE = 0.25  # seconds: a request that began so shortly before an acknowledgement was a near thing


@dataclass(frozen=True)
class Begun:
    """A request as the provider saw it: when its first byte came, and what it did with it."""

    at: float
    number: str
    message_id: int
    fate: str


@dataclass(frozen=True)
class Spell:
    """From the sending of an opt-out over its acknowledgement to the next opt-in's sending."""

    number: str
    sent: float
    acknowledged: float
    ended: float = NEVER


@dataclass(frozen=True)
class Row:
    """A message as the database has it at the end."""

    id: int
    number: str
    status: Status
    origin: Origin
    epoch: int = 0


@dataclass(frozen=True)
class Seen:
    """Everything that the checks are about.

    `admitted` says when messages of ours had been judged or accepted, by id. `allowed` is how
    many messages the kills may have left unconfirmed.
    """

    begun: Sequence[Begun]
    spells: Sequence[Spell]
    rows: Mapping[int, Row]
    admitted: Mapping[int, float]
    allowed: int = 0


def violations(seen: Seen) -> list[str]:
    """Say what was not kept, one line each."""
    checks = (_after_no, _open, _twice, _unconfirmed, _untrue)
    return [line for check in checks for line in check(seen)]


def margins(seen: Seen) -> list[float]:
    """Give, for each opt-out after which it shows, when the last request began before the next
    opt-in: in seconds after the acknowledgement, so below 0. The latest first."""
    latest: list[float] = []
    begun = _by_number(seen)
    for spell in seen.spells:
        before = [one.at for one in begun[spell.number] if one.at < spell.ended]
        if before:
            latest.append(max(before) - spell.acknowledged)
    return sorted(latest, reverse=True)


def _by_number(seen: Seen) -> dict[str, list[Begun]]:
    """Give the requests that consent has a say in, by number: all but answers to an opt-out."""
    found: dict[str, list[Begun]] = defaultdict(list)
    for one in seen.begun:
        row = seen.rows.get(one.message_id)
        if row is None or row.origin is not Origin.CONFIRMATION:
            found[one.number].append(one)
    return found


def _after_no(seen: Seen) -> Iterator[str]:
    """No request begins after an acknowledgement; of what was admitted before, none ever."""
    begun = _by_number(seen)
    for spell in seen.spells:
        for one in begun[spell.number]:
            late = one.at - spell.acknowledged
            if late <= 0:
                continue
            if one.at < spell.ended:
                yield (
                    f"AFTER NO: message {one.message_id} to {one.number} began {late * 1000:.1f} ms"
                    f" after its opt-out's acknowledgement at {spell.acknowledged:.4f}"
                )
            elif seen.admitted.get(one.message_id, NEVER) < spell.sent:
                yield (
                    f"OLD EPOCH: message {one.message_id} to {one.number}, admitted at"
                    f" {seen.admitted[one.message_id]:.4f}, began at {one.at:.4f}, after the"
                    f" opt-out acknowledged at {spell.acknowledged:.4f} and a later opt-in"
                )


def _open(seen: Seen) -> Iterator[str]:
    """Every accepted message has ended."""
    for number in seen.admitted:
        if number not in seen.rows:
            yield f"LOST: message {number} was accepted, and there is no row"
    for row in seen.rows.values():
        if row.status not in ENDS:
            yield f"NO END: message {row.id} to {row.number} is {row.status}"


def _twice(seen: Seen) -> Iterator[str]:
    """Only what the provider refused is sent again."""
    times: dict[int, list[Begun]] = defaultdict(list)
    for one in seen.begun:
        times[one.message_id].append(one)
    for number, some in times.items():
        taken = [one for one in some if one.fate not in REFUSED]
        if len(taken) > 1 or (taken and some[-1].fate in REFUSED):
            fates = ", ".join(f"{one.fate} at {one.at:.4f}" for one in some)
            yield f"TWICE: message {number} to {some[0].number} was begun again: {fates}"


def _taken(seen: Seen) -> set[int]:
    return {one.message_id for one in seen.begun if one.fate not in REFUSED}


def _unconfirmed(seen: Seen) -> Iterator[str]:
    """What the provider saw is known in the end; of the rest, only what a killed worker had."""
    taken = _taken(seen)
    unsure = [row for row in seen.rows.values() if row.status is Status.UNCONFIRMED]
    for row in unsure:
        if row.id in taken:
            yield f"UNCONFIRMED: message {row.id}, although the provider reported it"
    if len(unsure) > seen.allowed:
        yield f"UNCONFIRMED: {len(unsure)} messages, at most {seen.allowed} may be"


def _untrue(seen: Seen) -> Iterator[str]:
    """A row says "sent" of what the provider took, and "stopped" of what it never took."""
    taken = _taken(seen)
    for row in seen.rows.values():
        if row.status in LEFT and row.id not in taken:
            yield f"UNTRUE: message {row.id} is {row.status}, and the provider never took it"
        if row.status in STOPPED and row.id in taken:
            yield f"UNTRUE: message {row.id} is {row.status}, and the provider took it"


def near(seen: Seen) -> int:
    """Count the opt-outs shortly before whose acknowledgement a request to the address began."""
    return sum(-CLOSE < margin <= 0 for margin in margins(seen))


def fates(begun: Iterable[Begun]) -> dict[str, int]:
    """Count what the provider did."""
    found: dict[str, int] = defaultdict(int)
    for one in begun:
        found[one.fate] += 1
    return dict(found)
