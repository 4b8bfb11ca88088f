"""What is wrong with a ledger, in sentences: all of it counted, the first of it told."""

from __future__ import annotations

from dataclasses import dataclass, field

SHOWN = 100


@dataclass
class Findings:
    """What a check found; `told` are the first sentences, `count` is of all."""

    told: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, sentence: str) -> None:
        """Note one finding."""
        self.count += 1
        if len(self.told) < SHOWN:
            self.told.append(sentence)

    def join(self, others: Findings) -> None:
        """Take over what another check found."""
        self.count += others.count
        self.told.extend(others.told[: SHOWN - len(self.told)])


def named(event_id: int, channel: str, key: bytes, seq: int) -> str:
    """Give how an event is called: its id, and its place in its chain."""
    return f"Event {event_id} ({chain_named(channel, key)}, number {seq} of its chain)"


def chain_named(channel: str, key: bytes) -> str:
    """Give how a chain is called; where its key was edited it may be no bytes any more."""
    return f"{channel}, key {key.hex() if isinstance(key, bytes) else key}"
