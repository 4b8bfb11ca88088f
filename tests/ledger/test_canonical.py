"""The fast spelling of what hashes are made over is the slow one, byte by byte."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from webapp.accounts.rules import Actor, ActorKind
from webapp.consent.chain import canonical, commitment, link, public_bytes, public_fields
from webapp.consent.copies import copy_of
from webapp.consent.rows import StateRow
from webapp.consent.rules import Entry
from webapp.contacts.rules import Channel, Source, State
from webapp.ledger.folding import iso, read_event

# Hypothesis takes limits without a zone.
EPOCH = datetime(1990, 1, 1)  # noqa: DTZ001
moments = st.datetimes(min_value=EPOCH, timezones=st.just(UTC))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
ids = st.none() | st.integers(1, 2**62)
entries = st.builds(
    Entry,
    st.integers(1, 2**62),
    st.sampled_from(State),
    st.sampled_from(Source),
    moments,
    moments,
    st.booleans(),
    st.builds(Actor, st.sampled_from(ActorKind), ids),
    ids,
)


@given(entries, st.sampled_from(Channel), st.binary(min_size=32, max_size=32), st.none() | moments)
def test_an_event_read_from_the_ledger_has_the_hash_that_it_was_written_with(
    entry: Entry, channel: Channel, key: bytes, occurred: datetime | None
):
    public = public_fields(channel, key, 3, entry, State.UNKNOWN, State.OPTED_OUT, occurred)
    slow = canonical(public).encode()
    times = {
        name: value.isoformat(timespec="microseconds")
        for name, value in public.items()
        if isinstance(value, datetime)
    }
    assert public_bytes(**{**public, **times, "key": key.hex()}) == slow
    naive = {
        name: value.replace(tzinfo=None) if isinstance(value, datetime) else value
        for name, value in public.items()
    }
    for read in (lambda moment: moment, lambda moment: moment.isoformat(" ", "microseconds")):
        row = (
            entry.id,
            *(naive[name] for name in list(naive) if not name.endswith("_at")),
            *(
                None if naive[name] == naive["recorded_at"] else read(naive[name])
                for name in ("occurred_at", "effective_at")
            ),
            read(naive["recorded_at"]),
            key,
            key,
            b"",
        )
        found, hashed = read_event(row)
        assert hashed == link(key, key, public)
        assert found.effective_at == entry.effective_at.replace(tzinfo=None)


@given(texts, texts, st.dictionaries(texts, json_values, max_size=4))
def test_a_commitment_is_over_the_canonical_json_of_its_detail(
    address: str, said: str, evidence: dict[str, Any]
):
    content = {"address": address, "said": said, "evidence": evidence}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    assert commitment(b"salt", address, said, evidence) == sha256(b"salt" + text.encode()).digest()


@given(moments)
def test_a_time_reads_the_same_from_both_databases(moment: datetime):
    naive = moment.replace(tzinfo=None)
    said = moment.isoformat(timespec="microseconds")
    assert iso(naive) == iso(naive.isoformat(" ", "microseconds")) == said


@given(
    st.sampled_from(State), st.none() | moments, st.none() | st.sampled_from(Source), st.booleans()
)
def test_the_copy_of_one_address_is_its_state_row(
    state: State, since: datetime | None, source: Source | None, held: bool
):
    """The database finds wrong copies by this; with two addresses `copy_of` alone decides."""
    row = StateRow(Channel.SMS, b"k" * 32, state, since=since, source=source, held=held)
    copy = copy_of(7, [row])
    assert (copy.state, copy.changed_at, copy.source, copy.held) == (state, since, source, held)
    nothing = copy_of(7, [])
    assert (nothing.state, nothing.changed_at, nothing.source, nothing.held) == (
        State.UNKNOWN,
        None,
        None,
        False,
    )
