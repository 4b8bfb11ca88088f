"""The demo: a coffee roastery's customers and a year of what happened with them.

Nothing here is needed to run Heed. It writes rows in bulk, past the services, but by their rules:
what it writes is what they would have written. `heed up` asks only who signs in, so whatever
loads is imported when it is called.
"""

from __future__ import annotations

from collections.abc import Callable

from webapp.demo.sign_ins import SIGN_INS

__all__ = ["SIGN_INS", "load", "loaded"]


def loaded() -> bool:
    """Tell whether there are contacts, the demo's or others."""
    from webapp.demo import service

    return service.loaded()


def load(contacts: int = 2000, told: Callable[[int, int], None] | None = None) -> bool:
    """Load the demo with so many contacts, as `service.load` says."""
    from webapp.demo import service

    return service.load(contacts, told)
