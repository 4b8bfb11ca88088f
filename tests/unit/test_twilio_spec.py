"""What the SMS client sends is valid by Twilio's own OpenAPI file, as a mock server judges it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.specs import SPECS, judged_by, mocked
from webapp.delivery.providers.base import Answer, Outcome, Outgoing
from webapp.delivery.providers.twilio import Twilio

SPEC = SPECS / "twilio_api_v2010.patched.json"
ACCOUNT = "AC" + "0123456789abcdef" * 2

pytestmark = judged_by(SPEC)


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """A server that refuses with 422 what does not fit the file; gives its base address."""
    with mocked(SPEC) as url:
        yield url


def send(url: str, message: Outgoing, account: str = ACCOUNT, **options: str) -> Answer:
    async def main() -> Answer | None:
        sender = options.pop("sender", "+12025550147")
        client = Twilio(url, account, "a-token", sender, **options)  # type: ignore[arg-type]
        try:
            await client.ready(1)
            return await client.send(message, begin=lambda: True)
        finally:
            await client.close()

    answer = asyncio.run(main())
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"sender": "MG" + "b" * 32},
        {"sender": "Ember"},
        {"status_callback": "https://heed.example/webhooks/twilio/status"},
    ],
)
def test_what_is_sent_is_valid(mock: str, options: dict[str, str]) -> None:
    message = Outgoing(1, "1-abc", "+16505551234", "Olá & 10 % off", None)
    assert send(mock, message, **options).outcome is Outcome.ACCEPTED


def test_the_mock_would_say_if_it_were_not(mock: str) -> None:
    answer = send(mock, Outgoing(1, "1-abc", "+16505551234", "Hello", None), account="no-sid")
    assert answer.outcome is Outcome.REFUSED
