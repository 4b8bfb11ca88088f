"""The demo's segments: two that were built, as a shop would use them."""

from __future__ import annotations

from webapp.accounts.rules import Actor
from webapp.contacts.tree import Condition, Group, How, What
from webapp.segments.queries import named
from webapp.segments.rules import fold
from webapp.segments.service import save

SEGMENTS = {
    "Regulars we may write to": Group(
        (
            Condition(What.ATTRIBUTE, How.AT_LEAST, "orders", ("10",)),
            Group(
                (
                    Condition(What.CONSENT, How.IS, "email", ("opted_in",)),
                    Condition(What.CONSENT, How.IS, "whatsapp", ("opted_in",)),
                ),
                any=True,
            ),
            Condition(What.TAG, How.HAS_NOT, values=("Wholesale",)),
        )
    ),
    "Cafés and wholesale, reachable": Group(
        (
            Group(
                (
                    Condition(What.TAG, How.HAS, values=("Café owner",)),
                    Condition(What.TAG, How.HAS, values=("Wholesale",)),
                ),
                any=True,
            ),
            Group(
                (
                    Condition(What.CONSENT, How.IS, "email", ("opted_out",)),
                    Condition(What.CONSENT, How.IS, "email", ("held",)),
                ),
                any=True,
                negated=True,
            ),
        )
    ),
}


def add_segments(maker: Actor) -> None:
    """Save the segments in the open transaction, those whose names are free."""
    for name, tree in SEGMENTS.items():
        if named(fold(name)) is None:
            save(name, tree, maker)
