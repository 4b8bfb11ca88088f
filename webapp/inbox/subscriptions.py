"""The subscription status of whoever a conversation is with: read, and changed several at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webapp.accounts.rules import Actor
from webapp.consent import several
from webapp.consent.models import ConsentState
from webapp.consent.outcomes import Acts
from webapp.consent.preferences import Preference, preferences_of
from webapp.consent.queries import states_of
from webapp.consent.reports import hold_as_reported
from webapp.consent.rows import Place, read_row
from webapp.consent.toggles import Record
from webapp.consent.wishes import Change
from webapp.contacts.rules import Channel, State, channels_of
from webapp.core.errors import Conflict, Invalid
from webapp.inbox import strangers
from webapp.inbox.talks import Talk

STALE = "Their consent changed meanwhile. Look at what stands now, then choose again."


@dataclass(frozen=True)
class Standing:
    """A channel of the person: what stands there, and where it reaches them, if it does.

    `stamp` is a word that begins with the state, and is another once any of it is.
    """

    preference: Preference
    address: str
    stamp: str

    @property
    def channel(self) -> Channel:
        """Which."""
        return self.preference.channel

    @property
    def state(self) -> State:
        """What stands."""
        return self.preference.state


@dataclass(frozen=True)
class Wanted:
    """What a form asks of the channels: those to opt out of, and those to opt in to."""

    out: list[Channel] = field(default_factory=list)
    into: list[Channel] = field(default_factory=list)


@dataclass(frozen=True)
class Saved:
    """What came of it. After the commit `settle(saved.changes, also=saved.places)`."""

    out: Acts
    into: Acts

    @property
    def changes(self) -> list[Change]:
        """Every change made."""
        return [*self.out.changes, *self.into.changes]

    @property
    def former(self) -> list[int]:
        """The contacts whom an opt-out of a stranger's address reached, since they had left it."""
        theirs = [act for act in self.out.acts if act.owner is None]
        reached = {one.contact_id for act in theirs for made in act.changes for one in made.along}
        return sorted(one for one in reached if one is not None)

    @property
    def places(self) -> list[Place]:
        """What an answer of Opted Out speaks for."""
        return self.out.places

    @property
    def event_ids(self) -> list[int]:
        """The events that undoing all of it names."""
        return [*self.out.event_ids, *self.into.event_ids]


def standing_of(talk: Talk) -> list[Standing]:
    """Give the four channels of the person, in their order; a stranger's by the one address."""
    person, own = talk.person, channels_of(talk.address.kind)
    found = states_of(talk.places)
    return [
        Standing(
            each,
            (person.address(each.channel) or "") if talk.contact or each.channel in own else "",
            _stamp(each, talk.places, found.get(each.channel, [])),
        )
        for each in preferences_of(talk.address)
    ]


def read_wanted(form: Mapping[str, str], standing: Sequence[Standing]) -> Wanted:
    """Read what differs from what the form showed.

    A channel that was left as it was shown asks for nothing, whatever stands there by now. Raises
    Conflict where somebody is to be opted in where another state stands than was shown.
    """
    wanted = Wanted()
    for each in standing:
        shown, asked = form.get(f"shown.{each.channel}", ""), form.get(f"state.{each.channel}", "")
        if not each.address or shown.startswith(asked):
            continue
        if asked == State.OPTED_OUT:
            wanted.out.append(each.channel)
        elif asked == State.OPTED_IN:
            if shown != each.stamp:
                raise Conflict(STALE)
            wanted.into.append(each.channel)
    return wanted


def save(talk: Talk, wanted: Wanted, record: Record | None, actor: Actor) -> Saved:
    """Change the channels in the open transaction, opt-outs last, so that a no wins.

    `talk` is locked, so that its person still has its address. Raises Invalid for opting in
    without the record of consent, and as `several.opt_in` does.
    """
    into, out = Acts(State.OPTED_IN, []), Acts(State.OPTED_OUT, [])
    if wanted.into:
        if record is None:
            raise Invalid("Opting in takes the record of consent.")
        into = (
            several.opt_in([talk.contact.id], wanted.into, record, actor)
            if talk.contact
            else strangers.opt_in(talk, wanted.into, record, actor)
        )
    if wanted.out:
        out = (
            several.opt_out([talk.contact.id], wanted.out, actor)
            if talk.contact
            else strangers.opt_out(talk, wanted.out, actor)
        )
    return Saved(out, into)


def report(talk: Talk, actor: Actor, said: str = "") -> bool:
    """Hold the channel's marketing until an admin decides, in the open transaction.

    The conversation's own address is held, and with it the others of a contact who has it; `said`
    is what the person said. `talk` is locked. Gives False where all of it is held already.
    """
    if all(read_row(talk.channel, key).held for key in talk.keys):
        return False
    hold_as_reported(talk.channel, talk.address, actor, said)
    return True


def _stamp(of: Preference, places: Sequence[Place], rows: Sequence[ConsentState]) -> str:
    """Make a word of a channel's state, of the person's keys there and of their newest events."""
    heads = {row.key: row.head_seq for row in rows}
    keys = sorted(key for channel, key in places if channel is of.channel)
    known = " ".join(f"{key.hex()} {heads.get(key, 0)}" for key in keys)
    return f"{of.state} {hashlib.sha256(known.encode()).hexdigest()[:16]}"
