"""A journal that was cut off, or made too early, lets nobody in whose opt-in was taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from io import BytesIO, TextIOWrapper

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.database import Rows
from tests.ledger.books import ANN, BOB, findings
from tests.people import phone, record, state_of
from webapp.accounts.rules import CUSTOMER, SYSTEM, Actor, ActorKind
from webapp.consent.models import ConsentEvent
from webapp.consent.service import undo
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Source, State
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.ledger.journal import write_journal
from webapp.ledger.taking_in import TakenIn, take_in

pytestmark = pytest.mark.usefixtures("context")
ME = Actor(ActorKind.USER, 1, "Ada")


def journal(config: Config) -> bytes:
    db.session.rollback()
    return "".join(f"{line}\n" for line in write_journal(config.database_url)).encode()


def taken_in(content: bytes) -> TakenIn:
    db.session.rollback()
    first, second = (
        TextIOWrapper(BytesIO(content), encoding="utf-8", errors="surrogateescape")
        for _ in range(2)
    )
    return take_in((first, second), SYSTEM)


def cut_within(content: bytes, word: bytes) -> bytes:
    """Cut a journal off within the last line that has this word."""
    return content[: content.rindex(word) + 2]


def opt_in_by_mistake() -> int:
    return record(State.OPTED_IN, address=phone(ANN), source=Source.MANUAL, actor=ME).event_id


def long_ago(minutes: int) -> datetime:
    return clock.now() - timedelta(minutes=minutes)


def count() -> int:
    number = db.session.query(ConsentEvent).count()
    db.session.rollback()
    return number


@pytest.mark.parametrize("times", [1, 2])
def test_an_undone_opt_in_is_not_let_in_where_its_undo_was_cut_off(
    config: Config, rows: Rows, times: int
):
    record(address=phone(ANN), source=Source.KEYWORD, actor=CUSTOMER)
    wrong = opt_in_by_mistake()
    transaction(lambda: undo(wrong, ME))
    whole = journal(config)
    rows.restore()
    for _ in range(times):
        taken = taken_in(cut_within(whole, b'"correction"'))
        assert not taken.whole
        (said,) = taken.left_out.told
        assert "the journal was cut off" in said
        assert state_of(phone(ANN)) is State.OPTED_OUT
    for _ in range(times):
        assert taken_in(whole).whole
        assert state_of(phone(ANN)) is State.OPTED_OUT
    assert count() == 1
    assert findings() == []


@pytest.mark.parametrize("since", [False, True])
def test_an_opt_in_that_an_earlier_journal_brought_ends_with_its_undo(
    config: Config, rows: Rows, since: bool
):
    record(address=phone(ANN), source=Source.KEYWORD, actor=CUSTOMER, at=long_ago(5))
    wrong = opt_in_by_mistake()
    early, between = journal(config), clock.now()
    transaction(lambda: undo(wrong, ME))
    late = journal(config)
    if since:
        lines = write_journal(config.database_url, between)
        late = "".join(f"{line}\n" for line in lines).encode()
        assert late.count(b'"event"') == 1
    rows.restore()
    taken_in(early)
    assert state_of(phone(ANN)) is State.OPTED_IN
    assert taken_in(late).opt_outs == 1
    assert state_of(phone(ANN)) is State.OPTED_OUT
    before = count()
    for again in (late, early, late):
        assert taken_in(again).opt_outs == 0
    assert state_of(phone(ANN)) is State.OPTED_OUT
    assert count() == before
    assert findings() == []


def test_an_undo_is_matched_by_the_line_of_what_it_undid_too(config: Config, rows: Rows):
    wrong = opt_in_by_mistake()
    early = journal(config)
    transaction(lambda: undo(wrong, ME))
    late = journal(config)
    start = late.index(b', "undone"')
    rows.restore()
    taken_in(early)
    taken_in(late[:start] + late[late.index(b"}", start) + 1 :])
    assert state_of(phone(ANN)) is State.OPTED_OUT


def test_a_right_opt_in_after_an_undone_one_comes_along(config: Config, rows: Rows):
    wrong = opt_in_by_mistake()
    transaction(lambda: undo(wrong, ME))
    opt_in_by_mistake()  # no mistake this time
    whole = journal(config)
    rows.restore()
    taken_in(cut_within(whole, b'"end"'))
    assert state_of(phone(ANN)) is State.UNKNOWN
    for _ in range(2):
        taken_in(whole)
        assert state_of(phone(ANN)) is State.OPTED_IN
    assert count() == 1


def test_of_a_cut_journal_a_correction_still_ends_an_opt_in(config: Config, rows: Rows):
    wrong = opt_in_by_mistake()
    early = journal(config)
    transaction(lambda: undo(wrong, ME))
    late = journal(config)
    rows.restore()
    taken_in(early)
    assert taken_in(cut_within(late, b'"end"')).opt_outs == 1
    assert state_of(phone(ANN)) is State.OPTED_OUT


def test_a_journal_cut_within_a_letter_is_taken_in_up_to_there(config: Config, rows: Rows):
    record(address=phone(ANN))
    record(address=phone(BOB), said="Stöp")
    whole = journal(config)
    rows.restore()
    taken = taken_in(whole[: whole.index("ö".encode()) + 1])
    assert (taken.opt_outs, taken.whole) == (1, False)
    assert state_of(phone(ANN)) is State.OPTED_OUT


def test_bytes_that_are_no_text_within_a_journal_are_refused(config: Config):
    record(address=phone(BOB), said="Stöp")
    whole = journal(config)
    with pytest.raises(Invalid, match="Line 2 is no line of a journal"):
        taken_in(whole.replace("ö".encode(), b"\xc3"))


def test_two_journals_joined_are_whole_where_the_second_is(config: Config):
    record(address=phone(ANN))
    whole = journal(config)
    assert taken_in(whole * 2).whole
    for cut in (len(whole) + 5, len(whole) + whole.index(b"\n") + 1, 2 * len(whole) - 5):
        assert not taken_in((whole * 2)[:cut]).whole


PEOPLE = (phone(ANN), phone(BOB))
LOOSER = (State.OPTED_OUT, State.UNKNOWN, State.OPTED_IN)
Act = tuple[str, int, int]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(("stop", "start", "staff in", "staff out", "undo")),
        st.integers(0, 1),
        st.integers(0, 30),
    ),
    min_size=1,
    max_size=8,
)


def live(acts: list[Act], by_staff: dict[int, int]) -> None:
    """Write a history of two people; an undo that may not be is left.

    `by_staff` are the last events that staff wrote for each.
    """
    for act, person, minutes in acts:
        asked = State.OPTED_IN if act in ("start", "staff in") else State.OPTED_OUT
        address = PEOPLE[person]
        if act in ("stop", "start"):
            at, source = long_ago(minutes), Source.KEYWORD
            record(asked, address=address, source=source, actor=CUSTOMER, at=at, said="Stöp")
        elif act != "undo":
            made = record(asked, address=address, source=Source.MANUAL, actor=ME)
            by_staff[person] = made.event_id
        else:
            try:
                transaction(partial(undo, by_staff.get(person, 0), ME))
            except (Conflict, NotFound):
                db.session.rollback()


def states() -> list[int]:
    """Give how loose the states of both are."""
    found = [LOOSER.index(state_of(address) or State.UNKNOWN) for address in PEOPLE]
    db.session.rollback()
    return found


def states_after(events: int) -> list[int]:
    """Give how loose the states of both were after so many events."""
    key, after = ConsentEvent.key, ConsentEvent.to_state
    query = select(key, after).order_by(ConsentEvent.id).limit(events)
    stood = {row.key: row.to_state for row in db.session.execute(query)}
    db.session.rollback()
    return [LOOSER.index(stood.get(key_of(address), State.UNKNOWN)) for address in PEOPLE]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS, st.floats(0, 1))
@example([("stop", 0, 5), ("staff in", 0, 0), ("undo", 0, 0)], 0.8)
@example([("stop", 0, 5), ("staff in", 0, 0), ("undo", 0, 0), ("staff in", 0, 0)], 0.8)
def test_no_cut_lets_anybody_in_and_the_whole_journal_puts_right(
    config: Config, rows: Rows, acts: list[Act], where: float
):
    rows.restore()
    live(acts, {})
    whole = journal(config)
    head = whole.index(b"\n") + 1
    cut = whole[: head + int(where * (len(whole) - head))]
    # A line is there where all but its line break is.
    truth = states_after(whole[: len(cut) + 1].count(b"\n") - 1)
    rows.restore()
    taken_in(whole)
    alone = states()
    rows.restore()
    taken_in(cut)
    assert all(a <= b for a, b in zip(states(), truth, strict=True))
    taken_in(whole)
    assert all(a <= b for a, b in zip(states(), alone, strict=True))
    before = states(), count()
    taken_in(whole)
    assert (states(), count()) == before
    rows.restore()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS, st.integers(0, 8))
@example([("stop", 0, 5), ("staff in", 0, 0), ("undo", 0, 0)], 2)
def test_an_earlier_journal_leaves_nobody_looser_than_the_last_one_alone(
    config: Config, rows: Rows, acts: list[Act], until: int
):
    rows.restore()
    by_staff: dict[int, int] = {}
    live(acts[:until], by_staff)
    early = journal(config)
    live(acts[until:], by_staff)
    late = journal(config)
    rows.restore()
    taken_in(late)
    alone = states()
    rows.restore()
    taken_in(early)
    taken_in(late)
    assert all(a <= b for a, b in zip(states(), alone, strict=True))
    before = states(), count()
    for again in (early, late):
        taken_in(again)
    assert (states(), count()) == before
    rows.restore()
