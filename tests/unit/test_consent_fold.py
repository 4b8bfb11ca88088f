"""The fold: the same events give the same state, in whatever order they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from webapp.accounts.rules import Actor, ActorKind
from webapp.consent.rules import Entry, Standing, advance, counts, fold, lifts
from webapp.contacts.rules import Source, State

START = datetime(2026, 3, 1, tzinfo=UTC)
ANN = Actor(ActorKind.USER, 1)
BOB = Actor(ActorKind.USER, 2)
CUSTOMER = Actor(ActorKind.CONTACT)
OUT, IN, UNKNOWN = State.OPTED_OUT, State.OPTED_IN, State.UNKNOWN


def entry(
    number: int,
    asked: State,
    source: Source,
    seconds: float,
    *,
    proven: bool = True,
    actor: Actor = ANN,
    undoes: int | None = None,
    recorded: float | None = None,
) -> Entry:
    at = START + timedelta(seconds=seconds)
    recorded_at = START + timedelta(seconds=seconds if recorded is None else recorded)
    return Entry(number, asked, source, at, recorded_at, proven, actor, undoes)


def state(*entries: Entry) -> State:
    return fold(entries).state


def test_nothing_recorded_is_unknown() -> None:
    assert fold([]) == Standing()


def test_an_opt_out_needs_no_reason() -> None:
    assert state(entry(1, OUT, Source.API, 0, proven=False)) is OUT


def test_an_opt_in_without_evidence_has_no_weight() -> None:
    assert state(entry(1, IN, Source.IMPORT, 0, proven=False)) is UNKNOWN


def test_what_a_person_does_themselves_is_its_own_evidence() -> None:
    for source in (Source.KEYWORD, Source.BUTTON, Source.LINK):
        assert state(entry(1, OUT, Source.API, 0), entry(2, IN, source, 90, proven=False)) is IN


def test_a_late_opt_out_counts_from_when_it_happened() -> None:
    opt_in = entry(1, IN, Source.MANUAL, 3600)
    assert state(opt_in, entry(2, OUT, Source.KEYWORD, 0)) is IN
    assert state(opt_in, entry(2, OUT, Source.KEYWORD, 3601)) is OUT


def test_within_a_minute_an_opt_out_beats_an_opt_in_of_another_source() -> None:
    stop = entry(1, OUT, Source.KEYWORD, 0)
    assert state(stop, entry(2, IN, Source.API, 60)) is OUT
    assert state(stop, entry(2, IN, Source.API, 60.001)) is IN


def test_from_the_same_source_the_later_one_wins() -> None:
    assert state(entry(1, OUT, Source.MANUAL, 0), entry(2, IN, Source.MANUAL, 0.5)) is IN
    assert state(entry(1, OUT, Source.MANUAL, 0), entry(2, IN, Source.MANUAL, 0)) is OUT


def test_a_providers_resume_lifts_only_what_the_provider_reported() -> None:
    resume = entry(3, IN, Source.PROVIDER, 1000, proven=False)
    theirs = entry(1, OUT, Source.PROVIDER, 0)
    ours = entry(2, OUT, Source.KEYWORD, 10)
    assert state(theirs, resume) is IN
    assert state(ours, resume) is OUT
    assert state(theirs, ours, resume) is OUT
    assert state(resume) is UNKNOWN


def test_an_undo_restores_what_stood_before_also_unknown() -> None:
    out = entry(1, OUT, Source.MANUAL, 0)
    undo = entry(2, UNKNOWN, Source.CORRECTION, 30, undoes=1)
    assert state(out, undo) is UNKNOWN
    before = entry(5, IN, Source.KEYWORD, -500)
    assert state(before, out, undo) is IN


def test_an_undo_by_somebody_else_or_after_a_minute_changes_nothing() -> None:
    out = entry(1, OUT, Source.MANUAL, 0)
    assert state(out, entry(2, UNKNOWN, Source.CORRECTION, 30, undoes=1, actor=BOB)) is OUT
    assert state(out, entry(2, UNKNOWN, Source.CORRECTION, 60.001, undoes=1)) is OUT


def test_nobody_undoes_what_a_customer_did() -> None:
    stop = entry(1, OUT, Source.KEYWORD, 0, actor=CUSTOMER)
    assert state(stop, entry(2, UNKNOWN, Source.CORRECTION, 5, undoes=1)) is OUT


def test_since_is_when_the_standing_opt_out_began() -> None:
    first, again = entry(1, OUT, Source.KEYWORD, 0), entry(2, OUT, Source.API, 500)
    standing = fold([again, first])
    assert (standing.since, standing.event_id) == (first.effective_at, 1)
    assert standing.head_at == again.effective_at


sources = st.sampled_from([s for s in Source if s is not Source.CORRECTION])
moments = st.one_of(
    st.sampled_from([0, 1, 59.999, 60, 60.001, 61, 120]), st.floats(0, 400, allow_nan=False)
)


@st.composite
def histories(draw: st.DrawFn) -> list[Entry]:
    """Events of one channel and key with corrections among them, in the order of recording."""
    events: list[Entry] = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        seconds = draw(moments)
        actor = draw(st.sampled_from([ANN, BOB, CUSTOMER]))
        if events and draw(st.integers(0, 3)) == 0:
            undone = draw(st.sampled_from(events))
            asked, source, undoes = UNKNOWN, Source.CORRECTION, undone.id
        else:
            asked, source, undoes = draw(st.sampled_from([IN, OUT])), draw(sources), None
        recorded = seconds + draw(st.sampled_from([0, 1, 30, 500]))
        events.append(
            entry(
                number,
                asked,
                source,
                seconds,
                proven=draw(st.booleans()),
                actor=actor,
                undoes=undoes,
                recorded=recorded,
            )
        )
    return events


@given(histories(), st.randoms())
def test_any_order_gives_the_same_standing(events: list[Entry], chance: object) -> None:
    shuffled = list(events)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(events)


@given(histories())
def test_a_repeated_opt_out_never_loosens(events: list[Entry]) -> None:
    if state(*events) is not OUT:
        return
    again = [e for e in events if e.asked is OUT]
    doubled = [*events, *(entry(100 + e.id, OUT, e.source, 0) for e in again)]
    assert state(*doubled) is OUT


@given(histories(), histories())
def test_only_an_opt_in_with_weight_or_an_undo_ever_loosens(
    events: list[Entry], more: list[Entry]
) -> None:
    harmless = [
        Entry(e.id + 1000, e.asked, e.source, e.effective_at, e.recorded_at, e.proven, e.actor)
        for e in more
        if e.source is not Source.CORRECTION and not (e.asked is IN and counts(e))
    ]
    if state(*events) is OUT:
        assert state(*events, *harmless) is OUT


@given(histories())
def test_no_standing_opt_out_has_an_opt_in_that_lifts_it(events: list[Entry]) -> None:
    standing = fold(events)
    decided = next((e for e in events if e.id == standing.event_id), None)
    if standing.state is OUT and decided is not None:
        assert not any(
            e.asked is IN and counts(e) and lifts(e, decided)
            for e in events
            if not any(c.undoes_id == e.id for c in events)
        )


@given(histories())
def test_the_short_way_gives_what_the_whole_ledger_gives(events: list[Entry]) -> None:
    """`advance` answers from the state row alone; where it answers, it must equal the fold."""
    for end in range(len(events)):
        before, last = events[:end], events[end]
        short = advance(fold(before), last)
        if short is not None:
            assert short == fold([*before, last])


def by_the_book(entries: list[Entry]) -> Standing:
    """Give the fold of weighty opt-outs and opt-ins as the domain says it, pair by pair."""
    ordered = sorted(entries, key=lambda one: (one.effective_at, one.source, one.id))
    outs = [one for one in ordered if one.asked is OUT]
    ins = [one for one in ordered if one.asked is IN]
    head_at = max((one.effective_at for one in entries), default=None)
    lifters = [next((one for one in ins if lifts(one, out)), None) for out in outs]
    because = next((out for out, by in zip(outs, lifters, strict=True) if by is None), None)
    if because is None and outs:
        because = max(
            (by for by in lifters if by), key=lambda one: (one.effective_at, one.source, one.id)
        )
    if not outs:
        because = next((one for one in ins if one.source is not Source.PROVIDER), None)
    if because is None:
        return Standing(head_at=head_at)
    return Standing(because.asked, because.effective_at, because.source, because.id, head_at)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([OUT, IN]),
            st.sampled_from([one for one in Source if one is not Source.CORRECTION]),
            st.integers(0, 400),
        ),
        max_size=30,
    )
)
def test_the_fold_says_what_looking_at_every_pair_says(
    said: list[tuple[State, Source, int]],
) -> None:
    entries = [entry(n, asked, source, at) for n, (asked, source, at) in enumerate(said, 1)]
    assert fold(entries) == by_the_book(entries)
