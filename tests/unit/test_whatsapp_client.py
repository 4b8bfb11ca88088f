"""The WhatsApp client against a real socket."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from tests.sending import cut_short
from tests.servers import PATIENCE
from tests.whatsapp_wire import Wire, accepts, cuts_off, refuses, says
from webapp.delivery.providers.base import Answer, Outcome, Outgoing, TemplateCall
from webapp.delivery.providers.whatsapp import WhatsApp

TOKEN = "EAAG-secret-token"
T = TypeVar("T")


def message(text: str | None = "Hello", **more: object) -> Outgoing:
    fields = {"message_id": 7, "correlation": "heed-7", "address": "+16505551234", "template": None}
    return Outgoing(text=text, **{**fields, **more})  # type: ignore[arg-type]


def use(wire: Wire, work: Callable[[WhatsApp], Awaitable[T]], **options: float | int) -> T:
    """Run `work` with a client that speaks to `wire`."""

    async def main() -> T:
        client = WhatsApp(wire.url, "106540352242922", TOKEN, **options)  # type: ignore[arg-type]
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(main())


class Asked:
    """Gives leave, or does not, and counts how often it was asked."""

    def __init__(self, leave: bool) -> None:
        self.leave, self.times = leave, 0

    def __call__(self) -> bool:
        self.times += 1
        return self.leave


def send(wire: Wire, out: Outgoing | None = None, **options: float | int) -> Answer:
    answer = use(wire, lambda client: client.send(out or message(), begin=lambda: True), **options)
    assert answer is not None
    return answer


def test_a_text_goes_out_as_meta_describes_it() -> None:
    with Wire(accepts("wamid.A")) as wire:
        answer = send(wire, message("Olá", reply_to="wamid.0"))
    assert answer == Answer(Outcome.ACCEPTED, "wamid.A")
    assert wire.requests == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "16505551234",
            "biz_opaque_callback_data": "heed-7",
            "context": {"message_id": "wamid.0"},
            "type": "text",
            "text": {"body": "Olá", "preview_url": False},
        }
    ]
    assert wire.heads[0].startswith("POST /v23.0/106540352242922/messages HTTP/1.1\r\n")
    assert f"Authorization: Bearer {TOKEN}" in wire.heads[0]
    assert "Content-Type: application/json" in wire.heads[0]


def test_a_template_goes_out_with_its_variables_in_order() -> None:
    call = TemplateCall("offer", "en_US", ("Ann", "20 %"))
    with Wire(accepts()) as wire:
        send(wire, message(None, template=call))
    assert wire.requests[0]["template"] == {
        "name": "offer",
        "language": {"code": "en_US"},
        "components": [
            {
                "type": "body",
                "parameters": [{"type": "text", "text": "Ann"}, {"type": "text", "text": "20 %"}],
            }
        ],
    }
    assert "text" not in wire.requests[0]


def test_a_user_id_is_named_as_recipient_and_not_as_number() -> None:
    with Wire(accepts()) as wire:
        send(wire, message(address="US.13491208655302741918"))
    assert wire.requests[0]["recipient"] == "US.13491208655302741918"
    assert "to" not in wire.requests[0]


@pytest.mark.parametrize(("text", "template"), [(None, None), ("a", TemplateCall("b", "en"))])
def test_a_message_without_one_clear_content_is_refused_unsent(
    text: str | None, template: TemplateCall | None
) -> None:
    with Wire() as wire:
        assert send(wire, message(text, template=template)).outcome is Outcome.REFUSED
    assert wire.received == []


def test_connections_are_used_again() -> None:
    async def three(client: WhatsApp) -> None:
        for _ in range(3):
            await client.send(message(), begin=lambda: True)

    with Wire(accepts(), refuses(131026), accepts()) as wire:
        use(wire, three)
    assert len(wire.received) == 1
    assert len(wire.requests) == 3


def test_a_claim_that_is_stale_sends_nothing() -> None:
    with Wire(accepts()) as wire:
        assert use(wire, lambda client: client.send(message(), begin=lambda: False)) is None
        assert wire.all_bytes() == b""


def test_the_next_message_goes_out_after_a_stale_one() -> None:
    async def two(client: WhatsApp) -> list[Answer | None]:
        return [
            await client.send(message(), begin=lambda: False),
            await client.send(message("after"), begin=lambda: True),
        ]

    with Wire(accepts("wamid.2")) as wire:
        assert use(wire, two) == [None, Answer(Outcome.ACCEPTED, "wamid.2")]
    assert [request["text"]["body"] for request in wire.requests] == ["after"]


def test_leave_is_asked_only_when_the_connection_of_a_busy_pool_is_free() -> None:
    """A claim that grows stale while it waits for a connection is dropped."""
    asked = Asked(leave=False)

    async def crowd(client: WhatsApp) -> list[Answer | None]:
        first = asyncio.create_task(client.send(message("first"), begin=lambda: True))
        await asyncio.to_thread(wire.asked.wait, 10)
        second = asyncio.create_task(client.send(message("second"), begin=asked))
        for _ in range(20):
            await asyncio.sleep(0)
        assert asked.times == 0
        wire.released.set()
        return list(await asyncio.gather(first, second))

    with Wire() as wire:
        wire.replies = [wire.waits(accepts())]
        assert use(wire, crowd, connections=1) == [Answer(Outcome.ACCEPTED, "wamid.1"), None]
    assert asked.times == 1
    assert [request["text"]["body"] for request in wire.requests] == ["first"]


class SlowConnect(asyncio.SelectorEventLoop):
    """A loop on which a connection is long in coming: the TCP handshake waits."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        await self.gate.wait()
        await super().sock_connect(sock, address)


