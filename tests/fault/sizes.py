"""How large a run is, and what is done to Heed meanwhile."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Harm(enum.StrEnum):
    """What is done to a running Heed."""

    KILL = "kill"
    """A worker that is sending is killed with -9."""
    STOP = "stop"
    """A worker is stopped with SIGSTOP, and continued three seconds later."""
    WIPE = "wipe"
    """Valkey loses everything (FLUSHALL)."""
    RESTART = "restart"
    """PostgreSQL is stopped as by `pg_ctl -m immediate`, without a checkpoint, and started."""


@dataclass(frozen=True)
class Size:
    """One run. `seconds` is how long opt-outs come; `harms` happen at these parts of that time.

    `again` of the opt-outs are followed by an opt-in of the same address and another opt-out.
    `ages_claims`: a lost claim is made to look old, where the run has no 90 seconds to wait.
    """

    messages: int
    contacts: int
    opt_outs: int
    again: int
    workers: int
    seconds: float
    harms: tuple[tuple[float, Harm], ...]
    ages_claims: bool = False

    @property
    def kills(self) -> int:
        """How many workers are killed."""
        return sum(harm is Harm.KILL for _, harm in self.harms)


LONG_HARMS = (
    (0.10, Harm.KILL),
    (0.22, Harm.KILL),
    (0.34, Harm.STOP),
    (0.45, Harm.KILL),
    (0.55, Harm.WIPE),
    (0.65, Harm.KILL),
    (0.75, Harm.RESTART),
    (0.88, Harm.KILL),
)
LONG = Size(100_000, 5000, 5000, 1000, workers=4, seconds=300, harms=LONG_HARMS)
LONG_SQLITE = Size(
    10_000,
    5000,
    5000,
    1000,
    workers=4,
    seconds=240,
    harms=tuple(one for one in LONG_HARMS if one[1] is not Harm.RESTART),
)
SHORT = Size(
    600,
    60,
    70,
    15,
    workers=2,
    seconds=9,
    harms=((0.25, Harm.KILL), (0.5, Harm.STOP), (0.75, Harm.WIPE)),
    ages_claims=True,
)
