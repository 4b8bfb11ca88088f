"""The way of asking for consent that an index has in the order of the list; pure."""

from __future__ import annotations

from dataclasses import replace

from webapp.contacts.filters import Filters


def led_by_a_state(filters: Filters) -> Filters:
    """Ask for the same people by the state of one channel, which an index has sorted by id.

    For a list that shows all channels alike: the filters' own channel changes with it. Left as it
    is where something is asked of that channel already, or no state is asked for.
    """
    first = next((asked for asked in filters.consents if asked.standing.state), None)
    if first is None or filters.by_channel:
        return filters
    rest = tuple(asked for asked in filters.consents if asked is not first)
    return replace(filters, channel=first.channel, state=first.standing.state, consents=rest)
