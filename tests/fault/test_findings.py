"""The checks of a fault run find what they are there for."""

from __future__ import annotations

from dataclasses import replace

from tests.fault.findings import Begun, Row, Seen, Spell, margins, violations
from webapp.outbox.rules import Origin, Status

NUMBER = "+16505551234"
OUT = Spell(NUMBER, sent=10.0, acknowledged=10.1, ended=20.0)


def seen(*begun: Begun, status: Status = Status.SENT, **more: object) -> Seen:
    rows = {1: Row(1, NUMBER, status, Origin.CAMPAIGN)}
    return replace(Seen(begun, [OUT], rows, {1: 5.0}), **more)  # type: ignore[arg-type]


def begun(at: float, fate: str = "taken") -> Begun:
    return Begun(at, NUMBER, 1, fate)


def test_a_request_before_the_acknowledgement_is_right():
    found = seen(begun(10.09))
    assert violations(found) == []
    assert [round(margin, 3) for margin in margins(found)] == [-0.01]


def test_a_request_after_the_acknowledgement_is_found():
    assert ["AFTER NO" in line for line in violations(seen(begun(10.2)))] == [True]


def test_a_message_of_before_is_found_also_after_opting_in_again():
    assert ["OLD EPOCH" in line for line in violations(seen(begun(21.0)))] == [True]


def test_a_message_of_after_may_leave_once_opted_in_again():
    assert violations(seen(begun(21.0), admitted={1: 20.5})) == []


def test_the_answer_to_an_opt_out_may_leave():
    rows = {1: Row(1, NUMBER, Status.SENT, Origin.CONFIRMATION)}
    assert violations(seen(begun(10.2), rows=rows, admitted={})) == []


def test_a_message_without_an_end_is_found_and_one_without_a_row():
    assert "NO END" in violations(seen(status=Status.SCHEDULED))[0]
    assert "LOST" in violations(seen(rows={}))[0]


def test_a_message_that_is_begun_again_is_found_unless_it_was_refused():
    assert "TWICE" in violations(seen(begun(8.0), begun(9.0)))[0]
    assert "TWICE" in violations(seen(begun(8.0, "cut off"), begun(9.0)))[0]
    assert violations(seen(begun(8.0, "busy"), begun(9.0))) == []


def test_what_the_provider_saw_may_not_stay_unconfirmed():
    assert "UNCONFIRMED" in violations(seen(begun(9.0), status=Status.UNCONFIRMED, allowed=5))[0]
    assert violations(seen(status=Status.UNCONFIRMED, allowed=1)) == []
    assert "at most 0" in violations(seen(status=Status.UNCONFIRMED))[0]


def test_a_row_that_says_what_is_not_so_is_found():
    assert "UNTRUE" in violations(seen(status=Status.DELIVERED))[0]
    assert "UNTRUE" in violations(seen(begun(9.0), status=Status.CANCELLED))[0]
