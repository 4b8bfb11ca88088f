"""The account's consent policy: read whole, and changed whole by an admin.

What is changed here binds every claim that begins after the commit; what tightens is acknowledged
by `enforcing.enforce`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import select, update

from webapp.accounts import settings
from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.consent.models import ConsentPolicy
from webapp.consent.rules import DEFAULT_POLICIES, Policy
from webapp.consent.scenes import SETTING
from webapp.contacts.rules import Channel
from webapp.core.db import db
from webapp.core.errors import Conflict
from webapp.events.service import publish

STALE = (
    "Somebody else changed the consent policy while you edited it. "
    "What is different now stands below; look at it, then save again."
)


@dataclass(frozen=True)
class Policies:
    """All of it: each channel's own policy, and the four choices that count for all channels."""

    channels: Mapping[Channel, Policy]
    stop_on_one_stops_all: bool = False
    only_admins_change_consent: bool = False
    only_admins_resubscribe: bool = False
    manual_sends_blocked: bool = False

    def flat(self) -> dict[str, bool]:
        """Give every choice by its name; a channel's as `whatsapp.needs_opt_in`."""
        found = {}
        for channel, policy in self.channels.items():
            found[f"{channel}.needs_opt_in"] = policy.needs_opt_in
            found[f"{channel}.exempts_utility"] = policy.exempts_utility
        return found | {name: getattr(self, name) for name in (*OPTIONS, *LIMITS)}

    @property
    def stamp(self) -> str:
        """A word that two policies share only if they are the same."""
        return blake2b(repr(sorted(self.flat().items())).encode(), digest_size=8).hexdigest()


OPTIONS = ("stop_on_one_stops_all", "manual_sends_blocked")
LIMITS = ("only_admins_change_consent", "only_admins_resubscribe")
Changes = dict[str, tuple[bool, bool]]  # what each changed choice was, and what it is


def load() -> Policies:
    """Read the policy as it stands; what was never saved has its default."""
    rows = {row.channel: row for row in db.session.scalars(_ROWS)}
    channels = {
        channel: Policy(row.needs_opt_in, row.exempts_utility)
        if (row := rows.get(channel))
        else DEFAULT_POLICIES[channel]
        for channel in Channel
    }
    stored = settings.read(SETTING) | settings.read(settings.LIMITS)
    return Policies(channels, **{name: bool(stored.get(name)) for name in (*OPTIONS, *LIMITS)})


_ROWS = select(ConsentPolicy).execution_options(populate_existing=True)


def named(values: Mapping[str, bool]) -> Policies:
    """Give the policy with these choices, by their names as `Policies.flat` gives them."""
    channels = {
        channel: Policy(
            values.get(f"{channel}.needs_opt_in", False),
            values.get(f"{channel}.exempts_utility", False),
        )
        for channel in Channel
    }
    return Policies(channels, **{name: values.get(name, False) for name in (*OPTIONS, *LIMITS)})


def changes(before: Policies, after: Policies) -> Changes:
    """Give the choices that differ."""
    then, now = before.flat(), after.flat()
    return {name: (then[name], now[name]) for name in then if then[name] != now[name]}


def tightened(before: Policies, after: Policies) -> tuple[Channel, ...]:
    """Give the channels on which something that may be sent before may not be sent after."""
    pairs = [(channel, before.channels[channel], after.channels[channel]) for channel in Channel]
    return tuple(
        channel
        for channel, old, new in pairs
        if (new.needs_opt_in and not old.needs_opt_in)
        or (old.exempts_utility and not new.exempts_utility)
    )


def change_policies(wanted: Policies, actor: Actor, seen: str) -> tuple[Channel, ...]:
    """Store the policy in the open transaction; gives the channels that it tightens.

    `seen` is the stamp of the policy that the editor looked at. Raises Conflict where it is
    another now. Effects: the rows, the settings, an audit entry with what was and is. A door that
    acknowledges it commits, and enforces it on the channels given.
    """
    settings.lock(SETTING)
    before = load()
    if before.stamp != seen:
        raise Conflict(STALE)
    different = changes(before, wanted)
    if not different:
        return ()
    _store(wanted)
    then = {name: old for name, (old, _) in different.items()}
    now = {name: new for name, (_, new) in different.items()}
    record(actor, "consent_policy.changed", before=then, after=now)
    publish("consent_policy.changed")
    return tightened(before, wanted)


def _store(wanted: Policies) -> None:
    for channel, policy in wanted.channels.items():
        values: dict[str, Any] = {
            "needs_opt_in": policy.needs_opt_in,
            "exempts_utility": policy.exempts_utility,
        }
        db.session.execute(
            update(ConsentPolicy)
            .where(ConsentPolicy.channel == channel)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    # Both settings may hold more than is edited here.
    for setting, names in ((SETTING, OPTIONS), (settings.LIMITS, LIMITS)):
        settings.write(
            setting, settings.read(setting) | {name: getattr(wanted, name) for name in names}
        )
