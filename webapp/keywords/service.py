"""Settings of the words, and what a customer's reply sets in motion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from webapp.accounts import settings
from webapp.accounts.rules import CUSTOMER, Actor
from webapp.audit import service as audit
from webapp.consent.holds import hold
from webapp.consent.service import change_many
from webapp.consent.wishes import Change, Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.owners import Owner
from webapp.contacts.rules import Address, Channel, Source, State
from webapp.core.errors import Invalid
from webapp.keywords.folding import fold, normalise_word
from webapp.keywords.replies import reply
from webapp.keywords.rules import DEFAULT_WORDS, Match, Verdict, Words, match
from webapp.message_templates.queries import opt_out_button_texts
from webapp.receipts.links import links

SETTING = "keywords"
MOST_WORDS = 200
LONGEST_WORD = 60
LONGEST_REPLY = 1000
BUTTON_KINDS = frozenset({"button", "button_reply", "list_reply"})


@dataclass(frozen=True)
class KeywordSettings:
    """The words by which customers opt out, in, or ask for help, and what each is answered."""

    enabled: bool = True
    opt_out: tuple[str, ...] = DEFAULT_WORDS.opt_out
    opt_in: tuple[str, ...] = DEFAULT_WORDS.opt_in
    help: tuple[str, ...] = DEFAULT_WORDS.help
    confirmation: str = (
        "You are opted out and will get no more marketing messages here. "
        "Reply START to get them again. Details: {receipt}"
    )
    opt_in_reply: str = (
        "You are opted in again. Reply STOP at any time to opt out. Details: {receipt}"
    )
    help_reply: str = "Reply STOP to opt out of our messages, START to get them again."

    @property
    def words(self) -> Words:
        """The part that the matcher needs."""
        return Words(self.opt_out, self.opt_in, self.help, self.enabled)


def load() -> KeywordSettings:
    """Read the settings; what was never saved has its default."""
    stored = settings.read(SETTING)
    for name in ("opt_out", "opt_in", "help"):
        if name in stored:
            stored[name] = tuple(stored[name])
    return KeywordSettings(**stored)


def save(wanted: KeywordSettings, actor: Actor) -> KeywordSettings:
    """Store the settings in the open transaction, normalised, and write the audit log.

    Raises Invalid for a word that folds to nothing or stands on two lists, or a text too long.
    """
    cleaned = replace(
        wanted,
        opt_out=_clean(wanted.opt_out),
        opt_in=_clean(wanted.opt_in),
        help=_clean(wanted.help),
    )
    _check(cleaned)
    before = load()
    settings.write(SETTING, asdict(cleaned))
    audit.record(
        actor,
        "keywords.changed",
        before=asdict(before),
        after=asdict(cleaned),
    )
    return cleaned


def _clean(words: Sequence[str]) -> tuple[str, ...]:
    normal = (normalise_word(word) for word in words)
    return tuple(dict.fromkeys(word for word in normal if word))


def _check(wanted: KeywordSettings) -> None:
    lists = {"opt_out": wanted.opt_out, "opt_in": wanted.opt_in, "help": wanted.help}
    seen: dict[str, str] = {}
    for name, words in lists.items():
        if len(words) > MOST_WORDS:
            raise Invalid(f"A list has {MOST_WORDS} words at most.", field=name)
        for word in words:
            folded = fold(word)
            if not folded or len(word) > LONGEST_WORD:
                raise Invalid(f"“{word}” cannot be a word.", field=name)
            if seen.setdefault(folded, name) != name:
                raise Invalid(f"“{word}” stands on two lists.", field=name)
    for name in ("confirmation", "opt_in_reply", "help_reply"):
        if len(getattr(wanted, name)) > LONGEST_REPLY:
            raise Invalid(f"A reply has {LONGEST_REPLY} characters at most.", field=name)


@dataclass(frozen=True)
class Judged:
    """What the words make of a reply, under the settings that were in force."""

    found: Match
    wanted: KeywordSettings

    @property
    def verdict(self) -> Verdict:
        """What it comes to."""
        return self.found.verdict

    @property
    def because(self) -> dict[str, Any]:
        """Which rule and words decided, as it is kept with the reply."""
        found = self.found
        return {"rule": found.rule, "words": list(found.words), "language": found.language}


@dataclass(frozen=True)
class Heard:
    """A reply that is to be acted on: where it came from, and everything it said.

    `addresses` are all that are known of the person on the channel, the one to answer first;
    `owners` are whose they are, as was just read.
    """

    channel: Channel
    addresses: Sequence[Address]
    owners: Sequence[Owner | None]
    kind: str
    text: str
    payload: str
    occurred_at: datetime | None
    provider_answers: bool = False

    @property
    def contact_id(self) -> int | None:
        """The contact that the person is."""
        return next((owner.id for owner in self.owners if owner is not None), None)


def judge(channel: Channel, kind: str, text: str, payload: str) -> Judged:
    """Judge a reply under the settings as they are; on a button also by the templates' texts."""
    wanted = load()
    words = wanted.words
    if kind in BUTTON_KINDS:
        words = replace(words, opt_out=(*words.opt_out, *opt_out_button_texts(channel)))
    return Judged(match(text, words, payload=payload or None), wanted)


def is_stop(channel: Channel, kind: str, text: str, payload: str) -> bool:
    """Tell whether a reply is an opt-out under the settings as they are."""
    return judge(channel, kind, text, payload).verdict is Verdict.OPT_OUT


def act_on(heard: Heard, inbound_id: int, judged: Judged) -> list[Change]:
    """Do what a judged reply asks for in the open transaction; gives consent changes.

    `inbound_id` is where it is kept. An opt-out or opt-in is recorded, what only reads like one is held, help is answered. The
    caller commits, and settles the changes before it acknowledges.
    """
    match judged.verdict:
        case Verdict.OPT_OUT:
            return _change(heard, State.OPTED_OUT, judged.wanted.confirmation)
        case Verdict.OPT_IN:
            return _change(heard, State.OPTED_IN, judged.wanted.opt_in_reply)
        case Verdict.HELP:
            _reply(heard, judged.wanted.help_reply, answers_inbound_id=inbound_id)
        case Verdict.HOLD:
            hold(
                heard.channel,
                heard.addresses[0],
                heard.text,
                judged.because,
                actor=CUSTOMER,
                inbound_id=inbound_id,
            )
    return []


def _change(heard: Heard, asked: State, answer: str) -> list[Change]:
    """Record what the person asked for on all their addresses, and confirm it once."""
    source = Source.BUTTON if heard.kind in BUTTON_KINDS else Source.KEYWORD
    changes = change_many(
        [
            Wish(
                heard.channel,
                address,
                asked,
                source,
                CUSTOMER,
                heard.occurred_at,
                said=heard.text or heard.payload,
            )
            for address in heard.addresses
        ],
        met=heard.owners,
    )
    both = list(zip(heard.addresses, changes, strict=True))
    # The first address that is other now: an earlier START may have come from one of them alone.
    told = next(((address, one) for address, one in both if one.changed), None)
    if told is not None and not heard.provider_answers:
        address, one = told
        text = links().filled(answer, one.channel, address.kind, one.key, one.event_id)
        _reply(heard, text, confirms_event_id=one.event_id)
    return changes


def _reply(heard: Heard, text: str, **why: int) -> None:
    address = heard.addresses[0]
    reply(heard.channel, key_of(address), address.value, heard.contact_id, text, **why)
