"""The two rules that everything stands on: the fold over events, and the table of sends. Pure."""

from __future__ import annotations

import enum
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from webapp.accounts.rules import Actor, ActorKind
from webapp.contacts.rules import Channel, Source, State
from webapp.outbox.rules import Category, Origin, Reason

# Between different sources, an opt-in this close after an opt-out is the same moment seen twice.
CONTEST = timedelta(seconds=60)
UNDO_WITHIN = timedelta(seconds=60)

# What the person did themselves proves itself: a START, a tapped button, their own link or form.
SELF_EVIDENT = frozenset({Source.KEYWORD, Source.BUTTON, Source.LINK})


_CARRIED = "Goes along with event "


@dataclass(frozen=True)
class Entry:
    """One ledger event, as the fold sees it."""

    id: int
    asked: State
    source: Source
    effective_at: datetime
    recorded_at: datetime
    proven: bool
    actor: Actor
    undoes_id: int | None = None


class Standing(NamedTuple):
    """What the events of one channel and key come to."""

    state: State = State.UNKNOWN
    since: datetime | None = None
    source: Source | None = None
    event_id: int | None = None
    head_at: datetime | None = None


def _moment(entry: Entry) -> tuple[datetime, str, int]:
    return (entry.effective_at, entry.source, entry.id)


def counts(entry: Entry) -> bool:
    """Tell whether an event has any weight: an opt-in without proof has none."""
    if entry.asked is State.OPTED_OUT:
        return True
    return entry.asked is State.OPTED_IN and (
        entry.proven or entry.source in SELF_EVIDENT or entry.source is Source.PROVIDER
    )


def lifts(opt_in: Entry, opt_out: Entry) -> bool:
    """Tell whether this opt-in ends that opt-out.

    It must be later; from another source by more than 60 seconds, since clocks and queues
    disagree by that much. A provider's resume lifts only what the provider itself reported.
    """
    if opt_in.source is Source.PROVIDER and opt_out.source is not Source.PROVIDER:
        return False
    return late_enough(opt_in.source, opt_in.effective_at, opt_out.source, opt_out.effective_at)


def late_enough(
    source: Source, moment: datetime, out_source: Source | None, out_moment: datetime
) -> bool:
    """Tell whether an opt-in of a source at a moment comes after an opt-out, and not with it."""
    grace = timedelta(0) if source is out_source else CONTEST
    return moment > out_moment + grace


def resistance(source: Source | None, since: datetime | None) -> tuple[bool, datetime]:
    """Say how much it takes to lift a standing opt-out, to compare two; see `lifts`.

    A provider lifts what it reported itself; of the rest the later one outlives more.
    """
    assert since is not None, "an opt-out has its time"
    return source is not Source.PROVIDER, since


def may_undo(correction: Entry, undone: Entry) -> bool:
    """Tell whether a correction holds: the same user's own act, at most 60 seconds before.

    Never of what a customer did, even where a user's edit wrote it down for another address.
    """
    return (
        undone.actor.kind is ActorKind.USER
        and undone.actor.kind is correction.actor.kind
        and undone.actor.id == correction.actor.id
        and undone.source is Source.MANUAL
        and timedelta(0) <= correction.recorded_at - undone.recorded_at <= UNDO_WITHIN
    )


def may_be_taken_back(standing: Standing, now: datetime) -> bool:
    """Tell whether what stands may yet end without an opt-in's evidence of its own.

    By an undo while there is time for one, or by the provider that reported it.
    """
    if standing.source is Source.MANUAL:
        return standing.since is not None and now - standing.since <= UNDO_WITHIN
    return standing.source is Source.PROVIDER


def goes_along(channel: Channel, address: str) -> str:
    """Give the reason of an event that one act wrote beside that on this channel and address."""
    return f"Goes along with {channel} {address}"


def carried(event_id: int | None) -> str:
    """Give the reason of an opt-out that went along when the person's address changed."""
    return f"{_CARRIED}{event_id}: the person's address changed"