class SlowHandshake(SlowConnect):
    """A loop on which the connection comes at once, and what follows it (TLS) waits."""

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        await asyncio.SelectorEventLoop.sock_connect(self, sock, address)

    async def create_connection(self, *args: Any, **options: Any) -> Any:
        made = await super().create_connection(*args, **options)
        await self.gate.wait()
        return made


@pytest.mark.parametrize("loop", [SlowConnect, SlowHandshake])
def test_leave_is_asked_only_after_a_slow_connect_and_no_byte_precedes_it(
    loop: type[SlowConnect],
) -> None:
    asked = Asked(leave=False)

    async def slowly() -> Answer | None:
        client = WhatsApp(wire.url, "1", TOKEN)
        sending = asyncio.create_task(client.send(message(), begin=asked))
        for _ in range(50):
            await asyncio.sleep(0)
        assert asked.times == 0
        assert b"".join(wire.received) == b""
        running = asyncio.get_running_loop()
        assert isinstance(running, SlowConnect)
        running.gate.set()
        try:
            return await sending
        finally:
            await client.close()

    with Wire(accepts()) as wire, asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(slowly()) is None
        assert wire.all_bytes() == b""
    assert asked.times == 1


def test_leave_is_never_asked_where_nobody_listens() -> None:
    wire = Wire()
    wire.__exit__(None, None, None)
    asked = Asked(leave=False)
    answer = use(wire, lambda client: client.send(message(), begin=asked))
    assert answer is not None
    assert answer.outcome is Outcome.NOT_TAKEN
    assert asked.times == 0


def test_a_connect_that_takes_too_long_was_not_taken() -> None:
    asked = Asked(leave=True)

    async def too_slow() -> Answer | None:
        client = WhatsApp(wire.url, "1", TOKEN, timeout=0.2)
        try:
            return await client.send(message(), begin=asked)
        finally:
            await client.close()

    with Wire(accepts()) as wire, asyncio.Runner(loop_factory=SlowConnect) as runner:
        answer = runner.run(too_slow())
    assert answer is not None
    assert answer.outcome is Outcome.NOT_TAKEN
    assert (asked.times, wire.requests) == (0, [])


def test_a_time_out_after_the_request_leaves_it_unknown() -> None:
    with Wire() as wire:
        wire.replies = [wire.hangs]
        answer = cut_short(lambda seconds: send(wire, timeout=seconds))
        assert answer.outcome is Outcome.UNKNOWN
        assert wire.asked.wait(PATIENCE)
    assert len(wire.requests) == 1


def test_a_connection_lost_after_the_request_leaves_it_unknown_and_is_not_tried_again() -> None:
    with Wire(cuts_off, accepts()) as wire:
        assert send(wire).outcome is Outcome.UNKNOWN
    assert len(wire.requests) == 1


def test_an_answer_that_breaks_off_leaves_it_unknown() -> None:
    def half(sock: socket.socket) -> None:
        sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"messages": [{"id"')
        cuts_off(sock)

    with Wire(half) as wire:
        assert send(wire).outcome is Outcome.UNKNOWN


def test_an_answer_that_is_no_http_leaves_it_unknown() -> None:
    with Wire(lambda sock: sock.sendall(b"220 mail.example ESMTP\r\n\r\n")) as wire:
        assert send(wire).outcome is Outcome.UNKNOWN


def test_a_huge_answer_is_not_read_to_its_end() -> None:
    def flood(sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
        try:
            for _ in range(4096):
                sock.sendall(chunk)
        except OSError:
            flooded.append(False)
        else:
            flooded.append(True)

    flooded: list[bool] = []
    with Wire(flood) as wire:
        assert send(wire).outcome is Outcome.UNKNOWN
    assert flooded == [False]


def test_a_redirect_is_not_followed() -> None:
    with Wire(says(307, headers="Location: /elsewhere\r\n"), accepts()) as wire:
        assert send(wire).outcome is Outcome.ACCOUNT
    assert len(wire.requests) == 1


def test_retry_after_is_read() -> None:
    with Wire(says(429, {"error": {"code": 130429}}, headers="Retry-After: 7\r\n")) as wire:
        answer = send(wire)
    assert (answer.outcome, answer.retry_after) == (Outcome.THROTTLED, 7.0)


def test_the_token_shows_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Wire(refuses(190, 401, error_data={"details": f"Malformed token {TOKEN}"})) as wire:
        answer = send(wire)
        client = WhatsApp(wire.url, "1", TOKEN)
    assert answer.outcome is Outcome.ACCOUNT
    assert TOKEN not in repr(answer) + repr(client) + str(client) + caplog.text


def test_cancelling_goes_through() -> None:
    async def cancelled(client: WhatsApp) -> None:
        sending = asyncio.create_task(client.send(message(), begin=lambda: True))
        await asyncio.to_thread(wire.asked.wait, 10)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

    with Wire() as wire:
        wire.replies = [wire.hangs]
        use(wire, cancelled)
