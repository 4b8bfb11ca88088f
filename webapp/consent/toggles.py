"""What a signed-in person does with a contact's consent toggle. Doing it twice does it once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from webapp.accounts.rules import Actor
from webapp.consent import queries
from webapp.consent.holds import hold
from webapp.consent.locks import lock_keys
from webapp.consent.models import ConsentState
from webapp.consent.rules import CONTEST, goes_along
from webapp.consent.service import change_many
from webapp.consent.wishes import Change, Wish
from webapp.contacts.addresses import address_by_key
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, Source, State, provider_address, stricter
from webapp.core import clock
from webapp.core.db import db
from webapp.core.errors import Invalid, NotFound


@dataclass(frozen=True)
class Record:
    """The record of consent: how, where and to which wording a person agreed; `when` None is now."""

    how: str
    where: str
    wording: str
    when: datetime | None = None

    def evidence(self) -> dict[str, str]:
        """Give it as the ledger keeps it."""
        when = self.when or clock.now()
        return {
            "how": self.how,
            "when": when.isoformat(timespec="seconds"),
            "where": self.where,
            "wording": self.wording,
        }


@dataclass(frozen=True)
class StandingOptOut:
    """The opt-out that stands against an opt-in, and until when it counts as the same moment."""

    since: datetime
    source: Source | None
    contested_until: datetime | None = None


@dataclass(frozen=True)
class Toggled:
    """What a toggle came to. `event_id` is what an undo takes back; None where nothing changed.

    `against` is the opt-out that an opt-in could not lift. `settle(changes)` after the commit.
    """

    contact: Contact | None
    channel: Channel
    state: State
    changes: list[Change] = field(default_factory=list)
    against: StandingOptOut | None = None

    @property
    def places(self) -> list[tuple[Channel, bytes]]:
        """The channels and keys that an answer of Opted Out speaks for; `settle` takes them."""
        if self.contact is None or self.state is not State.OPTED_OUT:
            return []
        return [(self.channel, key) for key in self.contact.keys(self.channel)]

    @property
    def everything(self) -> list[Change]:
        """The changes and what went along with them."""
        return [each for change in self.changes for each in (change, *change.along)]

    @property
    def event_id(self) -> int | None:
        """The event that Undo names: the act's own, which takes back what went along too."""
        changed = any(change.changed for change in self.everything)
        return self.changes[0].event_id if changed else None

    @property
    def cancelled(self) -> int:
        """How many waiting messages it cancelled."""
        return sum(len(change.cancelled) for change in self.everything)


def opt_out(contact_id: int, channel: Channel, actor: Actor) -> Toggled:
    """Opt a contact out by hand, in the open transaction. Raises NotFound, or Invalid.

    Somebody who is out already stays as they are: a second click writes no second event.
    """
    contact, states = _locked(contact_id, channel)
    if all(state is State.OPTED_OUT for state in states.values()):
        return Toggled(contact, channel, State.OPTED_OUT)
    changes = change_many([_wish(contact, channel, next(iter(states)), State.OPTED_OUT, actor)])
    return Toggled(contact, channel, State.OPTED_OUT, changes)


def opt_in(contact_id: int, channel: Channel, record: Record, actor: Actor) -> Toggled:
    """Opt a contact in with its record, in the open transaction. Raises NotFound, or Invalid.

    All addresses of the person on the channel come in, since the stricter of them counts.
    """
    contact, states = _locked(contact_id, channel)
    wishes = [
        _wish(contact, channel, key, State.OPTED_IN, actor, record)
        for key, state in states.items()
        if state is not State.OPTED_IN
    ]
    along = [
        replace(wish, reason=goes_along(channel, wishes[0].address.value)) for wish in wishes[1:]
    ]
    changes = change_many([*wishes[:1], *along])
    after = _rows(contact, channel)
    state = stricter([row.state for row in after])
    out = next((row for row in after if row.state is State.OPTED_OUT), None)
    return Toggled(contact, channel, state, changes, _against(out, record) if out else None)


def report_opt_out(contact_id: int, channel: Channel, actor: Actor) -> bool:
    """Hold marketing until an admin decides, since somebody was told of an opt-out.

    In the open transaction. Gives False where it is held already. Raises NotFound, or Invalid.
    """
    contact, _ = _locked(contact_id, channel)
    if any(row.held for row in _rows(contact, channel)):
        return False
    address = provider_address(address_by_key(contact, contact.keys(channel)[0]))
    said = f"{actor.name} reports that the person asked to stop."
    hold(channel, address, said, {"rule": "reported"}, actor=actor)
    return True


def _locked(contact_id: int, channel: Channel) -> tuple[Contact, dict[bytes, State]]:
    """Give a contact and the state of each of their keys on a channel, locked."""
    contact = db.session.get(Contact, contact_id, populate_existing=True)
    if contact is None:
        raise NotFound("That contact is not there any more.")
    locked: list[bytes] = []
    while (keys := contact.keys(channel)) != locked:
        # Read again under the lock: somebody may have edited the address meanwhile.
        lock_keys((channel, key) for key in keys)
        locked = keys
        db.session.refresh(contact)
    if not keys:
        raise Invalid(f"{contact.display_name} has no address on {channel.label}.")
    states = dict.fromkeys(keys, State.UNKNOWN)
    states.update({row.key: row.state for row in _rows(contact, channel)})
    return contact, states


def _rows(contact: Contact, channel: Channel) -> list[ConsentState]:
    rows = [queries.state_row(channel, key) for key in contact.keys(channel)]
    return [row for row in rows if row is not None]


def _wish(
    contact: Contact,
    channel: Channel,
    key: bytes,
    asked: State,
    actor: Actor,
    record: Record | None = None,
) -> Wish:
    return Wish(
        channel,
        provider_address(address_by_key(contact, key)),
        asked,
        Source.MANUAL,
        actor,
        evidence=record.evidence() if record else {},
        evidence_at=record.when if record else None,
    )


def _against(out: ConsentState, record: Record) -> StandingOptOut:
    """Say why an opt-out stands: it came after the consent, or within the same minute."""
    assert out.since is not None, "an opt-out has its time"
    given = record.when or clock.now()
    contested = out.source is not Source.MANUAL and out.since < given <= out.since + CONTEST
    return StandingOptOut(out.since, out.source, out.since + CONTEST if contested else None)
