"""The provider of the addresses that are nobody's: takes everything, and nothing leaves."""

from __future__ import annotations

from collections.abc import Callable

from webapp.delivery.providers.base import Answer, Outcome, Outgoing


class SinkProvider:
    """Answers like a provider, in this process. What is before it is as for any other.

    The claim, its lock, the epoch, the receipt and `begin_by`: so a drill goes all the way.
    """

    channel = "sink"
    at_once = 64

    async def ready(self, count: int) -> None:
        """Do nothing: there is nothing to connect to."""

    async def send(self, message: Outgoing, *, begin: Callable[[], bool]) -> Answer | None:
        """Take a message; see `base.Provider.send`."""
        if not begin():
            return None
        return Answer(Outcome.ACCEPTED, provider_message_id=f"sink.{message.correlation}")

    async def close(self) -> None:
        """Close nothing."""
