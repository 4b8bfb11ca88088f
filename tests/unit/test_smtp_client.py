"""The email client against real mail servers, and against sockets that only look like one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from typing import Any, TypeVar

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.mail_server import MailServer, mail_server
from tests.sending import cut_short
from tests.servers import free_port
from webapp.core import clock
from webapp.core.mail_server import parse_server
from webapp.delivery.providers.base import Answer, Outcome, Outgoing
from webapp.delivery.providers.smtp import Smtp
from webapp.delivery.providers.smtp_letter import letter, subject

SENDER = "Ember & Oak <heed@shop.example>"
LINK = "https://heed.example/u/token"
T = TypeVar("T")


def message(text: str | None = "Ten percent off\nuntil Friday.", **more: Any) -> Outgoing:
    fields = {
        "message_id": 7,
        "correlation": "7-abc",
        "address": "ann@example.org",
        "template": None,
        "unsubscribe": LINK,
    }
    return Outgoing(text=text, **{**fields, **more})


def use(url: str, work: Callable[[Smtp], Awaitable[T]], **options: Any) -> T:
    """Run `work` with a client that speaks to the server at `url`."""

    async def main() -> T:
        client = Smtp(parse_server(url), SENDER, **options)
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(main())


def send(url: str, out: Outgoing | None = None, **options: Any) -> Answer:
    answer = use(url, lambda client: client.send(out or message(), begin=lambda: True), **options)
    assert answer is not None
    return answer


def test_an_email_goes_out_with_its_headers() -> None:
    with mail_server() as server:
        answer = send(server.url, message("Olá Ann,\n\n.dot\n" + "ö" * 2000))
    assert answer.outcome is Outcome.ACCEPTED
    assert answer.provider_message_id == "7-abc@shop.example"
    [(recipient, mail)] = server.arrived
    assert recipient == mail["To"] == "ann@example.org"
    assert mail["From"] == SENDER
    assert mail["Message-ID"] == "<7-abc@shop.example>"
    assert mail["Subject"] == "Olá Ann,"
    assert mail["List-Unsubscribe"] == f"<{LINK}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Date"].datetime is not None
    assert "Auto-Submitted" not in mail
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n") == "Olá Ann,\n\n.dot\n" + "ö" * 2000 + "\n"


def test_what_is_no_marketing_has_no_list_and_says_that_nobody_wrote_it() -> None:
    with mail_server() as server:
        send(server.url, message(marketing=False, unsubscribe=""))
    mail = server.arrived[0][1]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in mail
    assert "List-Unsubscribe-Post" not in mail


def test_lines_are_short_ascii_and_end_as_mail_does() -> None:
    content = letter(message("é" * 3000 + "\nbare\rreturn"), SENDER, clock.now()).content
    assert content.isascii()
    lines = content.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_long_addresses_stay_as_they_are() -> None:
    """A receiver reads these headers by machine: one that is encoded or folded is none to it."""
    far = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example"
    link = f"https://heed.example/u/{'t' * 120}"
    content = letter(message(address=far, unsubscribe=link), SENDER, clock.now()).content
    head = content.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert f"List-Unsubscribe: <{link}>" in head
    assert f"To: {far}" in head
    assert not any("=?" in line for line in head)


@pytest.mark.parametrize("link", ["https://x/u/a\r\nBcc: eve@example.org", "https://x/ü", "a b"])
def test_a_link_that_is_none_goes_into_no_header(link: str) -> None:
    with pytest.raises(ValueError, match="signs"):
        letter(message(unsubscribe=link), SENDER, clock.now())


@pytest.mark.parametrize(
    "nasty",
    [
        "Hi\r\nBcc: eve@example.org",
        "Hi\nBcc: eve@example.org\n\nbody",
        "Hi\u2028Bcc: eve@example.org",
        "Hi\x00\x0b\x85Bcc: eve@example.org",
    ],
)
def test_no_subject_writes_another_header(nasty: str) -> None:
    for out in (message(subject=nasty), message(nasty)):
        content = letter(out, SENDER, clock.now()).content
        read = message_from_bytes(content, policy=default)
        assert "Bcc" not in read
        assert read["Subject"].startswith("Hi")


@pytest.mark.parametrize(
    "address",
    ["ann@example.org, eve@example.org", "ann@example.org>\r\nRCPT TO:<eve@example.org", "ann", ""],
)
def test_an_address_that_is_none_is_refused_unsent(address: str) -> None:
    with mail_server() as server:
        assert send(server.url, message(address=address)).outcome is Outcome.REFUSED
    assert server.arrived == []


def test_a_message_without_a_text_is_refused_unsent() -> None:
    with mail_server() as server:
        assert send(server.url, message(" ")).outcome is Outcome.REFUSED


def test_a_domain_of_other_letters_is_written_as_servers_take_it() -> None:
    with mail_server(smtputf8=False) as server:
        assert send(server.url, message(address="ann@bücher.example")).outcome is Outcome.ACCEPTED
    assert server.recipients == ["ann@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    ("given", "text", "wanted"),
    [
        ("Your order", "Hi", "Your order"),
        ("word " * 30, "Hi", ("word " * 30).strip()),
        ("", "\n  \n Hi  Ann \nmore", "Hi Ann"),
        ("", "word " * 40, ("word " * 15).strip() + "…"),
        ("", "x" * 200, "x" * 77 + "…"),
        ("", " ", "Ember & Oak"),
    ],
)
def test_the_subject_is_the_one_given_or_the_first_line(given: str, text: str, wanted: str) -> None:
    assert subject(given, text, SENDER) == wanted


def test_connections_are_used_again_also_after_a_refusal() -> None:
    async def three(client: Smtp) -> list[Outcome | None]:
        await client.ready(1)
        found = []
        for address in ("ann@example.org", "gone@example.org", "bob@example.org"):
            answer = await client.send(message(address=address), begin=lambda: True)
            found.append(answer.outcome if answer else None)
        return found

    with counted() as (url, server, sessions):
        server.answers["gone@example.org"] = "550 5.1.1 No such user"
        assert use(url, three) == [Outcome.ACCEPTED, Outcome.REFUSED, Outcome.ACCEPTED]
    assert len(sessions) == 1
    assert server.recipients == ["ann@example.org", "bob@example.org"]


def test_many_go_at_once_over_a_few_connections() -> None:
    async def crowd(client: Smtp) -> list[Answer | None]:
        await client.ready(4)
        sends = (client.send(message(correlation=f"{n}-x"), begin=lambda: True) for n in range(4))
        return list(await asyncio.gather(*sends))

    with counted() as (url, server, sessions):
        answers = use(url, crowd)
    assert [one.outcome for one in answers if one] == [Outcome.ACCEPTED] * 4
    assert len(sessions) == 4
    assert len(server.arrived) == 4


@contextmanager
def counted() -> Iterator[tuple[str, MailServer, list[int]]]:
    """Run a mail server that also tells how many connections it had."""
    sessions: list[int] = []

    async def handle_EHLO(  # the name is aiosmtpd's
        _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        sessions.append(id(session))
        return responses

    with mail_server() as server:
        server.handle_EHLO = handle_EHLO  # type: ignore[attr-defined]
        yield server.url, server, sessions


def test_a_claim_that_is_stale_says_nothing_of_the_message() -> None:
    async def two(client: Smtp) -> list[Answer | None]:
        stale = await client.send(message(), begin=lambda: False)
        return [stale, await client.send(message("After"), begin=lambda: True)]

    with counted() as (url, server, sessions):
        stale, after = use(url, two)
    assert stale is None
    assert after is not None
    assert [mail["Subject"] for _, mail in server.arrived] == ["After"]
    assert len(sessions) == 1


@pytest.mark.parametrize(
    ("at", "said", "outcome", "code"),
    [
        ("ann@example.org", "550 5.1.1 No such user", Outcome.REFUSED, "550 5.1.1"),
        ("ann@example.org", "554 no", Outcome.REFUSED, "554"),
        ("ann@example.org", "450 4.2.0 Greylisted", Outcome.NOT_TAKEN, "450 4.2.0"),
        ("ann@example.org", "451 4.7.1 Too fast", Outcome.THROTTLED, "451 4.7.1"),
        ("ann@example.org", "421 4.3.2 Closing", Outcome.THROTTLED, "421 4.3.2"),
        ("DATA", "554 5.7.1 Spam", Outcome.REFUSED, "554 5.7.1"),
        ("DATA", "452 4.3.1 Full", Outcome.NOT_TAKEN, "452 4.3.1"),
    ],
)
def test_a_reply_says_what_becomes_of_it(at: str, said: str, outcome: Outcome, code: str) -> None:
    with mail_server() as server:
        server.answers[at] = said
        answer = send(server.url)
    assert (answer.outcome, answer.code) == (outcome, code)
    assert said.partition(" ")[2] in answer.detail
    if outcome in (Outcome.NOT_TAKEN, Outcome.THROTTLED):
        assert answer.retry_after


def never() -> bool:
    raise AssertionError("asked for leave")


def test_where_nobody_listens_nothing_was_taken_and_leave_is_never_asked() -> None:
    async def after_ready(client: Smtp) -> Answer | None:
        await client.ready(5)
        return await client.send(message(), begin=never)

    for work in (after_ready, lambda client: client.send(message(), begin=never)):
        answer = use(f"smtp://127.0.0.1:{free_port()}", work)
        assert answer is not None
        assert answer.outcome is Outcome.NOT_TAKEN
        assert "cannot be reached" in answer.detail


class Script:
    """Something on a port that says each line in answer to the next; `None` hangs up, `...` waits."""

    def __init__(self, *replies: Any) -> None:
        self.replies, self.heard = replies, b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for reply in self.replies:
                if reply is ...:
                    await reader.read()
                    return
                if reply is None:
                    return
                writer.write(reply.encode() + b"\r\n")
                await writer.drain()
                if reply.startswith("354"):
                    self.heard += await reader.readuntil(b"\r\n.\r\n")
                else:
                    self.heard += await reader.readline()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    def send(self, **options: Any) -> tuple[Answer | None, int]:
        """Send one message to it; gives the answer, and how often leave was asked."""
        asked: list[bool] = []

        async def main() -> Answer | None:
            server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            client = Smtp(parse_server(f"smtp://127.0.0.1:{port}?tls=never"), SENDER, **options)
            try:
                return await client.send(message(), begin=lambda: asked.append(True) or True)
            finally:
                await client.close()
                server.close()

        return asyncio.run(main()), len(asked)


HELLO = ("220 mail.example", "250 mail.example")
ASKS = (*HELLO, "250 OK", "250 OK")


@pytest.mark.parametrize(
    ("replies", "outcome", "asked"),
    [
        ((None,), Outcome.NOT_TAKEN, 0),
        (("554 Go away",), Outcome.ACCOUNT, 0),
        (("421 Busy",), Outcome.THROTTLED, 0),
        (("HTTP/1.1 400 Bad Request",), Outcome.ACCOUNT, 0),
        ((*HELLO, None), Outcome.NOT_TAKEN, 1),
        ((*HELLO, "550 5.7.1 Not this sender"), Outcome.ACCOUNT, 1),
        ((*HELLO, "530 5.7.0 Sign in first"), Outcome.ACCOUNT, 1),
        ((*HELLO, "250 OK", None), Outcome.NOT_TAKEN, 1),
        ((*ASKS, None), Outcome.NOT_TAKEN, 1),
        ((*ASKS, "503 No", "250 OK"), Outcome.REFUSED, 1),
        ((*ASKS, "354 Go on", None), Outcome.UNKNOWN, 1),
        ((*ASKS, "354 Go on", "250 Taken as 12"), Outcome.ACCEPTED, 1),
        ((*ASKS, "354 Go on", "nonsense"), Outcome.UNKNOWN, 1),
        ((*ASKS, "354 Go on", "200 what"), Outcome.UNKNOWN, 1),
    ],
)
def test_it_is_unknown_only_from_the_last_byte_on(
    replies: tuple[Any, ...], outcome: Outcome, asked: int
) -> None:
    answer, times = Script(*replies).send()
    assert answer is not None
    assert (answer.outcome, times) == (outcome, asked)


@pytest.mark.parametrize("replies", [(...,), (*HELLO, ...), (*ASKS, ...)])
def test_a_server_that_says_nothing_is_not_waited_for_for_ever(replies: tuple[Any, ...]) -> None:
    answer, _ = Script(*replies).send(timeout=0.3, most=0.3)
    assert answer is not None
    assert answer.outcome is Outcome.NOT_TAKEN


def test_a_server_that_says_nothing_to_a_letter_leaves_it_unknown() -> None:
    script = (*ASKS, "354 Go on", ...)
    answer = cut_short(lambda seconds: Script(*script).send(timeout=seconds, most=seconds)[0])
    assert answer.outcome is Outcome.UNKNOWN


def test_a_dot_alone_does_not_end_the_message() -> None:
    with mail_server() as server:
        send(server.url, message("a\n.\nb\n..c"))
    assert server.arrived[0][1].get_content().replace("\r\n", "\n") == "a\n.\nb\n..c\n"


@contextmanager
def guarded() -> Iterator[int]:
    """Run a mail server on this machine that takes one password alone; gives its port."""

    def check(_server: Any, _session: Any, _envelope: Any, _kind: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    controller = Controller(
        MailServer(free_port()),
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=check,
        auth_require_tls=False,
        server_hostname="mail.example",
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def test_a_wrong_password_is_the_accounts_trouble_and_shows_nowhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with guarded() as port:
        wrong = f"smtp://heed:wr0ng-secret@127.0.0.1:{port}"
        answer = send(wrong)
        client = repr(Smtp(parse_server(wrong), SENDER))
    assert answer.outcome is Outcome.ACCOUNT
    assert "535" in (answer.code or "")
    assert "wr0ng-secret" not in repr(answer) + client


def test_encryption_that_is_needed_and_not_there_is_the_accounts_trouble() -> None:
    with mail_server() as server:
        answer = send(f"{server.url}?tls=required")
    assert answer.outcome is Outcome.ACCOUNT
    assert server.arrived == []
