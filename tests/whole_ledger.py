"""Checking a database's whole ledger and its copies in one pass, however large it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import (
    LABEL_STYLE_TABLENAME_PLUS_COL,
    Connection,
    Row,
    and_,
    func,
    or_,
    select,
)

from webapp.accounts.rules import Actor
from webapp.consent.chain import FIRST, commitment, link, public_fields
from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState
from webapp.consent.rules import Entry, Standing, advance, fold
from webapp.contacts.folding import fold_name
from webapp.contacts.models import Activity, Contact
from webapp.contacts.rules import Channel, State
from webapp.outbox.models import Message

BATCH = 2000
SHOWN = 20  # problems of a kind that are told one by one


def problems(connection: Connection) -> Iterator[str]:
    """Say what is wrong: in chains, details, folds, states, copies, folded names, timelines."""
    checks = (_chains, _states_without_events, _copies, _names, _timelines, _messages)
    for check in checks:
        found = 0
        for problem in check(connection):
            found += 1
            if found <= SHOWN:
                yield problem
        if found > SHOWN:
            yield f"and {found - SHOWN} more of {check.__name__}"


def _streamed(connection: Connection, query: Any) -> Iterator[Row[Any]]:
    options = {"stream_results": True, "yield_per": BATCH}
    yield from connection.execute(query, execution_options=options)


def _chains(connection: Connection) -> Iterator[str]:
    """Each chain from its first event: hashes, commitments, the fold of every prefix, the state."""
    event, detail, state = (m.__table__ for m in (ConsentEvent, ConsentEventDetail, ConsentState))
    query = (
        select(event, detail, state)
        .set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
        .join_from(event, detail, detail.c.event_id == event.c.id, isouter=True)
        .join(
            state,
            and_(state.c.key == event.c.key, state.c.channel == event.c.channel),
            isouter=True,
        )
        .order_by(event.c.key, event.c.channel, event.c.seq)
    )
    rows = _streamed(connection, query)
    for _, some in groupby(
        rows, key=lambda row: (row.consent_events_key, row.consent_events_channel)
    ):
        yield from _chain(list(some))


def _chain(rows: list[Row[Any]]) -> Iterator[str]:
    prev, standing, entries, epoch, out_id = FIRST, Standing(), [], 0, None
    for nth, row in enumerate(rows, start=1):
        entry, place = _entry(row), f"event {row.consent_events_id}"
        before = standing.state
        entries.append(entry)
        standing = advance(standing, entry) or fold(entries)
        if standing != fold(entries):
            yield f"{place}: the shortcut and the fold differ"
        if row.consent_events_seq != nth or row.consent_events_prev != prev:
            yield f"{place} is not the next link of its chain"
        if (row.consent_events_from_state, row.consent_events_to_state) != (before, standing.state):
            yield f"{place}: its states are not those of the fold"
        if entry.effective_at > entry.recorded_at:
            yield f"{place} takes effect after it was recorded"
        prev = _hash(row, entry)
        if row.consent_events_hash != prev:
            yield f"{place}: its hash does not hold"
        if not _committed(row):
            yield f"{place}: its commitment does not hold"
        if entry.asked is State.OPTED_OUT and entry.undoes_id is None:
            out_id = entry.id
        epoch += standing.state is State.OPTED_OUT and before is not State.OPTED_OUT
    last = rows[-1]
    kept = Standing(
        last.consent_states_state,
        last.consent_states_since,
        last.consent_states_source,
        last.consent_states_event_id,
        last.consent_states_head_at,
    )
    if kept != standing:
        yield f"state behind event {last.consent_events_id}: {kept} is not {standing}"
    rest = ("epoch", "out_event_id", "head_seq", "head_hash")
    found = tuple(getattr(last, f"consent_states_{name}") for name in rest)
    if found != (epoch, out_id, len(rows), prev):
        yield f"state behind event {last.consent_events_id}: {rest} are {found}"


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        row.consent_events_id,
        row.consent_events_asked,
        row.consent_events_source,
        row.consent_events_effective_at,
        row.consent_events_recorded_at,
        row.consent_events_proven,
        Actor(row.consent_events_actor_kind, row.consent_events_actor_id),
        row.consent_events_undoes_id,
    )


def _hash(row: Row[Any], entry: Entry) -> bytes:
    public = public_fields(
        row.consent_events_channel,
        row.consent_events_key,
        row.consent_events_seq,
        entry,
        row.consent_events_from_state,
        row.consent_events_to_state,
        row.consent_events_occurred_at,
    )
    return link(row.consent_events_prev, row.consent_events_commitment, public)


def _committed(row: Row[Any]) -> bool:
    if row.consent_event_details_salt is None:
        return False
    content = (
        row.consent_event_details_address,
        row.consent_event_details_said,
        row.consent_event_details_evidence,
    )
    commits: bytes = row.consent_events_commitment
    return commitment(row.consent_event_details_salt, *content) == commits


def _states_without_events(connection: Connection) -> Iterator[str]:
    without = (
        ~select(ConsentEvent.id)
        .where(ConsentEvent.key == ConsentState.key, ConsentEvent.channel == ConsentState.channel)
        .exists()
    )
    count = connection.scalar(
        select(func.count()).select_from(ConsentState).where(without, ConsentState.head_seq > 0)
    )
    if count:
        yield f"{count} states have no events"


def _copies(connection: Connection) -> Iterator[str]:
    """What stands beside each contact is the state of their one address on the channel."""
    for channel in Channel:
        key: Any = Contact.email_key if channel is Channel.EMAIL else Contact.phone_key
        if channel is Channel.WHATSAPP:
            key = func.coalesce(Contact.phone_key, Contact.whatsapp_id_key)
        state = ConsentState
        pairs = (
            (f"{channel}_state", func.coalesce(state.state, State.UNKNOWN.value)),
            (f"{channel}_changed_at", state.since),
            (f"{channel}_source", state.source),
            (f"{channel}_held", func.coalesce(state.held, False)),
        )
        wrong = or_(*(getattr(Contact, name).is_distinct_from(value) for name, value in pairs))
        query = (
            select(Contact.id)
            .join(state, and_(state.channel == channel, state.key == key), isouter=True)
            .where(wrong)
        )
        for (contact_id,) in connection.execute(query.limit(SHOWN)):
            yield f"contact {contact_id}: the copy on {channel} is not the state"


def _names(connection: Connection) -> Iterator[str]:
    for row in _streamed(connection, select(Contact.id, Contact.name, Contact.name_folded)):
        if row.name_folded != fold_name(row.name):
            yield f"contact {row.id}: {row.name_folded!r} is not the folded {row.name!r}"


def _timelines(connection: Connection) -> Iterator[str]:
    """Each contact's every event stands on their timeline, once; so does each coming to be."""
    keys = (Contact.email_key, Contact.phone_key, Contact.whatsapp_id_key)
    expected = set[tuple[int, int]]()
    for key in keys:
        query = select(Contact.id, ConsentEvent.id).join(ConsentEvent, ConsentEvent.key == key)
        expected.update(map(tuple, _streamed(connection, query)))
    event_id: Any = Activity.data["event_id"].as_integer()
    told = select(Activity.contact_id, event_id).where(Activity.kind == "consent")
    lines = Counter(map(tuple, _streamed(connection, told)))
    if set(lines) != expected:
        yield f"timelines differ from the ledger: {len(set(lines) ^ expected)}"
    if lines and max(lines.values()) > 1:
        yield "an event stands twice on a timeline"


def _messages(connection: Connection) -> Iterator[str]:
    """A message that an opt-out ended names an event of its own channel and key."""
    query = (
        select(Message.id)
        .join(ConsentEvent, ConsentEvent.id == Message.event_id, isouter=True)
        .where(
            Message.event_id.is_not(None),
            or_(
                ConsentEvent.id.is_(None),
                ConsentEvent.key != Message.key,
                ConsentEvent.channel != Message.channel,
            ),
        )
    )
    for (message_id,) in connection.execute(query.limit(SHOWN)):
        yield f"message {message_id} names an event that is not its own"
