"""What deciding held replies came to, in sentences."""

from __future__ import annotations

from webapp.accounts.queries import names_of
from webapp.consent.review_list import COUNT_AT_MOST
from webapp.consent.review_scenes import Decided, Decision
from webapp.core.words import counted


def say(done: Decided) -> str:
    """Say in a sentence or two what a decision came to."""
    channel = done.channel.label
    if done.again:
        return f"{_decider(done)} decided this reply of {done.name} before: {_as_word(done)}."
    if done.decision is Decision.DISMISSED:
        if done.waits:
            return f"Dismissed. Another reply of {done.name} on {channel} still waits for review."
        return f"Dismissed: marketing on {channel} goes on for {done.name}."
    if done.superseded:
        return (
            f"Recorded. {done.name} opted in to {channel} after this reply, so the opt-in stands."
        )
    said = f"{done.name} is Opted Out of {channel}."
    if done.cancelled:
        was = counted(done.cancelled, "waiting message was", "waiting messages were")
        said += f" {was} cancelled."
    return said


def say_all(wanted: Decision, done: list[Decided], gone: int = 0) -> str:
    """Say what deciding several came to; `gone` more were not there any more."""
    fresh = [one for one in done if not one.again]
    if not done and not gone:
        return "Tick the replies to decide first."
    said = "decided as opt-outs" if wanted is Decision.OPTED_OUT else "dismissed"
    parts = [f"{counted(len(fresh), 'reply', 'replies')} {said}."]
    if before := len(done) - len(fresh) + gone:
        parts.append(f"{counted(before, 'was', 'were')} decided before.")
    if cancelled := sum(one.cancelled for one in fresh):
        was = counted(cancelled, "waiting message was", "waiting messages were")
        parts.append(f"{was} cancelled.")
    return " ".join(parts)


def say_count(found: int) -> str:
    """Say how many wait, as far as they are counted."""
    return f"{COUNT_AT_MOST:,}+" if found > COUNT_AT_MOST else f"{found:,}"


def _decider(done: Decided) -> str:
    name = names_of([done.by])[done.by]
    return name[:1].upper() + name[1:] or "Somebody"


def _as_word(done: Decided) -> str:
    words = {Decision.OPTED_OUT: "Opted Out", Decision.DISMISSED: "Dismissed"}
    return words.get(done.decision, "Opted In") if done.decision else "it waits"
