"""A thread in words: days between, what came where it is no text, who sent what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from webapp.contacts.rules import Source, State
from webapp.conversations.models import InboundMessage
from webapp.core import clock
from webapp.core.words import counted
from webapp.core.zones import NEAR, reader_zone, short_day
from webapp.inbox.items import Changed, Item, Said
from webapp.inbox.lines import Last
from webapp.outbox.models import Message
from webapp.outbox.rules import Origin, Status
from webapp.pages.presentation import source_word

# What came where it is not a text; the rest of WhatsApp's kinds are named as they are.
KINDS = {
    "image": "Photo",
    "audio": "Voice message",
    "video": "Video",
    "document": "Document",
    "sticker": "Sticker",
    "location": "Location",
    "contacts": "Contact card",
    "order": "Order",
    "reaction": "Reaction",
    "unreaction": "Took a reaction back",
    "edit": "Edited a message",
    "revoke": "Deleted a message",
    "form_reply": "Form",
    "button": "Tapped a button",
    "button_reply": "Tapped a button",
    "list_reply": "Chose from a list",
    "system": "System message",
    "unsupported": "A message that WhatsApp does not pass on",
}
PLAIN = ("text", "email", "sms", "")
VERDICTS = {
    "opt_out": "Read as a request to stop",
    "opt_in": "Read as an opt-in",
    "help": "Read as a request for help",
    "hold": "Read like a request to stop",
}
ORIGINS = {
    Origin.CAMPAIGN: "Campaign",
    Origin.AUTOMATION: "Automation",
    Origin.CONFIRMATION: "Confirmation",
}
TICKS = {
    Status.SCHEDULED: "Waiting",
    Status.SENDING: "On its way",
    Status.UNCONFIRMED: "Perhaps sent",
}
NO_TICK = (Status.FAILED, Status.CANCELLED, Status.SKIPPED, Status.UNCONFIRMED)


@dataclass(frozen=True)
class Day:
    """The messages of one day."""

    label: str
    on: date
    items: list[Item]


def words_of_thread(items: Sequence[Item]) -> list[Day]:
    """Divide a thread by the days of the reader's zone."""
    zone = reader_zone()
    today = clock.now().astimezone(zone).date()
    days: list[Day] = []
    for item in items:
        on = item.at.astimezone(zone).date()
        if not days or days[-1].on != on:
            days.append(Day(_day(on, today), on, []))
        days[-1].items.append(item)
    return days


def _day(on: date, today: date) -> str:
    near = NEAR.get((on - today).days)
    return near or short_day(on, year=on.year != today.year)


def kind_word(inbound: InboundMessage) -> str:
    """Say what came where it was no plain text; empty where it was."""
    kind = inbound.kind
    if kind in PLAIN:
        return "" if inbound.text else "An empty message"
    return KINDS.get(kind) or kind.replace("_", " ").capitalize()


def verdict_word(inbound: InboundMessage) -> str:
    """Say what the keywords made of a message; empty where nothing."""
    return VERDICTS.get(inbound.verdict, "")


def author(item: Said) -> str:
    """Say who sent a message: a person by name, else what sent it."""
    message = item.message
    word = ORIGINS.get(message.origin)
    if word:
        return word
    scheduled = ", scheduled" if message.origin is Origin.SCHEDULED else ""
    return f"{item.who[:1].upper()}{item.who[1:]}{scheduled}"


def tick(message: Message) -> str:
    """Say in a word or two how far a message has come."""
    return TICKS.get(message.status) or message.status.value.capitalize()


def change_word(item: Changed) -> str:
    """Say in a line what became of consent: “STOP reply → Opted Out by the customer”."""
    event = item.event
    how = _how(item)
    if event.source is Source.CORRECTION:
        said = f"Undone by {item.who}: {event.to_state.label} again"
    elif event.to_state is not event.asked:
        said = f"{how}: {event.asked.label} recorded, but {event.to_state.label} stands"
    elif event.from_state is event.to_state:
        said = f"{how}: {event.to_state.label} again"
    else:
        said = f"{how} → {event.to_state.label}"
    if item.cancelled:
        said += f"; {counted(item.cancelled, 'waiting message')} cancelled"
    return said


def _how(item: Changed) -> str:
    source, said = item.event.source, " ".join(item.said.split())
    if source is Source.KEYWORD and said:
        return f"“{said[:40]}{'…' if len(said) > 40 else ''}” reply"
    by = f" by {item.who}" if item.who and source in (Source.MANUAL, Source.REVIEW) else ""
    return f"{source_word(source)}{by}"


def glyph(item: Changed) -> str:
    """Give the icon of a consent change."""
    return {State.OPTED_IN: "check", State.OPTED_OUT: "stop"}.get(item.event.to_state, "dash")


def excerpt(last: Last | None, me: int) -> tuple[str, str]:
    """Say who wrote last, or as what it came, and what: “You”, “See you soon”; nothing, “Photo”.

    They are apart since the one is English, and the other may be written from right to left.
    """
    if last is None:
        return "", "Nothing was said yet"
    text = " ".join(last.text.split())
    if not last.ours:
        word = "" if last.kind in PLAIN else KINDS.get(last.kind, last.kind.capitalize())
        return (word, text) if text else ("", word or "An empty message")
    assert last.origin is not None
    who = ORIGINS.get(last.origin) or ("You" if last.author == me else "Us")
    failed = f" ({tick_of(last.status)})" if last.status in NO_TICK else ""
    return f"{who}{failed}", text


def tick_of(status: Status | None) -> str:
    """Say in lower case what became of what was said last."""
    return status.value.replace("_", " ") if status else ""


def template_words() -> Iterable[tuple[str, object]]:
    """Give what the inbox's templates call, by name."""
    return {
        "kind_word": kind_word,
        "verdict_word": verdict_word,
        "author": author,
        "tick": tick,
        "change_word": change_word,
        "change_glyph": glyph,
        "excerpt": excerpt,
    }.items()
