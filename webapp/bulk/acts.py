"""Doing a bulk action to some contacts, in the open transaction, and counting what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.accounts.rules import Actor
from webapp.bulk.asked import Asked, Deed
from webapp.consent import several
from webapp.consent.outcomes import Acts
from webapp.consent.service import settle
from webapp.contacts.tagging import Tagged, add_tag, remove_tag

CANCELLED = "cancelled"


@dataclass(frozen=True)
class Done:
    """What came of it: of opting out or in the acts, of tags the contacts."""

    asked: Asked
    acts: Acts | None = None
    tagged: Tagged | None = None

    def counts(self) -> dict[str, int]:
        """Count by outcome, on a channel as `whatsapp.changed`; what is zero is left out."""
        if self.tagged is not None:
            found = Counter({name: len(ids) for name, ids in vars(self.tagged).items()})
        else:
            acts = self.acts.acts if self.acts else []
            found = Counter(f"{act.channel}.{act.outcome}" for act in acts)
            found[CANCELLED] = self.acts.cancelled if self.acts else 0
        return {name: number for name, number in found.items() if number}

    def wait(self) -> None:
        """After the commit: wait until nothing can begin to leave that was opted out."""
        if self.acts is not None:
            settle(self.acts.changes, also=self.acts.places)


def act(asked: Asked, ids: Sequence[int], actor: Actor) -> Done:
    """Do it to these contacts in the open transaction. Raises Invalid, or NotFound for a tag."""
    if asked.deed is Deed.OPT_OUT:
        return Done(asked, several.opt_out(ids, asked.channels, actor, asked.reason))
    if asked.deed is Deed.OPT_IN:
        assert asked.record is not None, "an opt-in without its record"
        return Done(asked, several.opt_in(ids, asked.channels, asked.record, actor))
    change = add_tag if asked.deed is Deed.TAG else remove_tag
    return Done(asked, tagged=change(ids, asked.tag, actor))
