"""The subscription status of whoever a conversation is with: read, and changed several at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webapp.accounts.rules import Actor
from webapp.consent import several, toggles
from webapp.consent.by_key import change_by_key
from webapp.consent.holds import hold, is_open_on
from webapp.consent.locks import lock_keys
from webapp.consent.outcomes import Act, Acts, Outcome
from webapp.consent.preferences import Preference, preferences_of
from webapp.consent.rows import Place, read_row
from webapp.consent.toggles import Record
from webapp.consent.wishes import Change, Wish
from webapp.contacts.rules import Channel, Source, State, channels_of
from webapp.core.errors import Conflict
from webapp.inbox.talks import Talk

STALE = "Their consent changed meanwhile. Look at what stands now, then choose again."


@dataclass(frozen=True)
class Standing:
    """A channel of the person: what stands there, and where it reaches them, if it does."""

    preference: Preference
    address: str

    @property
    def channel(self) -> Channel:
        """Which."""
        return self.preference.channel

    @property
    def state(self) -> State:
        """What stands."""
        return self.preference.state

    @property
    def stamp(self) -> str:
        """A word that is another once the state is."""
        since = self.preference.since
        return f"{self.state} {since.isoformat() if since else ''}".strip()


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
    return [
        Standing(
            each,
            (person.address(each.channel) or "") if talk.contact or each.channel in own else "",
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

    Opting in takes the record of consent. Raises Invalid as `several.opt_in` does.
    """
    into = Acts(State.OPTED_IN, [])
    if wanted.into and record is not None:
        into = (
            several.opt_in([talk.contact.id], wanted.into, record, actor)
            if talk.contact
            else _of_stranger(talk, wanted.into, State.OPTED_IN, actor, record)
        )
    out = Acts(State.OPTED_OUT, [])
    if wanted.out:
        out = (
            several.opt_out([talk.contact.id], wanted.out, actor)
            if talk.contact
            else _of_stranger(talk, wanted.out, State.OPTED_OUT, actor)
        )
    return Saved(out, into)


def report(talk: Talk, actor: Actor) -> bool:
    """Hold the channel's marketing until an admin decides, in the open transaction.

    Gives False where it is held already.
    """
    if talk.contact is not None:
        return toggles.report_opt_out(talk.contact.id, talk.channel, actor)
    if is_open_on(talk.channel, [talk.row.key], []):
        return False
    said = f"{actor.name} reports that the person asked to stop."
    hold(talk.channel, talk.address, said, {"rule": "reported"}, actor=actor)
    return True


def _of_stranger(
    talk: Talk,
    channels: Sequence[Channel],
    asked: State,
    actor: Actor,
    record: Record | None = None,
) -> Acts:
    """Record the wishes of somebody who is no contact, for the one address that is known."""
    key = talk.row.key
    lock_keys((channel, key) for channel in channels)
    open_ones = [channel for channel in channels if read_row(channel, key).state is not asked]
    wishes = [
        Wish(
            channel,
            talk.address,
            asked,
            Source.MANUAL,
            actor,
            evidence=record.evidence() if record else {},
            evidence_at=record.when if record else None,
        )
        for channel in open_ones
    ]
    changes = iter(change_by_key(wishes, talk.address.kind, key) if wishes else [])
    acts = []
    for channel in channels:
        made = [next(changes)] if channel in open_ones else []
        acts.append(Act(0, channel, _outcome(made, asked), None, [(channel, key)], made))
    return Acts(asked, acts)


def _outcome(made: Sequence[Change], asked: State) -> Outcome:
    if not made:
        return Outcome.ALREADY
    if any(change.state is not asked for change in made):
        return Outcome.STANDS
    return Outcome.CHANGED
