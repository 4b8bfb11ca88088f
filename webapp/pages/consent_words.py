"""What opting out or in on several channels came to, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.consent.outcomes import Act, Acts, Outcome, stands_against
from webapp.consent.takebacks import TakenBack
from webapp.consent.toggles import Record, Toggled
from webapp.contacts.rules import Channel, State
from webapp.core.words import counted, listed
from webapp.pages.consents import say


def say_opted_out(acts: Acts, name: str) -> str:
    """Say what became of one contact's channels: “Ann is Opted Out of SMS and WhatsApp. …”."""
    changed = _labels(acts.with_outcome(Outcome.CHANGED))
    already = _labels(acts.with_outcome(Outcome.ALREADY))
    said = []
    if changed:
        said.append(f"{name} is Opted Out of {changed}.")
    if already:
        said.append(f"{name} was Opted Out of {already} already.")
    if missing := _labels(acts.with_outcome(Outcome.NO_ADDRESS)):
        said.append(f"There is no address on {missing}.")
    return " ".join([*said, *_cancelled(acts.cancelled)])


def say_opted_in(acts: Acts, name: str) -> str:
    """Say on which channels somebody is opted in now; empty where nothing changed."""
    changed = _labels(acts.with_outcome(Outcome.CHANGED))
    already = _labels(acts.with_outcome(Outcome.ALREADY))
    said = f"{name} is Opted In to {changed}." if changed else ""
    return said or (f"{name} was Opted In to {already} already." if already else "")


def say_stands(acts: Acts, record: Record) -> list[tuple[Channel, str]]:
    """Say for each channel where an opt-out stands against the record why it does."""
    return [
        (
            act.channel,
            say(Toggled(act.owner, act.channel, State.OPTED_OUT, act.changes, against)),
        )
        for act in acts.with_outcome(Outcome.STANDS)
        if (against := stands_against(act, record))
    ]


def say_taken_back(found: TakenBack) -> str:
    """Say what was undone, and what was not and why."""
    people = {toggled.contact for toggled in found.done}
    said = []
    if len(people) == 1:
        states = [f"{done.channel.label} is {done.state.label}" for done in found.done]
        said.append(f"Undone: {listed(states)} again.")
    elif people:
        said.append(f"Undone for {counted(len(people), 'contact')}.")
    for why in dict.fromkeys(kept.why for kept in found.kept):
        of = [kept for kept in found.kept if kept.why == why]
        said.append(f"Not undone: {_of_whom([(k.owner, k.channel) for k in of])}. {why}")
    return " ".join(said)


def _of_whom(kept: Sequence[tuple[object, Channel]]) -> str:
    if len({owner for owner, _ in kept}) > 1:
        return counted(len(kept), "change")
    return listed([channel.label for _, channel in kept])


def _labels(acts: Sequence[Act]) -> str:
    return listed([act.channel.label for act in acts])


def _cancelled(number: int) -> list[str]:
    if not number:
        return []
    waiting = counted(number, "waiting message was", "waiting messages were")
    return [f"{waiting} cancelled."]
