"""What a signed-in person does with a contact's consent toggle. Doing it twice does it once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from webapp.accounts.rules import Actor
from webapp.consent.reach import Target, own_target, reach_contact, targets_along
from webapp.consent.repeats import is_repeat
from webapp.consent.reports import hold_as_reported
from webapp.consent.rows import Place, StateRow
from webapp.consent.rules import CONTEST, goes_along
from webapp.consent.scenes import Scene
from webapp.consent.service import check, record_all
from webapp.consent.wishes import Change, Wish
from webapp.contacts.owners import Owner
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

    contact: Owner | None
    channel: Channel
    state: State
    changes: list[Change] = field(default_factory=list)
    against: StandingOptOut | None = None

    @property
    def places(self) -> list[Place]:
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

    A second click writes no second event.
    """
    contact, rows, scene = _locked(contact_id, channel)
    if all(is_repeat(row, actor, scene.now) for row in rows):
        return Toggled(contact, channel, State.OPTED_OUT)
    own = _target(rows[0], State.OPTED_OUT, actor, scene)
    changes = record_all([[own, *targets_along(own.wish, scene)]])
    return Toggled(contact, channel, State.OPTED_OUT, changes)


def opt_in(contact_id: int, channel: Channel, record: Record, actor: Actor) -> Toggled:
    """Opt a contact in with its record, in the open transaction. Raises NotFound, or Invalid.

    All addresses of the person on the channel come in, since the stricter of them counts.
    """
    contact, rows, scene = _locked(contact_id, channel)
    targets: list[Target] = []
    for row in rows:
        if row.state is not State.OPTED_IN:
            reason = goes_along(channel, targets[0].address) if targets else ""
            targets.append(_target(row, State.OPTED_IN, actor, scene, record, reason))
            check(targets[-1].wish)
    changes = record_all([[target] for target in targets])
    state = stricter([row.state for row in rows])
    out = next((row for row in rows if row.state is State.OPTED_OUT), None)
    return Toggled(contact, channel, state, changes, against(out, record) if out else None)


def report_opt_out(contact_id: int, channel: Channel, actor: Actor, said: str = "") -> bool:
    """Hold marketing until an admin decides, since somebody was told of an opt-out.

    `said` is what the person said, as far as it was heard; it is kept with the hold. In the open
    transaction. Gives False where all of it is held already. Raises NotFound, or Invalid.
    """
    contact, rows, _ = _locked(contact_id, channel)
    if all(row.held for row in rows):
        return False
    address = provider_address(contact.address_of(rows[0].key))
    hold_as_reported(channel, address, actor, said)
    return True


def _locked(contact_id: int, channel: Channel) -> tuple[Owner, list[StateRow], Scene]:
    """Give a contact, the state of each of their keys on a channel, locked, and the whole scene."""
    db.session.flush()  # what follows goes past the ORM
    scene = reach_contact(contact_id, channel)
    if scene is None or scene.owner is None:
        raise NotFound("That contact is not there any more.")
    keys = scene.owner.keys(channel)
    if not keys:
        raise Invalid(f"{scene.owner.display_name} has no address on {channel.label}.")
    return scene.owner, [scene.row(channel, key) for key in keys], scene


def _target(
    row: StateRow,
    asked: State,
    actor: Actor,
    scene: Scene,
    record: Record | None = None,
    reason: str = "",
) -> Target:
    assert scene.owner is not None
    wish = Wish(
        row.channel,
        provider_address(scene.owner.address_of(row.key)),
        asked,
        Source.MANUAL,
        actor,
        evidence=record.evidence() if record else {},
        evidence_at=record.when if record else None,
        reason=reason,
    )
    return own_target(wish, scene)


def against(out: StateRow, record: Record) -> StandingOptOut:
    """Say why an opt-out stands: it came after the consent, or within the same minute."""
    assert out.since is not None, "an opt-out has its time"
    given = record.when or clock.now()
    contested = out.source is not Source.MANUAL and out.since < given <= out.since + CONTEST
    return StandingOptOut(out.since, out.source, out.since + CONTEST if contested else None)
