"""Letting a person's last year happen."""

from __future__ import annotations

from datetime import datetime, timedelta

from webapp.contacts.rules import Channel
from webapp.demo.acts import ACTS
from webapp.demo.hearing import hear
from webapp.demo.ledger import Ledger
from webapp.demo.people import Person
from webapp.demo.plots import WAITING_FOR_REVIEW
from webapp.demo.stories import Answer, Cast, Life, Story
from webapp.demo.talks import TALKS

OF_LATE = 0.14
LONG_AGO = timedelta(days=180)
READ_WITHIN = timedelta(days=4)


def live(person: Person, cast: Cast) -> Life:
    """Let everything happen that a person did, and what colleagues did with them."""
    life = Life(person)
    for channel in Channel:
        reached = person.reached(channel)
        acts = _plot(person, channel)
        if reached and acts:
            ledger = life.ledgers[channel] = Ledger(channel, *reached, person.id)
            story = Story(life, ledger, cast)
            for act, at in zip(acts, _times(story, acts), strict=True):
                ACTS[act](story, at)
    if person.reached(Channel.WHATSAPP) and person.rng.random() < person.pace.talkers:
        _talk(life, cast)
    return life


def _plot(person: Person, channel: Channel) -> list[str]:
    if channel is Channel.WHATSAPP and person.place in WAITING_FOR_REVIEW:
        return WAITING_FOR_REVIEW[person.place].split()
    return person.pace.decks[channel].one(person.rng)


def _times(story: Story, acts: list[str]) -> list[datetime]:
    """Give the moment of each act; a reply has never waited for long, whoever read it or will."""
    times = story.times(len(acts))
    for nth, act in enumerate(acts):
        if act in ("decided", "dismissed"):
            # Within four days, well before the ten working days are over, and never to come.
            waited = min(READ_WITHIN, story.cast.now - times[nth - 1]) * story.rng.uniform(
                0.02, 0.9
            )
            times[nth] = (times[nth - 1] + waited).replace(microsecond=0)
    if acts[-1] in ("held", "unclear"):
        waited = (story.cast.now - times[0]) * (0.02 + 0.28 * story.rng.random())
        times[-1] = (story.cast.now - waited).replace(microsecond=0)
    return times


def _talk(life: Life, cast: Cast) -> None:
    """Let a person write on WhatsApp, some of them within the last day."""
    rng = life.person.rng
    lines = rng.choice(TALKS[life.person.attributes["language"]])
    if rng.random() < OF_LATE:
        at = cast.now - timedelta(minutes=rng.randrange(45, 20 * 60))
    else:
        span = min(cast.now - life.person.created_at, LONG_AGO)
        at = cast.now - timedelta(hours=2) - (span - timedelta(hours=3)) * rng.random()
    for line in lines:
        at = (at + timedelta(seconds=rng.randrange(30, 720))).replace(microsecond=0)
        if line.startswith(">"):
            life.chat.append(hear(cast.keywords, at, line[2:]))
        else:
            life.answers.append(Answer(at, line[2:]))
