"""What the pages of a person's links say, in the language and the zone of whoever reads them."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from webapp.contacts.rules import Channel, Source, State
from webapp.receipts.links import business
from webapp.receipts.people import Person
from webapp.receipts.reading import Reader
from webapp.receipts.rules import Why
from webapp.receipts.telling import Part, Preference, Receipt


class Words:
    """Says everything on a page to one reader; `texts` are those that need nothing filled in.

    `name` is that of who sends, empty where none is known; `business` names them in a sentence.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader, self.texts = reader, reader.texts
        self.name = business()
        self.business = self.name or self.texts.this_business

    def channel(self, channel: Channel) -> str:
        """Name a channel as a heading does."""
        return _sentence(self.texts.channels[channel])

    def filled(self, text: str, channel: Channel | None = None) -> str:
        """Fill a text in: the business, and a channel where it is about one."""
        named = self.texts.channels[channel] if channel else ""
        return _sentence(text.format(business=self.business, channel=named))

    def marked(
        self, text: str, person: Person | None = None, channel: Channel | None = None
    ) -> Markup:
        """Fill a text in as `filled` does, and whom it is about; each name is set off."""
        named = {
            "business": _apart(self.business),
            "channel": self.texts.channels[channel] if channel else "",
            "address": self.whom(person) if person else "",
            "stop": Markup("<strong>STOP</strong>"),
        }
        return escape(text).format(**named)

    def whom(self, person: Person) -> Markup:
        """Name whom a link is about: the masked address, or what sort of address it is."""
        if person.masked:
            return Markup('<bdi class="address" dir="ltr">{}</bdi>').format(person.masked)
        return escape(self.texts.kinds[person.token.kind])

    def through(self, part: Part) -> str:
        """Say how a change came in."""
        return self.filled(self.texts.sources[part.event.source], part.event.channel)

    def headline(self, receipt: Receipt) -> str:
        """Say in one line what was changed."""
        event, texts = receipt.first.event, self.texts
        if event.source is Source.CORRECTION:
            return self.filled(texts.taken_back, event.channel)
        if event.to_state is not event.asked:
            return self.filled(texts.changed_nothing, event.channel)
        out, stands = event.to_state is State.OPTED_OUT, receipt.now is event.to_state
        said = (
            (texts.are_stopped if stands else texts.were_stopped)
            if out
            else (texts.are_allowed if stands else texts.were_allowed)
        )
        others = (part.event.channel for part in receipt.elsewhere)
        return _sentence(said.format(channels=self._listed([event.channel, *others])))

    def when(self, receipt: Receipt) -> str:
        """Say when the change took effect."""
        return self.reader.moment(receipt.first.event.effective_at)

    def also(self, receipt: Receipt) -> str:
        """Name what went along with the change."""
        named = [self._part(part) for part in receipt.elsewhere]
        return _sentence(self.reader.listed(list(dict.fromkeys(named))))

    def stays(self, part: Part) -> str:
        """Say why an opt-out cannot be taken back by this link."""
        if part.why is Why.PROVIDER:
            return self.filled(self.texts.at_provider[part.event.channel])
        return self.texts.whys[part.why] if part.why else ""

    def fixed(self, receipt: Receipt) -> str:
        """Say what this link cannot take back, since it is about another address of the person."""
        channels = self._listed(part.event.channel for part in receipt.fixed)
        return f"{self.texts.fixed.format(channels=channels)} {self.texts.whys[Why.OTHER_ADDRESS]}"

    def cancelled(self, receipt: Receipt) -> str:
        """Say which messages were cancelled: how many, and of what kind."""
        if not receipt.cancelled:
            return self.texts.none_waited
        kinds = (f"{self.texts.origins[origin]}: {count}" for origin, count in receipt.cancelled)
        return f"{receipt.cancelled_count} ({self.reader.listed(list(kinds))})"

    def still_comes(self, preference: Preference) -> str:
        """Say what may come on a channel although it is stopped."""
        texts = self.texts
        said = texts.still_service if preference.exempt else texts.still_answers
        return self.filled(said, preference.channel)

    def state(self, preference: Preference) -> str:
        """Say what stands on a channel."""
        texts = self.texts
        if not preference.reached:
            return texts.no_address
        if preference.held:
            return texts.held
        if preference.state is State.UNKNOWN:
            return texts.needs_yes if preference.needs_opt_in else texts.not_stopped
        return texts.stopped if preference.state is State.OPTED_OUT else texts.allowed

    def why_not(self, preference: Preference) -> str:
        """Say why this link cannot allow a channel that is not allowed; empty where it can."""
        texts = self.texts
        if preference.state is State.OPTED_IN or not preference.reached:
            return ""
        if preference.why is Why.PROVIDER:
            return self.filled(texts.at_provider[preference.channel])
        if preference.why is Why.OTHER_ADDRESS:
            return texts.reached_elsewhere
        if preference.why is Why.TOO_SOON:
            return texts.stopped_now
        return texts.stopped_elsewhere if preference.stopped_elsewhere else ""

    def stop_label(self, channel: Channel | None) -> str:
        """Give the words on the button that stops a channel, or everything."""
        return self.filled(self.texts.stop, channel) if channel else self.texts.stop_everything

    def stop_promise(self, channel: Channel | None) -> str:
        """Give what the page promises beside the button that stops."""
        texts = self.texts
        said = texts.stop_promise if channel else texts.stop_promise_everything
        return self.filled(said, channel)

    def loosening(self, wanted: str) -> str:
        """Give what a person agrees to by `allow`, `undo` or `narrow`; the evidence keeps it."""
        texts = self.texts
        means = {"allow": texts.allow_means, "undo": texts.undo_means, "narrow": texts.narrow_means}
        return self.filled(means[wanted])

    def _part(self, part: Part) -> str:
        named = self.texts.channels[part.event.channel]
        return named if part.own else self.texts.elsewhere.format(channel=named)

    def _listed(self, channels: Iterable[Channel]) -> str:
        return self.reader.listed([self.texts.channels[c] for c in dict.fromkeys(channels)])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _apart(name: str) -> Markup:
    """Set a name off, so that its letters do not change the order of those around it."""
    return Markup("<bdi>{}</bdi>").format(name)
