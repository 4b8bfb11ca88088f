"""What is measured: each scenario drives Heed through its doors, and its floor beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.figures import Figure, Target
from bench.places import Place
from bench.scenarios import (
    exports,
    filters,
    imports,
    inbox,
    ledgers,
    pages,
    searches,
    sockets,
    stops,
    toggles,
    waiting,
)

MODULES = (
    pages,
    filters,
    searches,
    toggles,
    stops,
    waiting,
    exports,
    ledgers,
    sockets,
    imports,
    inbox,
)
SCENARIOS: dict[str, Callable[[Sequence[Place]], list[Figure]]] = {
    module.__name__.rpartition(".")[2]: module.run for module in MODULES
}
TARGETS: dict[str, Target] = {
    name: target for module in MODULES for name, target in module.TARGETS.items()
}
