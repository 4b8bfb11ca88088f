"""What merging two contacts comes to: which address stays, what is united, what tightens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.consent import queries
from webapp.consent.models import ConsentState
from webapp.contacts.addresses import KEY_COLUMNS
from webapp.contacts.models import Contact
from webapp.contacts.rules import (
    STRICTNESS,
    Address,
    AddressKind,
    Channel,
    State,
    channels_of,
    stricter,
)
from webapp.privacy.keys import Keys, keys_of_each, places_of

Addresses = dict[AddressKind, Address]
States = dict[Channel, list[ConsentState]]


@dataclass(frozen=True)
class Stays:
    """An address of one of the two, with its key; `stays` unless the other's stands before it."""

    address: Address
    key: bytes
    of: Contact
    stays: bool


@dataclass(frozen=True)
class Stands:
    """How a channel stands before and after: `because` names the address that it tightens by.

    `newly_held` where the kept contact waits by a reply of the other alone. `tightens` where less
    may be sent than before, by either. `silent` are the addresses which stay and of which no consent is on record, where one of the
    two contacts was opted in; `given` are the opted-in ones, also one that does not stay.
    """

    channel: Channel
    ours: State
    theirs: State
    after: State
    held: bool
    newly_held: bool
    tightens: bool
    because: str = ""
    silent: tuple[Stays, ...] = ()
    given: tuple[Stays, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The contact that two become. `dropped` are the other's addresses that ours stand before."""

    name: str
    addresses: Addresses
    dropped: Addresses
    attributes: Mapping[str, Any]
    tags: list[str]
    stands: list[Stands]


def plan_of(keep: Contact, other: Contact) -> Plan:
    """Give what merging `other` into `keep` comes to; reads alone, and locks nothing."""
    return plans_of([(keep, other)])[0]


def plans_of(pairs: Sequence[tuple[Contact, Contact]]) -> list[Plan]:
    """Give the same of several pairs; asks no more often for many than for one."""
    keys = keys_of_each({one.id: one for pair in pairs for one in pair}.values())
    states = states_of({key: kind for theirs in keys.values() for key, kind in theirs.items()})

    def stored(contact: Contact) -> States:
        own = keys[contact.id]
        return {
            channel: [row for row in rows if row.key in own] for channel, rows in states.items()
        }

    return [_plan(keep, other, stored(keep), stored(other)) for keep, other in pairs]


def _plan(keep: Contact, other: Contact, ours_stored: States, theirs_stored: States) -> Plan:
    ours, theirs = addresses_of(keep), addresses_of(other)
    dropped = {k: a for k, a in theirs.items() if k in ours and ours[k] != a}
    tags = {tag.id: tag.name for tag in (*keep.tags, *other.tags)}
    return Plan(
        keep.name or other.name,
        {**theirs, **ours},
        dropped,
        united_attributes(keep, other),
        sorted(tags.values(), key=str.casefold),
        [
            _stand(
                channel, keep, other, ours_stored.get(channel, []), theirs_stored.get(channel, [])
            )
            for channel in Channel
        ],
    )


def addresses_of(contact: Contact) -> Addresses:
    """Give a contact's addresses by kind."""
    values = {kind: getattr(contact, kind) for kind in KEY_COLUMNS}
    return {kind: Address(kind, value) for kind, value in values.items() if value}


def united_attributes(keep: Contact, other: Contact) -> dict[str, Any]:
    """Give the attributes of both; where both have one, the kept contact's."""
    filled = {name: value for name, value in keep.attributes.items() if value not in (None, "")}
    return {**other.attributes, **filled}


def states_of(keys: Keys) -> dict[Channel, list[ConsentState]]:
    """Give what is stored for these keys, by channel."""
    return queries.states_of(places_of(keys)) if keys else {}


def _stand(
    channel: Channel,
    keep: Contact,
    other: Contact,
    ours: list[ConsentState],
    theirs: list[ConsentState],
) -> Stands:
    before = (_counted(channel, keep, ours), _counted(channel, other, theirs))
    out = next((row for row in (*theirs, *ours) if row.state is State.OPTED_OUT), None)
    known = {row.key: row.state for row in (*ours, *theirs)}
    both = _both(channel, keep, other)
    after = State.OPTED_OUT if out else _without(both, known)
    held = any(row.held for row in (*ours, *theirs)) and out is None
    because = ""
    if out is not None:
        because = other.address_of(out.key) or keep.address_of(out.key) or "an earlier address"
    newly_held = held and not any(row.held for row in ours)
    tightens = newly_held or STRICTNESS[after] > STRICTNESS[before[0]]
    silent, given = _said(both, known) if out is None else ((), ())
    return Stands(channel, *before, after, held, newly_held, tightens, because, silent, given)


def _counted(channel: Channel, contact: Contact, rows: list[ConsentState]) -> State:
    """Give the stricter state of a contact's own addresses."""
    known = {row.key: row.state for row in rows}
    return stricter([known[key] for key in contact.keys(channel) if key in known])


def _both(channel: Channel, keep: Contact, other: Contact) -> list[Stays]:
    """Give the addresses of both on a channel, the kept contact's first."""
    kinds = [kind for kind in KEY_COLUMNS if channel in channels_of(kind)]
    return [
        Stays(Address(kind, value), key, who, who is keep or not getattr(keep, kind))
        for who in (keep, other)
        for kind in kinds
        if (value := getattr(who, kind)) and (key := getattr(who, f"{kind}_key"))
    ]


def _without(both: list[Stays], known: Mapping[bytes, State]) -> State:
    """Give the state where nobody opted out: that of the addresses which stay."""
    return stricter([known[one.key] for one in both if one.stays and one.key in known])


def _said(
    both: list[Stays], known: Mapping[bytes, State]
) -> tuple[tuple[Stays, ...], tuple[Stays, ...]]:
    """Give the addresses that stay without a record, and the opted-in ones; else nothing.

    First those whose state is stored: of one that nothing ever happened to, nothing counts.
    """
    given = tuple(one for one in both if known.get(one.key) is State.OPTED_IN)
    silent = [one for one in both if one.stays and one not in given]
    silent.sort(key=lambda one: one.key not in known)
    return (tuple(silent), given) if given else ((), ())
