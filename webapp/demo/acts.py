"""What a plot's words stand for: each act adds what it did to the ledger, chat and reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from webapp.accounts.rules import CUSTOMER, PROVIDER
from webapp.contacts.rules import Source, State
from webapp.demo import talks, wording
from webapp.demo.stories import Held, Story
from webapp.demo.templates import WAY_OUT
from webapp.keywords.rules import Verdict

ON_THE_WAY = timedelta(seconds=2)


def form(story: Story, at: datetime) -> None:
    """They filled in a form of ours."""
    proof = wording.form(story.rng, story.ledger.channel, at)
    story.opted_in(at, Source.LINK, CUSTOMER, occurred_at=at, evidence=proof)


def file(story: Story, at: datetime) -> None:
    """A list with their earlier agreement was imported."""
    when = at - timedelta(hours=story.rng.randrange(30, 1200))
    proof = wording.file(story.rng, story.ledger.channel, when)
    story.opted_in(
        at, Source.IMPORT, story.cast.admin, occurred_at=when, evidence=proof, evidence_at=when
    )


def checkout(story: Story, at: datetime) -> None:
    """The shop system reported a box that was ticked."""
    when = at - timedelta(seconds=story.rng.randrange(2, 40))
    proof = wording.checkout(story.rng, story.ledger.channel, when)
    story.opted_in(at, Source.API, story.cast.shop, evidence=proof, evidence_at=when)


def late(story: Story, at: datetime) -> None:
    """The shop system reports an agreement older than the opt-out: it changes nothing."""
    when = story.ledger.steps[-1].at - timedelta(days=3)
    proof = wording.checkout(story.rng, story.ledger.channel, when)
    story.opted_in(at, Source.API, story.cast.shop, evidence=proof, evidence_at=when)


def spoken(story: Story, at: datetime) -> None:
    """A colleague wrote down that they agreed."""
    proof = wording.spoken(story.rng, story.ledger.channel, at)
    story.opted_in(at, Source.MANUAL, story.cast.marketer, evidence=proof, evidence_at=at)


def start(story: Story, at: datetime) -> None:
    """They wrote START."""
    said = story.wrote(at, story.rng.choice(talks.STARTS))
    said.step = story.opted_in(
        at + ON_THE_WAY, Source.KEYWORD, CUSTOMER, occurred_at=at, said=said.text
    )


def stop(story: Story, at: datetime) -> None:
    """They wrote STOP, or what means it."""
    said = story.wrote(at, story.chosen(talks.STOPS, Verdict.OPT_OUT))
    said.step = story.opted_out(
        at + ON_THE_WAY, Source.KEYWORD, CUSTOMER, occurred_at=at, said=said.text
    )


def tap(story: Story, at: datetime) -> None:
    """They tapped the way out under an offer."""
    text = WAY_OUT["es" if story.language == "Spanish" else "en"]
    said = story.wrote(at, text, "button")
    said.step = story.opted_out(at + ON_THE_WAY, Source.BUTTON, CUSTOMER, occurred_at=at, said=text)


def unsubscribe(story: Story, at: datetime) -> None:
    """They used the link under a message."""
    story.opted_out(at, Source.LINK, CUSTOMER, occurred_at=at)


def told(story: Story, at: datetime) -> None:
    """They told a colleague, who switched the toggle."""
    note = story.rng.choice(wording.OPT_OUT_NOTES)
    story.opted_out(at, Source.MANUAL, story.cast.marketer, reason=note)


def shop_out(story: Story, at: datetime) -> None:
    """The shop system reported that they want no more."""
    story.opted_out(at, Source.API, story.cast.shop, reason="Account settings")


def listed(story: Story, at: datetime) -> None:
    """They stood on a list of opt-outs that was imported."""
    when = at - timedelta(hours=story.rng.randrange(30, 1200))
    note = "opt-outs.csv"
    story.opted_out(at, Source.IMPORT, story.cast.admin, occurred_at=when, reason=note)


def block(story: Story, at: datetime) -> None:
    """They switched marketing off in WhatsApp itstory."""
    _switched(story, at, State.OPTED_OUT, "stop")


def unblock(story: Story, at: datetime) -> None:
    """They switched marketing on again in WhatsApp itstory."""
    _switched(story, at, State.OPTED_IN, "resume")


def _switched(story: Story, at: datetime, asked: State, word: str) -> None:
    """They used WhatsApp's own switch."""
    said = f"WhatsApp marketing messages: {word}"
    story.ledger.add(at + ON_THE_WAY, asked, Source.PROVIDER, PROVIDER, occurred_at=at, said=said)


def complaint(story: Story, at: datetime) -> None:
    """Their mail provider reported that they marked a message as spam."""
    story.opted_out(at, Source.PROVIDER, PROVIDER, occurred_at=at, said="Reported as spam")


def undo(story: Story, _at: datetime) -> None:
    """The colleague took the last change back at once."""
    story.ledger.undo(story.ledger.steps[-1])


def held(story: Story, at: datetime) -> None:
    """They wrote something that may be a request to stop: it waits for review."""
    _waits(story, at, story.chosen(talks.HELD, Verdict.HOLD))


def unclear(story: Story, at: datetime) -> None:
    """They wrote something that only looks like one: it waits as well."""
    _waits(story, at, story.chosen(talks.UNCLEAR, Verdict.HOLD))


def _waits(story: Story, at: datetime, text: str) -> None:
    story.life.held.append(Held(story.wrote(at, text)))
    story.ledger.held = True


def dismissed(story: Story, at: datetime) -> None:
    """A colleague decided that it was no request."""
    held = story.life.held[-1]
    held.decision, held.decided_at = "dismissed", at
    story.ledger.held = False


def decided(story: Story, at: datetime) -> None:
    """A colleague decided that it was one."""
    held = story.life.held[-1]
    held.decision, held.decided_at = State.OPTED_OUT, at
    story.opted_out(at, Source.REVIEW, story.cast.marketer, said=held.said.text)
    story.ledger.held = False


ACTS: dict[str, Callable[[Story, datetime], None]] = {
    act.__name__: act
    for act in (
        form,
        file,
        checkout,
        late,
        spoken,
        start,
        stop,
        tap,
        unsubscribe,
        told,
        shop_out,
        listed,
        block,
        unblock,
        complaint,
        undo,
        held,
        unclear,
        dismissed,
        decided,
    )
}
