"""Reading consent, and the table of sends as SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from webapp.accounts.rules import Actor
from webapp.consent.models import (
    ConsentEvent,
    ConsentEventDetail,
    ConsentPolicy,
    ConsentState,
    MarketingHold,
)
from webapp.consent.rules import (
    BY_NEWEST_OUT,
    BY_STANDING,
    OVERRIDABLE,
    Decision,
    Entry,
    Policy,
    Rule,
    Send,
    Standing,
    decide,
)
from webapp.contacts.rules import Channel, State, stricter
from webapp.core.db import db, run
from webapp.core.dialect import statement_time, word
from webapp.core.prepared import Ask, Prepared
from webapp.outbox.models import Message
from webapp.outbox.rules import Category, Origin

NEVER = (Rule.OPTED_OUT, Rule.STALE_EPOCH, Rule.NEEDS_OPT_IN)
WAIT = (Rule.HELD, Rule.ACCOUNT_HELD)
NONE: ColumnElement[int] = literal_column("0")
SENDS = (
    Rule.CONFIRMATION,
    Rule.EXEMPT,
    Rule.MANUAL_SERVICE,
    Rule.SEEN_WARNING,
    Rule.FREE,
)


def rule(policy: Any = ConsentPolicy) -> ColumnElement[str]:
    """Give the line of the table that applies to a message row, over `judged()`'s joins.

    The SQL twin of `rules.decide`: one table test feeds both. `policy` has the columns of the
    channel's policy: by default the stored one, else one that is only thought of.
    """
    service = Message.category != word(Category.MARKETING)
    seen = and_(
        Message.origin.in_([word(origin) for origin in OVERRIDABLE]),
        Message.override_event_id.is_not(None),
        Message.override_event_id == func.coalesce(ConsentState.out_event_id, NONE),
    )
    unknown = or_(ConsentState.state.is_(None), ConsentState.state == word(State.UNKNOWN))
    held = and_(ConsentState.held.is_(True), ~service)
    waits = and_(MarketingHold.channel.is_not(None), ~service)
    return case(
        (Message.origin == word(Origin.CONFIRMATION), word(Rule.CONFIRMATION)),
        (and_(service, Message.origin == word(Origin.MANUAL)), word(Rule.MANUAL_SERVICE)),
        (and_(service, policy.exempts_utility.is_(True)), word(Rule.EXEMPT)),
        (and_(seen, held), word(Rule.HELD)),
        (and_(seen, waits), word(Rule.ACCOUNT_HELD)),
        (seen, word(Rule.SEEN_WARNING)),
        (ConsentState.state == word(State.OPTED_OUT), word(Rule.OPTED_OUT)),
        (stale(), word(Rule.STALE_EPOCH)),
        (and_(unknown, policy.needs_opt_in.is_(True)), word(Rule.NEEDS_OPT_IN)),
        (held, word(Rule.HELD)),
        (waits, word(Rule.ACCOUNT_HELD)),
        else_=word(Rule.FREE),
    )


def stale() -> ColumnElement[bool]:
    """Give the condition "somebody opted out since this message was admitted"."""
    return Message.epoch != func.coalesce(ConsentState.epoch, NONE)


def changed_since(session: Session, ago: timedelta) -> Select[Channel, bytes]:
    """Select the channel and key of each event recorded so short a time ago, newest first."""
    return (
        select(ConsentEvent.channel, ConsentEvent.key)
        .where(ConsentEvent.recorded_at > statement_time(session, -ago))
        .order_by(ConsentEvent.recorded_at.desc())
    )


def _deciding_event() -> ColumnElement[int | None]:
    """Give the consent event that the line for a message goes by; twin of `deciding_event`."""
    return case(
        (rule().in_([word(one) for one in BY_STANDING]), ConsentState.event_id),
        (rule().in_([word(one) for one in BY_NEWEST_OUT]), ConsentState.out_event_id),
    )


def verdicts(narrow: ColumnElement[bool]) -> list[tuple[int, Rule, int | None]]:
    """Judge messages in SQL; gives each one's id, the rule, and the event that it goes by."""
    judged = (
        select(Message.id, rule(), _deciding_event())
        .select_from(Message)
        .join(ConsentPolicy, ConsentPolicy.channel == Message.channel)
        .outerjoin(ConsentState, _OF_MESSAGE)
        .outerjoin(MarketingHold, MarketingHold.channel == Message.channel)
        .where(narrow)
    )
    rows = db.session.execute(judged)
    return [(message_id, Rule(word), event_id) for message_id, word, event_id in rows]