def was_carried(reason: object) -> bool:
    """Tell whether an event's reason is one of `carried`."""
    return str(reason or "").startswith(_CARRIED)


def fold(entries: Iterable[Entry]) -> Standing:
    """Give the state that a channel and key's events come to, whatever order they arrived in.

    A person is opted out while any opt-out stands that no opt-in lifts; otherwise opted in if a
    weighty opt-in exists; otherwise unknown. A correction and the act it undoes drop out together.
    """
    entries = list(entries)
    by_id = {entry.id: entry for entry in entries}
    undone = {
        entry.undoes_id
        for entry in entries
        if entry.undoes_id in by_id and may_undo(entry, by_id[entry.undoes_id])
    }
    weighty = [
        entry
        for entry in sorted(entries, key=_moment)
        if entry.source is not Source.CORRECTION and entry.id not in undone and counts(entry)
    ]
    outs = [entry for entry in weighty if entry.asked is State.OPTED_OUT]
    ins = [entry for entry in weighty if entry.asked is State.OPTED_IN]
    head_at = max((entry.effective_at for entry in entries), default=None)
    by_source = _by_source(ins)
    # Each opt-out with the first opt-in that lifts it.
    lifters = [_first_to_lift(out, by_source) for out in outs]
    standing = next((out for out, by in zip(outs, lifters, strict=True) if by is None), None)
    if standing is not None:
        return _because(standing, head_at)
    if outs:
        # In since the last opt-out that still stood was lifted.
        return _because(max((by for by in lifters if by is not None), key=_moment), head_at)
    # With no opt-out to lift, a provider's resume says nothing.
    given = [opt_in for opt_in in ins if opt_in.source is not Source.PROVIDER]
    return _because(given[0], head_at) if given else Standing(head_at=head_at)


def _by_source(ins: list[Entry]) -> dict[Source, list[Entry]]:
    """Give the opt-ins of each source, in their order."""
    found: dict[Source, list[Entry]] = {}
    for opt_in in ins:
        found.setdefault(opt_in.source, []).append(opt_in)
    return found


def _first_to_lift(out: Entry, by_source: dict[Source, list[Entry]]) -> Entry | None:
    """Give the first opt-in that lifts an opt-out. Of one source those lift it that are late
    enough, so a look in the middle tells which half the first is in."""
    found = []
    for ins in by_source.values():
        place = bisect_left(ins, True, key=lambda opt_in: lifts(opt_in, out))
        if place < len(ins):
            found.append(ins[place])
    return min(found, key=_moment, default=None)


def _because(entry: Entry, head_at: datetime | None) -> Standing:
    return Standing(entry.asked, entry.effective_at, entry.source, entry.id, head_at)


def advance(standing: Standing, entry: Entry) -> Standing | None:
    """Give the fold after one more event without the ones before it, or None where it needs them.

    Only the two plain cases are answered: an opt-out at the head, and a proven opt-in more than
    60 seconds behind everything. Both say the same as `fold` over the whole ledger.
    """
    head = standing.head_at
    if entry.source is Source.CORRECTION or not counts(entry):
        return None
    if entry.asked is State.OPTED_OUT:
        if head is not None and entry.effective_at <= head:
            return None
    elif entry.source is Source.PROVIDER:
        return None
    elif head is not None and entry.effective_at <= head + CONTEST:
        return None
    if standing.state is entry.asked:
        return Standing(
            standing.state, standing.since, standing.source, standing.event_id, entry.effective_at
        )
    return _because(entry, entry.effective_at)


@dataclass(frozen=True)
class Policy:
    """What bears on all sends of a channel: its settings, and whether its marketing is held."""

    needs_opt_in: bool = False
    exempts_utility: bool = False
    held: bool = False


DEFAULT_POLICIES: dict[Channel, Policy] = {
    # Carriers read STOP as everything, so on SMS and voice nothing is exempt (CTIA).
    Channel.EMAIL: Policy(exempts_utility=True),
    Channel.SMS: Policy(),
    Channel.VOICE: Policy(),
    Channel.WHATSAPP: Policy(exempts_utility=True),
}


