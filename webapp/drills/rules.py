"""What a drill consists of, and what it says of each of its steps; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class Failed(Exception):
    """A step did not find what must be there; the text says what it found, in a sentence."""


@dataclass(frozen=True)
class Reply:
    """What Heed answered; `seconds` from the first byte sent to the last byte of the answer."""

    status: int
    seconds: float


class Line(Protocol):
    """A provider's end of the line to a running Heed. Its calls raise OSError as sockets do."""

    url: str
    provider: str

    def ask(self) -> Reply:
        """Ask, as the provider does when its webhook is set up, whether this is ours: then 200."""

    def notice(self, sender: str, text: str, message_id: str, at: datetime) -> bytes:
        """Give the bytes with which the provider tells that `sender` (E.164) wrote `text`."""

    def post(self, body: bytes) -> Reply:
        """Bring such bytes to the webhook, signed."""


@dataclass(frozen=True)
class Step:
    """One step: passed, failed, or (None) not come to; what it found, and how long it took."""

    name: str
    passed: bool | None
    found: str = ""
    milliseconds: int | None = None

    def kept(self) -> dict[str, Any]:
        """Give it as it is stored."""
        return dict(vars(self))


def passed(steps: list[Step]) -> bool:
    """Tell whether a drill passed: all of its steps did."""
    return all(step.passed for step in steps)