_OF_MESSAGE = and_(ConsentState.channel == Message.channel, ConsentState.key == Message.key)


def _about(*columns: ColumnElement[Any]) -> Select[Any]:
    """Select what the table says of the message in the statement around it.

    It looks up the one state and policy of each row that it is asked about, so its cost is that
    of the rows, whatever the statistics say.
    """
    return (
        select(*columns)
        .select_from(ConsentPolicy)
        .outerjoin(ConsentState, _OF_MESSAGE)
        .outerjoin(MarketingHold, MarketingHold.channel == ConsentPolicy.channel)
        .where(ConsentPolicy.channel == Message.channel)
        .correlate(Message)
    )


def says(*rules: Rule) -> ColumnElement[bool]:
    """Give the condition that the table's line for a message is one of these."""
    return _about(literal_column("1")).where(rule().in_([word(one) for one in rules])).exists()


def receipt() -> dict[str, Any]:
    """Give what a claim writes on a message: the line that lets it leave, and its event."""
    return {
        "rule": _about(rule()).scalar_subquery(),
        "event_id": _about(_deciding_event()).scalar_subquery(),
    }


def may_leave() -> ColumnElement[bool]:
    """Give the condition "the table says send" on a message."""
    return says(*SENDS)


def may_never_leave() -> ColumnElement[bool]:
    """Give the condition "the table says never" on a message."""
    return says(*NEVER)


def would_never_leave(wanted: Mapping[Channel, Policy]) -> ColumnElement[bool]:
    """Give the condition "the table would say never" on a message, if these were the policies.

    What is on another channel than these is not judged: it fulfils nothing.
    """
    rows = [
        select(
            word(channel).label("channel"),
            literal(policy.needs_opt_in).label("needs_opt_in"),
            literal(policy.exempts_utility).label("exempts_utility"),
        )
        for channel, policy in wanted.items()
    ]
    thought = union_all(*rows).subquery("wanted").c
    return (
        select(literal_column("1"))
        .select_from(thought.channel.table)
        .outerjoin(ConsentState, _OF_MESSAGE)
        .outerjoin(MarketingHold, MarketingHold.channel == thought.channel)
        .where(
            thought.channel == Message.channel,
            rule(thought).in_([word(one) for one in NEVER]),
        )
        .correlate(Message)
        .exists()
    )


def is_held() -> ColumnElement[bool]:
    """Give the condition "the table says wait" on a message."""
    return says(*WAIT)


def state_row(channel: Channel, key: bytes) -> ConsentState | None:
    """Read the stored state of one channel and key afresh; None where nothing was recorded."""
    return db.session.scalar(
        select(ConsentState)
        .where(ConsentState.channel == channel, ConsentState.key == key)
        .execution_options(populate_existing=True)
    )


def epoch_of(channel: Channel, key: bytes) -> int:
    """Read how often a channel and key has been opted out."""
    row = state_row(channel, key)
    return row.epoch if row else 0


_POLICY = Prepared(
    select(
        ConsentPolicy.needs_opt_in,
        ConsentPolicy.exempts_utility,
        MarketingHold.channel.is_not(None),
    )
    .outerjoin(MarketingHold, MarketingHold.channel == ConsentPolicy.channel)
    .where(ConsentPolicy.channel == bindparam("on_channel"))
)


