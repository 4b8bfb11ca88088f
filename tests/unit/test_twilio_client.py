"""The SMS client against a real socket; what it shares with WhatsApp's is tested there."""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import pytest

from tests.sending import cut_short
from tests.whatsapp_wire import Reply, Wire, cuts_off, says
from webapp.delivery.providers.base import Answer, Outcome, Outgoing
from webapp.delivery.providers.twilio import Twilio
from webapp.delivery.providers.twilio_answer import read_answer

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a-secret-auth-token"
SENDER = "+12025550147"
SID = "SM" + "a" * 32
T = TypeVar("T")


def message(text: str | None = "Hello", **more: Any) -> Outgoing:
    fields = {"message_id": 7, "correlation": "7-abc", "address": "+16505551234", "template": None}
    return Outgoing(text=text, **{**fields, **more})


def takes(sid: str = SID, status: str = "queued") -> Reply:
    """Answer as Twilio does when it takes an SMS."""
    return says(201, {"sid": sid, "status": status, "error_code": None})


def refuses(code: int, status: int = 400, said: str = "No") -> Reply:
    """Answer with one of Twilio's error bodies."""
    return says(status, error(code, status, said))


def error(code: int, status: int = 400, said: str = "No") -> dict[str, Any]:
    return {"code": code, "message": said, "more_info": "https://…", "status": status}


def use(wire: Wire, work: Callable[[Twilio], Awaitable[T]], **options: Any) -> T:
    """Run `work` with a client that speaks to `wire`."""
    sender = options.pop("sender", SENDER)
    base = f"http://127.0.0.1:{wire.address[1]}"

    async def main() -> T:
        client = Twilio(base, ACCOUNT, TOKEN, sender, **options)
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(main())


def send(wire: Wire, out: Outgoing | None = None, **options: Any) -> Answer:
    answer = use(wire, lambda client: client.send(out or message(), begin=lambda: True), **options)
    assert answer is not None
    return answer


def form(wire: Wire, nth: int = 0) -> dict[str, str]:
    return dict(parse_qsl(wire.bodies[nth].decode(), keep_blank_values=True, strict_parsing=True))


def test_an_sms_goes_out_as_twilio_describes_it() -> None:
    with Wire(takes()) as wire:
        assert send(wire, message("Olá & 10 %")) == Answer(Outcome.ACCEPTED, SID, detail="queued")
    assert form(wire) == {"To": "+16505551234", "From": SENDER, "Body": "Olá & 10 %"}
    head = wire.heads[0]
    assert head.startswith(f"POST /2010-04-01/Accounts/{ACCOUNT}/Messages.json HTTP/1.1\r\n")
    assert f"Authorization: Basic {b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}" in head
    assert "Content-Type: application/x-www-form-urlencoded" in head


def test_a_messaging_service_stands_in_the_place_of_a_number() -> None:
    service = "MG" + "b" * 32
    with Wire(takes(status="accepted")) as wire:
        send(wire, sender=service)
    assert form(wire)["MessagingServiceSid"] == service
    assert "From" not in form(wire)


def test_statuses_are_asked_for_where_somebody_takes_them() -> None:
    callback = "https://heed.example/webhooks/twilio/status"
    with Wire(takes()) as wire:
        send(wire, status_callback=callback)
    assert form(wire)["StatusCallback"] == f"{callback}?correlation=7-abc"


