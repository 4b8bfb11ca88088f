"""What the pages of a person's links say: every text that one language must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.contacts.rules import AddressKind, Channel, Source
from webapp.outbox.rules import Origin
from webapp.receipts.rules import Why


@dataclass(frozen=True)
class Texts:
    """The texts of one language; `locale` says how it writes dates and lists.

    Words in braces are filled in: `{channel}` one channel as it stands within a sentence,
    `{channels}` several of them, `{business}` who sends, `{address}` whom a link is about.
    Where who sends has no name, `this_business` stands instead: in one form, which must fit every
    `{business}` of the language (a dative in German; in Portuguese never after “de”).
    """

    code: str
    locale: str
    channels: Mapping[Channel, str]
    kinds: Mapping[AddressKind, str]
    this_business: str
    messages_from: str

    # Stopping.
    stop: str
    stop_question: str
    stop_everything: str
    about: str
    stopped_already: str
    nothing_yet: str
    stop_promise: str
    stop_promise_everything: str
    all_preferences: str

    # Preferences. The three `…_means` are what a person agrees to; the evidence keeps them.
    preferences: str
    last_change: str
    no_address: str
    held: str
    needs_yes: str
    not_stopped: str
    stopped: str
    allowed: str
    allow: str
    allow_means: str
    undo_means: str
    narrow_means: str
    reach: str

    # The receipt.
    receipt: str
    what: str
    whom: str
    when: str
    through: str
    also: str
    cancelled: str
    sources: Mapping[Source, str]
    taken_back: str
    changed_nothing: str
    are_stopped: str
    were_stopped: str
    are_allowed: str
    were_allowed: str
    elsewhere: str
    none_waited: str
    origins: Mapping[Origin, str]

    # Taking back.
    not_you: str
    stop_here: str
    take_back: str
    change_below: str
    narrow: str
    fixed: str
    whys: Mapping[Why, str]
    at_provider: Mapping[Channel, str]
    reached_elsewhere: str
    stopped_now: str
    stopped_elsewhere: str

    # What may come although it is stopped.
    still: str
    still_service: str
    still_answers: str

    # What went wrong.
    unknown: str
    unknown_why: str
    unknown_otherwise: str
    choose_channel: str
    for_the_person: str
