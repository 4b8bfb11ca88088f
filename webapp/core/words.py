"""Words put together in sentences; pure."""

from __future__ import annotations

from collections.abc import Sequence


def listed(words: Sequence[str]) -> str:
    """Write words as a list in a sentence: “Email, SMS and WhatsApp”."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def counted(number: int, one: str, several: str = "") -> str:
    """Write how many of something: “1 contact”, “12,345 contacts”; `several` where not with an s."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