def policy(channel: Channel) -> Policy:
    """Read a channel's policy."""
    prepared, values = ask_policy(channel)
    return Policy(*prepared.all(values)[0])


def ask_policy(channel: Channel) -> Ask:
    """Give what `policy` asks, to be asked ahead."""
    return _POLICY, {"on_channel": channel}


def standing_of(row: ConsentState | None) -> Standing:
    """Give a stored state in the fold's own form."""
    if row is None:
        return Standing()
    return Standing(row.state, row.since, row.source, row.event_id, row.head_at)


def entries(channel: Channel, key: bytes) -> list[Entry]:
    """Read the ledger of one channel and key for the fold."""
    found = run(_ENTRIES, {"of_channel": channel, "of_key": key})
    return [
        Entry(
            row.id,
            row.asked,
            row.source,
            row.effective_at,
            row.recorded_at,
            row.proven,
            Actor(row.actor_kind, row.actor_id),
            row.undoes_id,
        )
        for row in found
    ]


_ENTRIES = select(
    ConsentEvent.id,
    ConsentEvent.asked,
    ConsentEvent.source,
    ConsentEvent.effective_at,
    ConsentEvent.recorded_at,
    ConsentEvent.proven,
    ConsentEvent.actor_kind,
    ConsentEvent.actor_id,
    ConsentEvent.undoes_id,
).where(ConsentEvent.key == bindparam("of_key"), ConsentEvent.channel == bindparam("of_channel"))


def judge(
    channel: Channel,
    keys: Sequence[bytes],
    category: Category,
    origin: Origin,
    override: int | None = None,
) -> tuple[Decision, ConsentState | None]:
    """Judge a send to a person now; gives the decision and the state row that counted.

    `keys` are all the keys of that person on the channel: the strictest state counts.
    """
    rows = [state_row(channel, key) for key in keys]
    known = [row for row in rows if row is not None]
    return weigh(known, policy(channel), category, origin, override)


def weigh(
    known: Sequence[ConsentState],
    on_channel: Policy,
    category: Category,
    origin: Origin,
    override: int | None = None,
) -> tuple[Decision, ConsentState | None]:
    """Judge a send by the stored states of a person's addresses on the channel, as `judge` does."""
    strictest = stricter([row.state for row in known])
    row = next((row for row in known if row.state is strictest), None)
    decision = decide(
        Send(
            origin=origin,
            category=category,
            state=strictest,
            policy=on_channel,
            held=any(row.held for row in known),
            override=override,
            out_event_id=row.out_event_id if row else None,
        )
    )
    return decision, row


def history(
    channel: Channel | None, keys: Sequence[bytes], limit: int = 200
) -> list[tuple[ConsentEvent, ConsentEventDetail | None]]:
    """Give the newest ledger lines of these keys with their details, newest first."""
    query = (
        select(ConsentEvent, ConsentEventDetail)
        .outerjoin(ConsentEventDetail, ConsentEventDetail.event_id == ConsentEvent.id)
        .where(ConsentEvent.key.in_(keys))
        .order_by(ConsentEvent.id.desc())
        .limit(limit)
    )
    if channel is not None:
        query = query.where(ConsentEvent.channel == channel)
    return [(event, detail) for event, detail in db.session.execute(query)]


def states_of(
    channels_and_keys: Sequence[tuple[Channel, bytes]],
) -> dict[Channel, list[ConsentState]]:
    """Read the stored states of several channels and keys, grouped by channel."""
    found: dict[Channel, list[ConsentState]] = {channel: [] for channel, _ in channels_and_keys}
    wanted = set(channels_and_keys)
    keys = {key for _, key in channels_and_keys}
    stored = select(ConsentState).where(ConsentState.key.in_(keys))
    for row in db.session.scalars(stored.execution_options(populate_existing=True)):
        if (row.channel, row.key) in wanted:
            found[row.channel].append(row)
    return found
