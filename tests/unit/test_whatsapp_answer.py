"""What an answer of WhatsApp's means for a message."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.delivery.providers.answers import seconds
from webapp.delivery.providers.base import Answer, Outcome
from webapp.delivery.providers.whatsapp_answer import read_answer
from webapp.delivery.providers.whatsapp_errors import RULES, rule_for


def refusal(code: Any, status: int = 400, **more: Any) -> Answer:
    error = {"message": f"(#{code}) Said", "code": code, "error_data": {"details": "Why"}, **more}
    return read_answer(status, json.dumps({"error": error}).encode())


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (131050, Outcome.OPTED_OUT),
        (131049, Outcome.REFUSED),
        (130472, Outcome.REFUSED),
        (131047, Outcome.REFUSED),
        (131026, Outcome.REFUSED),
        (130429, Outcome.THROTTLED),
        (131056, Outcome.THROTTLED),
        (131048, Outcome.THROTTLED),
        (80007, Outcome.THROTTLED),
        (4, Outcome.THROTTLED),
        (133016, Outcome.THROTTLED),
        (131000, Outcome.NOT_TAKEN),
        (131016, Outcome.NOT_TAKEN),
        (1, Outcome.NOT_TAKEN),
        (2, Outcome.NOT_TAKEN),
        (131057, Outcome.NOT_TAKEN),
        (190, Outcome.ACCOUNT),
        (0, Outcome.ACCOUNT),
        (3, Outcome.ACCOUNT),
        (10, Outcome.ACCOUNT),
        (200, Outcome.ACCOUNT),
        (299, Outcome.ACCOUNT),
        (368, Outcome.ACCOUNT),
        (131031, Outcome.ACCOUNT),
        (130497, Outcome.ACCOUNT),
        (131042, Outcome.ACCOUNT),
        (131044, Outcome.ACCOUNT),
        (132000, Outcome.REFUSED),
        (132001, Outcome.REFUSED),
        (132016, Outcome.REFUSED),
        (100, Outcome.REFUSED),
        (131008, Outcome.REFUSED),
        (131009, Outcome.REFUSED),
        (131021, Outcome.REFUSED),
        (131030, Outcome.REFUSED),
        (131037, Outcome.REFUSED),
        (131045, Outcome.REFUSED),
        (131051, Outcome.REFUSED),
        (131062, Outcome.REFUSED),
        (131063, Outcome.REFUSED),
        (131064, Outcome.REFUSED),
    ],
)
def test_the_code_decides_and_not_the_status(code: int, outcome: Outcome) -> None:
    answers = [refusal(code, status) for status in (200, 400, 401, 429, 500, 503)]
    assert {answer.outcome for answer in answers} == {outcome}
    assert answers[0].code == str(code)
    assert refusal(str(code)).outcome is outcome


def test_codes_carry_what_else_must_be_done() -> None:
    assert [refusal(code).pair for code in (131056, 130429)] == [True, False]
    assert [refusal(code).next_day for code in (131049, 130472)] == [True, False]
    stopping = {code for code, rule in RULES.items() if rule.stop_campaign}
    assert stopping == {131048, 131063, 131064, *range(132000, 132017)}
    assert refusal(131057).retry_after == 60


def test_the_detail_says_the_meaning_and_what_whatsapp_said() -> None:
    assert refusal(131026).detail == "the number cannot receive this on WhatsApp: Why"
    assert refusal(131026, error_data={"details": "x" * 9999}).detail.endswith("x")
    assert len(refusal(131026, error_data={"details": "x" * 9999}).detail) <= 300
    assert refusal(131026, error_data="?").detail.endswith("(#131026) Said")


def test_a_wrong_phone_number_id_is_the_account_and_not_the_message() -> None:
    assert refusal(100, error_subcode=33).outcome is Outcome.ACCOUNT


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.REFUSED),
        (404, Outcome.REFUSED),
        (429, Outcome.THROTTLED),
        (500, Outcome.UNKNOWN),
        (503, Outcome.UNKNOWN),
    ],
)
@pytest.mark.parametrize("code", [987654, None, "abc", [], True, 1.5])
def test_a_code_that_is_not_known_goes_by_the_status(
    code: Any, status: int, outcome: Outcome
) -> None:
    assert refusal(code, status).outcome is outcome


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_says_passing_fault_leaves_it_unknown(status: int) -> None:
    assert refusal(2, status).outcome is Outcome.UNKNOWN
    assert refusal(131050, status).outcome is Outcome.OPTED_OUT


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.UNKNOWN),
        (204, Outcome.UNKNOWN),
        (301, Outcome.ACCOUNT),
        (303, Outcome.UNKNOWN),
        (400, Outcome.REFUSED),
        (401, Outcome.ACCOUNT),
        (403, Outcome.ACCOUNT),
        (404, Outcome.ACCOUNT),
        (408, Outcome.UNKNOWN),
        (413, Outcome.REFUSED),
        (429, Outcome.THROTTLED),
        (500, Outcome.UNKNOWN),
        (502, Outcome.UNKNOWN),
        (503, Outcome.UNKNOWN),
        (504, Outcome.UNKNOWN),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", b"[1]", b'"x"', b"\xff\xfe"])
def test_an_answer_that_is_not_whatsapps_own_goes_by_the_status(
    status: int, outcome: Outcome, body: bytes
) -> None:
    assert read_answer(status, body).outcome is outcome


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"messages": []},
        {"messages": None},
        {"messages": {}},
        {"messages": [None]},
        {"messages": [{}]},
        {"messages": [{"id": ""}]},
        {"messages": [{"id": 5}]},
    ],
)
def test_a_success_without_an_id_is_unknown(body: Any) -> None:
    assert read_answer(200, json.dumps(body).encode()).outcome is Outcome.UNKNOWN


def test_a_success_carries_the_id_and_what_whatsapp_holds_it_for() -> None:
    body = {"messages": [{"id": "wamid.9", "message_status": "held_for_quality_assessment"}]}
    answer = read_answer(200, json.dumps(body).encode())
    assert answer == Answer(Outcome.ACCEPTED, "wamid.9", detail="held_for_quality_assessment")


def test_retry_after_may_be_seconds_or_a_date_and_is_bounded() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert seconds("12") == 12.0
    assert 60 < (seconds(later) or 0) <= 90
    assert seconds("-4") == 0.0
    assert seconds("99999999") == 86_400.0
    assert seconds("inf") == 86_400.0
    assert [seconds(text) for text in (None, "", "soon", "nan")] == [None] * 4


def test_odd_codes_are_unknown() -> None:
    assert [rule_for(code) for code in (None, "", "x", "1.5", 131999, "9" * 5000)] == [None] * 6


@given(
    status=st.integers(100, 599),
    body=st.one_of(
        st.binary(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(
                    st.sampled_from(["error", "messages", "id", "code", "message", "error_data"]),
                    inner,
                )
            ),
        ).map(lambda value: json.dumps(value).encode()),
    ),
    wait=st.none() | st.text(),
)
def test_no_answer_makes_it_raise(status: int, body: bytes, wait: str | None) -> None:
    assert isinstance(read_answer(status, body, wait), Answer)
