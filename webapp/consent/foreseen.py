"""What an opt-out would do to what waits, told before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from webapp.accounts import settings
from webapp.consent.models import ConsentPolicy
from webapp.consent.rules import Policy, Send, decide
from webapp.consent.scenes import SETTING
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, State
from webapp.outbox.rules import Category, Origin
from webapp.outbox.waiting import COUNT_AT_MOST, count_waiting


@dataclass(frozen=True)
class Foreseen:
    """What an opt-out of a channel does: waiting messages that it cancels, and that it leaves.

    `exempt`: order updates and codes still go out on their own. A number above `COUNT_AT_MOST`
    stands for more than that.
    """

    cancelled: int = 0
    staying: int = 0
    exempt: bool = False


NOTHING = Foreseen()


def foresee(
    connection: Connection, people: Sequence[ColumnElement[bool]]
) -> dict[Channel, Foreseen]:
    """Foretell an opt-out of the contacts that fulfil `people`, on each channel.

    Who is opted out of a channel already is left out of its numbers: nothing changes for them.
    """
    policies = _policies(connection)
    still_in = {
        channel: [*people, getattr(Contact, f"{channel}_state") != State.OPTED_OUT]
        for channel in policies
    }
    counts: Counter[tuple[Channel, bool]] = Counter()
    for kind, count in count_waiting(connection, still_in).items():
        stays = _stays(kind.origin, kind.category, policies[kind.channel])
        counts[kind.channel, stays] += count
    return {
        channel: Foreseen(counts[channel, False], counts[channel, True], exempts(policy))
        for channel, policy in policies.items()
    }


def stops_all() -> bool:
    """Tell whether an opt-out of one channel is one of all of them here."""
    return bool(settings.read(SETTING).get("stop_on_one_stops_all"))


def exempts(policy: Policy) -> bool:
    """Tell whether order updates and codes go on by themselves after an opt-out."""
    return _stays(Origin.API, Category.UTILITY, policy)


def at_most(number: int) -> str:
    """Write a number of foreseen messages; what was not counted on as “10,000+”."""
    return f"{number:,}" if number <= COUNT_AT_MOST else f"{COUNT_AT_MOST:,}+"


def _stays(origin: Origin, category: Category, policy: Policy) -> bool:
    """Judge a message by the table of sends, as if its person had just opted out."""
    return decide(Send(origin, category, State.OPTED_OUT, policy)).allowed


def _policies(connection: Connection) -> Mapping[Channel, Policy]:
    rows = connection.execute(
        select(ConsentPolicy.channel, ConsentPolicy.needs_opt_in, ConsentPolicy.exempts_utility)
    )
    found = {channel: Policy(needs, exempt) for channel, needs, exempt in rows}
    return {channel: found[channel] for channel in Channel}
