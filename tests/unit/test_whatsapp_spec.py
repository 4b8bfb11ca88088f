"""What the client sends is valid by Meta's own OpenAPI file, as a mock server judges it."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import free_port, wait_until
from webapp.delivery.providers.base import Answer, Outcome, Outgoing, TemplateCall
from webapp.delivery.providers.whatsapp import WhatsApp

DATA = Path(
    os.environ.get("HEED_TEST_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data"
)
SPEC = DATA / "specs" / "business-messaging-api_v23.0.patched.json"
PRISM = shutil.which("prism")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PRISM is None, reason="no prism on the path (npm: @stoplight/prism-cli)"),
    pytest.mark.skipif(not SPEC.is_file(), reason=f"no {SPEC} (HEED_TEST_DATA names another)"),
]


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """A server that refuses with 422 what does not fit the file; gives its base address."""
    port = free_port()
    process = subprocess.Popen(
        [str(PRISM), "mock", "-h", "127.0.0.1", "-p", str(port), "--errors", str(SPEC)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(lambda: answers(port), "the mock to listen")
        yield f"http://127.0.0.1:{port}/v23.0"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def send(url: str, message: Outgoing) -> Answer:
    async def main() -> Answer | None:
        client = WhatsApp(url, "106540352242922", "a-token")
        try:
            return await client.send(message, begin=lambda: True)
        finally:
            await client.close()

    answer = asyncio.run(main())
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    "message",
    [
        Outgoing(1, "heed-1", "+16505551234", "Hello", None),
        Outgoing(1, "heed-1", "+16505551234", "Hello", None, reply_to="wamid.1"),
        Outgoing(1, "heed-1", "+16505551234", None, TemplateCall("offer", "en_US")),
        Outgoing(1, "heed-1", "+16505551234", None, TemplateCall("offer", "pt_BR", ("Ann", "2"))),
    ],
)
def test_what_is_sent_is_valid(mock: str, message: Outgoing) -> None:
    assert send(mock, message).outcome is Outcome.ACCEPTED


def test_the_mock_would_say_if_it_were_not(mock: str) -> None:
    answer = send(mock, Outgoing(1, "x" * 513, "+16505551234", "Hello", None))
    assert answer.outcome is Outcome.REFUSED
    assert "VIOLATION" in answer.detail
