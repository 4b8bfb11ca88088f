"""Which keys a wish reaches, all of them locked, and what stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from webapp.consent.locks import lock_keys
from webapp.consent.rows import Place, StateRow
from webapp.consent.rules import goes_along
from webapp.consent.scenes import Scene, scene_of_contact, scene_of_key
from webapp.consent.wishes import Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.former import left_by
from webapp.contacts.owners import Owner, owner_of_address, owner_of_id
from webapp.contacts.rules import Channel, State, provider_address
from webapp.core.db import db
from webapp.core.dialect import writes_alone

Found = TypeVar("Found")


@dataclass(frozen=True)
class Target:
    """One key that a wish changes, its own or one that goes along, in the scene that was found."""

    wish: Wish
    key: bytes
    address: str
    scene: Scene

    @property
    def contact(self) -> Owner | None:
        """Whose address it is."""
        return self.scene.owner

    @property
    def place(self) -> Place:
        """Its channel and key."""
        return (self.wish.channel, self.key)

    @property
    def row(self) -> StateRow:
        """What stands for it."""
        return self.scene.row(self.wish.channel, self.key)


def reach(
    wishes: Sequence[Wish],
    met: Sequence[Owner | None] | None = None,
    keys: Sequence[bytes] | None = None,
) -> list[list[Target]]:
    """Give what each wish reaches, its own key first, all of it locked.

    `keys` are those of the wishes' addresses, where only the key is left of one.

    Whoever edits an address holds the locks of the old and the new one. While we waited for
    them the person's keys may have become others, so they are read again under the lock, and
    the person stays the one whom the wish met first: `met` are those, where the caller has just
    looked. Where transactions write one after the other there is nothing to wait for.
    """
    keys = keys or [key_of(wish.address) for wish in wishes]
    guess: set[Place] = set()
    if not writes_alone(db.session()):
        met = met or [owner_of_address(wish.address) for wish in wishes]
        for wish, key, owner in zip(wishes, keys, met, strict=True):
            guess |= _places(wish.channel, key, owner)
    ids = [owner.id if owner else None for owner in met or [None] * len(wishes)]

    def look() -> tuple[list[list[Target]], set[Place]]:
        rows: dict[Place, StateRow] = {}
        reached, places = [], set()
        for wish, key, contact_id in zip(wishes, keys, ids, strict=True):
            scene = _scene(wish, key, contact_id, rows)
            targets = _targets(wish, key, scene)
            reached.append(targets)
            places |= _places(wish.channel, key, scene.owner)
            places |= {(target.wish.channel, target.key) for target in targets}
        return reached, places

    return _under_lock(guess, look)


def reach_contact(contact_id: int, channel: Channel) -> Scene | None:
    """Give what stands for a contact, locked on a channel; on all where a stop reaches all.

    None where there is no such contact.
    """
    guess: set[Place] = set()
    if not writes_alone(db.session()):
        guess = _owned(owner_of_id(contact_id), [channel])

    def look() -> tuple[Scene | None, set[Place]]:
        scene = scene_of_contact(contact_id, channel)
        everywhere = scene is not None and scene.stop_on_one_stops_all
        return scene, _owned(scene.owner if scene else None, Channel if everywhere else [channel])

    return _under_lock(guess, look)


def own_target(wish: Wish, scene: Scene) -> Target:
    """Give a wish's own key in the scene of its contact."""
    return Target(wish, key_of(wish.address), wish.address.value, scene)


def targets_along(wish: Wish, scene: Scene) -> list[Target]:
    """Give the keys that go along with an opt-out: the person's others on the channel, or on all."""
    owner = scene.owner
    if wish.asked is not State.OPTED_OUT or owner is None:
        return []
    channels = [wish.channel]
    if scene.stop_on_one_stops_all:
        channels += [channel for channel in Channel if channel is not wish.channel]
    own = (wish.channel, key_of(wish.address))
    return [
        Target(_along(wish, channel, owner.address_of(key)), key, owner.address_of(key), scene)
        for channel in channels
        for key in owner.keys(channel)
        if (channel, key) != own
    ]


def _along(wish: Wish, channel: Channel, address: str) -> Wish:
    """Give the wish for another address of the same person; the evidence stays with the first."""
    return Wish(
        channel,
        provider_address(address),
        wish.asked,
        wish.source,
        wish.actor,
        wish.occurred_at,
        said=wish.said,
        reason=goes_along(wish.channel, wish.address.value),
    )


def _targets(wish: Wish, key: bytes, scene: Scene) -> list[Target]:
    return [Target(wish, key, wish.address.value, scene), *targets_along(wish, scene)]


def _scene(wish: Wish, key: bytes, contact_id: int | None, rows: dict[Place, StateRow]) -> Scene:
    """Read a scene; what is read twice in one call is the same row.

    A no at an address that is nobody's any more is that of whoever left it: of a contact whose
    number was taken away, or of the other one of two that were merged.
    """
    scene = scene_of_key(wish.address.kind, key, wish.channel)
    found = dict(scene.rows)
    if scene.owner is None and contact_id is None and wish.asked is State.OPTED_OUT:
        contact_id = left_by(key)
    if scene.owner is None and contact_id is not None:
        moved = scene_of_contact(contact_id, wish.channel)
        if moved is not None:
            moved.open = moved.open or scene.open
            scene, found = moved, {**moved.rows, **found}
    for place, row in found.items():
        rows.setdefault(place, row)
    return replace(scene, rows=rows)


def _under_lock(guess: set[Place], look: Callable[[], tuple[Found, set[Place]]]) -> Found:
    """Look until all that is seen was locked before it was looked at."""
    locked: set[Place] = set()
    wanted = guess
    while True:
        lock_keys(key for _, key in wanted)
        locked |= wanted
        found, wanted = look()
        if wanted <= locked or writes_alone(db.session()):
            return found


def _places(channel: Channel, key: bytes, owner: Owner | None) -> set[Place]:
    """Give a wish's own place and the others of the same person there, which its copy shows."""
    return {(channel, key), *_owned(owner, [channel])}


def _owned(owner: Owner | None, channels: Iterable[Channel]) -> set[Place]:
    return {
        (channel, key) for channel in channels for key in (owner.keys(channel) if owner else ())
    }
