"""People who are no contacts but stand on the exclusion list, from lists that were imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from random import Random

from webapp.contacts.rules import Source, State, address_key, channels_of
from webapp.demo.ledger import Ledger
from webapp.demo.population import SEED, Population
from webapp.demo.stories import Cast

# One for so many contacts.
APART = 60


def strangers(
    people: Population, places: Iterable[int], cast: Cast, account_key: str
) -> Iterator[Ledger]:
    """Give the ledgers of strangers beside these places: opt-outs on the channels they have."""
    for place in places:
        if place % APART != APART // 2:
            continue
        rng = Random(f"{SEED} stranger {place}")
        address = people.stranger(rng)
        when = cast.now - timedelta(minutes=rng.randrange(3 * 1440, 360 * 1440))
        at = when + timedelta(hours=rng.randrange(20, 70))
        for channel in channels_of(address.kind):
            ledger = Ledger(channel, address, address_key(address, account_key))
            ledger.add(
                at,
                State.OPTED_OUT,
                Source.IMPORT,
                cast.admin,
                occurred_at=when,
                reason="opt-outs.csv",
            )
            yield ledger