@pytest.mark.parametrize("text", [None, "  ", "x" * 1601])
def test_a_text_that_twilio_never_takes_is_refused_unsent(text: str | None) -> None:
    with Wire() as wire:
        assert send(wire, message(text)).outcome is Outcome.REFUSED
    assert wire.received == []


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        (21610, 400, Outcome.OPTED_OUT),
        (20429, 429, Outcome.THROTTLED),
        (21611, 429, Outcome.THROTTLED),
        (20003, 401, Outcome.ACCOUNT),
        (20005, 403, Outcome.ACCOUNT),
        (20404, 404, Outcome.ACCOUNT),
        (21606, 400, Outcome.ACCOUNT),
        (21211, 400, Outcome.REFUSED),
        (21408, 400, Outcome.REFUSED),
        (99999, 400, Outcome.REFUSED),
        (99999, 429, Outcome.THROTTLED),
        (20500, 500, Outcome.UNKNOWN),
        (20503, 503, Outcome.UNKNOWN),
    ],
)
def test_twilios_codes_say_what_becomes_of_it(code: int, status: int, outcome: Outcome) -> None:
    with Wire(refuses(code, status, "As Twilio puts it")) as wire:
        answer = send(wire)
    assert answer.outcome is outcome
    assert "As Twilio puts it" in answer.detail
    assert answer.code == (None if outcome is Outcome.UNKNOWN else str(code))


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (201, b"{}", Outcome.UNKNOWN),
        (200, b"<html>", Outcome.UNKNOWN),
        (201, b'{"sid": 7}', Outcome.UNKNOWN),
        (302, b"", Outcome.ACCOUNT),
        (401, b"", Outcome.ACCOUNT),
        (404, b"<html>", Outcome.ACCOUNT),
        (400, b"\xff[", Outcome.REFUSED),
        (408, b"", Outcome.UNKNOWN),
        (429, b"", Outcome.THROTTLED),
        (502, b"<html>", Outcome.UNKNOWN),
        (504, b'{"code": 21610}', Outcome.UNKNOWN),
        (400, b'{"code": {}, "message": []}', Outcome.REFUSED),
        (400, b'{"code": true}', Outcome.REFUSED),
    ],
)
def test_any_answer_is_judged(status: int, body: bytes, outcome: Outcome) -> None:
    assert read_answer(status, body).outcome is outcome


def test_retry_after_is_read() -> None:
    with Wire(says(429, error(20429, 429), headers="Retry-After: 7\r\n")) as wire:
        assert send(wire).retry_after == 7.0


def test_a_claim_that_is_stale_sends_nothing() -> None:
    with Wire(takes()) as wire:
        assert use(wire, lambda client: client.send(message(), begin=lambda: False)) is None
        assert wire.all_bytes() == b""


def test_where_nobody_listens_leave_is_never_asked() -> None:
    wire = Wire()
    wire.__exit__(None, None, None)

    def never() -> bool:
        raise AssertionError("asked for leave")

    answer = use(wire, lambda client: client.send(message(), begin=never))
    assert answer is not None
    assert answer.outcome is Outcome.NOT_TAKEN


def test_a_connection_lost_after_the_request_leaves_it_unknown_and_is_not_tried_again() -> None:
    with Wire(cuts_off, takes()) as wire:
        assert send(wire).outcome is Outcome.UNKNOWN
    assert len(wire.bodies) == 1


def test_a_time_out_after_the_request_leaves_it_unknown() -> None:
    with Wire() as wire:
        wire.replies = [wire.hangs]
        answer = cut_short(lambda seconds: send(wire, timeout=seconds))
        assert answer.outcome is Outcome.UNKNOWN


def test_connections_stand_before_the_claims_and_are_used_again() -> None:
    async def two(client: Twilio) -> list[Answer | None]:
        await client.ready(1)
        assert len(wire.received) == 1
        first = await client.send(message(), begin=lambda: True)
        await client.ready(1)
        return [first, await client.send(message(), begin=lambda: True)]

    with Wire(says(404), takes("SM1"), takes("SM2")) as wire:
        answers = use(wire, two)
    assert [one.provider_message_id for one in answers if one] == ["SM1", "SM2"]
    assert len(wire.received) == 1
    assert wire.heads[0].startswith("HEAD /2010-04-01 ")


def test_a_server_that_cannot_be_reached_is_only_told_of_by_a_message() -> None:
    wire = Wire()
    wire.__exit__(None, None, None)
    use(wire, lambda client: client.ready(3))


def test_the_token_shows_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Wire(refuses(20003, 401, f"Token {TOKEN} is wrong")) as wire:
        answer = send(wire)
        client = Twilio("http://127.0.0.1", ACCOUNT, TOKEN, SENDER)
    assert answer.outcome is Outcome.ACCOUNT
    assert TOKEN not in repr(answer) + repr(client) + str(client) + caplog.text