class Rule(enum.StrEnum):
    """Which line of the table decided a send."""

    CONFIRMATION = "confirmation"
    OPTED_OUT = "opted_out"
    NEEDS_OPT_IN = "needs_opt_in"
    HELD = "held"
    ACCOUNT_HELD = "account_held"
    EXEMPT = "exempt"
    MANUAL_SERVICE = "manual_service"
    SEEN_WARNING = "seen_warning"
    STALE_EPOCH = "stale_epoch"
    FREE = "free"


class Verdict(enum.StrEnum):
    """What the table says: send, wait, or never."""

    SEND = "send"
    WAIT = "wait"
    NEVER = "never"


@dataclass(frozen=True)
class Send:
    """A send to be judged: what it is, and what stands for its channel and key now.

    `override` is the opt-out event a person saw and sent past (0: saw that no record stands),
    `out_event_id` the newest opt-out recorded. `epoch_matches` is False where somebody opted out
    since the message was admitted.
    """

    origin: Origin
    category: Category
    state: State
    policy: Policy
    held: bool = False
    override: int | None = None
    out_event_id: int | None = None
    epoch_matches: bool = True


@dataclass(frozen=True)
class Decision:
    """The table's answer, with the line that gave it and, where it is no, the reason."""

    verdict: Verdict
    rule: Rule
    reason: Reason | None = None

    @property
    def allowed(self) -> bool:
        """True where the message may leave now."""
        return self.verdict is Verdict.SEND


OVERRIDABLE = frozenset({Origin.MANUAL, Origin.CAMPAIGN})


def decide(send: Send) -> Decision:
    """Judge one send by the table "What an opt-out stops"; `queries.verdict` says it in SQL."""
    if send.origin is Origin.CONFIRMATION:
        return Decision(Verdict.SEND, Rule.CONFIRMATION)
    if send.category is not Category.MARKETING:
        if send.origin is Origin.MANUAL:
            return Decision(Verdict.SEND, Rule.MANUAL_SERVICE)
        if send.policy.exempts_utility:
            return Decision(Verdict.SEND, Rule.EXEMPT)
    seen = (
        send.origin in OVERRIDABLE
        and send.override is not None
        and send.override == (send.out_event_id or 0)
    )
    if not seen:
        if send.state is State.OPTED_OUT:
            return Decision(Verdict.NEVER, Rule.OPTED_OUT, Reason.OPTED_OUT)
        if not send.epoch_matches:
            return Decision(Verdict.NEVER, Rule.STALE_EPOCH, Reason.OPTED_OUT)
        if send.state is State.UNKNOWN and send.policy.needs_opt_in:
            return Decision(Verdict.NEVER, Rule.NEEDS_OPT_IN, Reason.NO_RECORDED_OPT_IN)
    if send.category is Category.MARKETING:
        if send.held:
            return Decision(Verdict.WAIT, Rule.HELD, Reason.HELD_FOR_REVIEW)
        if send.policy.held:
            return Decision(Verdict.WAIT, Rule.ACCOUNT_HELD, Reason.HELD_AFTER_RESTORE)
    return Decision(Verdict.SEND, Rule.SEEN_WARNING if seen else Rule.FREE)


# What each line goes by: the event behind the state that stands, or the newest opt-out recorded.
# The other lines decide by what a message is, whatever the ledger says.
BY_STANDING = (Rule.OPTED_OUT, Rule.NEEDS_OPT_IN, Rule.FREE)
BY_NEWEST_OUT = (Rule.STALE_EPOCH, Rule.SEEN_WARNING)


def deciding_event(rule: Rule, event_id: int | None, out_event_id: int | None) -> int | None:
    """Give the consent event that a line of the table goes by; `queries.receipt` says it in SQL.

    `event_id` is the one behind the stored state, `out_event_id` the newest opt-out.
    """
    if rule in BY_STANDING:
        return event_id
    return out_event_id if rule in BY_NEWEST_OUT else None
