"""What the client sends is valid by Meta's own OpenAPI file, as a mock server judges it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.specs import SPECS, judged_by, mocked
from webapp.delivery.providers.base import Answer, Outcome, Outgoing, TemplateCall
from webapp.delivery.providers.whatsapp import WhatsApp

SPEC = SPECS / "business-messaging-api_v23.0.patched.json"

pytestmark = judged_by(SPEC)


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """A server that refuses with 422 what does not fit the file; gives its base address."""
    with mocked(SPEC) as url:
        yield f"{url}/v23.0"


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
