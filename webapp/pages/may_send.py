"""“Can I message this person?”: the answers of the table in the words of the card."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from webapp.consent.answers import HOWS, Answer, answers_for
from webapp.consent.rules import Verdict
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, State
from webapp.delivery.service import manual_sends_blocked
from webapp.outbox.rules import SENTENCES, Category, Origin, Reason
from webapp.pages.presentation import word

# How a message is sent, as the card calls it.
SENDERS = {
    Origin.MANUAL: "By hand",
    Origin.CAMPAIGN: "Campaign",
    Origin.API: "API or automation",
}


@dataclass(frozen=True)
class Word:
    """One answer in a word, with its icon; `verdict` colours it."""

    answer: Answer
    text: str
    glyph: str


@dataclass(frozen=True)
class Why:
    """A sentence that explains answers, of whom where they differ, and the event that decided."""

    senders: str
    text: str
    event_id: int | None


@dataclass(frozen=True)
class Row:
    """One channel of the card in one category; no words where there is no address."""

    channel: Channel
    words: list[Word]
    whys: list[Why]


@dataclass(frozen=True)
class ByHand:
    """What the form says before a send by hand: a red mark on the button for somebody who opted
    out, whatever may be sent to them all the same, and a sentence beside it."""

    out: bool = False
    text: str = ""


@dataclass(frozen=True)
class MaySend:
    """The card: its columns, and its rows by category, marketing first.

    `blocked` says whether the account makes the warning of a send by hand a block.
    """

    senders: list[str]
    rows: dict[Category, list[Row]]
    blocked: bool = False

    def by_hand(self, channel: Channel, category: Category) -> ByHand:
        """Say what a send by hand now would come to."""
        row = next(row for row in self.rows[category] if row.channel is channel)
        answer = next((w.answer for w in row.words if w.answer.origin is Origin.MANUAL), None)
        if answer is None:
            return ByHand()
        out = answer.state is State.OPTED_OUT
        match answer.decision.verdict:
            case Verdict.NEVER:
                asks = f"{answer.why} Heed asks before it sends."
                return ByHand(out, SENTENCES[Reason.MANUAL_BLOCKED] if self.blocked else asks)
            case Verdict.WAIT:
                return ByHand(out, f"It would wait. {answer.why}")
            case _:
                same = f"{word(category)}: may be sent all the same."
                return ByHand(out, same if out else "")


def may_send_of(contact: Contact) -> MaySend:
    """Answer for a contact, for every channel, category and way of sending."""
    answers = answers_for(contact)
    blocked = manual_sends_blocked()
    rows = {
        category: [
            _row(channel, [a for a in answers.get(channel, []) if a.category is category], blocked)
            for channel in Channel
        ]
        for category in Category
    }
    return MaySend([SENDERS[origin] for origin in HOWS], rows, blocked)


def _row(channel: Channel, answers: list[Answer], blocked: bool) -> Row:
    return Row(channel, [_word(answer, blocked) for answer in answers], _whys(answers))


def _word(answer: Answer, blocked: bool) -> Word:
    verdict = answer.decision.verdict
    if verdict is Verdict.NEVER and answer.origin is Origin.MANUAL and not blocked:
        return Word(answer, "After a warning", "alert")
    text, glyph = {
        Verdict.SEND: ("Yes", "check"),
        Verdict.WAIT: ("Waits", "hold"),
        Verdict.NEVER: ("No", "stop"),
    }[verdict]
    return Word(answer, text, glyph)


def _whys(answers: list[Answer]) -> list[Why]:
    """Give each sentence once, naming whom it is about where there are several."""
    groups = [
        (why, event_id, list(some))
        for (why, event_id), some in groupby(answers, key=lambda a: (a.why, a.event_id))
    ]
    alone = len(groups) == 1
    return [
        Why("" if alone else ", ".join(SENDERS[a.origin] for a in some), why, event_id)
        for why, event_id, some in groups
    ]
