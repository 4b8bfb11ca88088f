"""Opportunities with some of the demo's people, each with its way through the stages."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import func, insert, select

from webapp.accounts.rules import Actor
from webapp.contacts.folding import fold_name
from webapp.contacts.models import Activity, Contact
from webapp.core.db import db
from webapp.demo.stories import Cast
from webapp.opportunities.models import Opportunity
from webapp.opportunities.queries import ACTIVITY
from webapp.opportunities.rules import Stage

MOST = 60
EACH = 7  # of so many contacts one has a deal
THINGS = (
    ("Office coffee for twelve, a year", 2400),
    ("House blend, 20 kg a month", 3850),
    ("Espresso bar for a lobby", 14200),
    ("Grinder and two kettles", 960),
    ("Coffee for four cafés", 23500),
    ("Tasting for a team", 690),
    ("Own-label beans", 3100),
    ("Machine on lease", 7800),
    ("Christmas boxes, forty", 5200),
    ("Barista course", 880),
)
PATH = (Stage.NEW, Stage.QUALIFIED, Stage.PROPOSAL, Stage.NEGOTIATION)
CURRENCIES = ("EUR", "EUR", "EUR", "USD", "GBP")
NOTES = (
    "",
    "",
    "Wants a darker roast.",
    "Decides with her sister.",
    "Asked for delivery on a Friday.",
)


def add_deals(cast: Cast) -> int:
    """Add opportunities of the demo's people in the open transaction; gives how many rows.

    The timeline of each goes on with the deal: its stages come after what happened before.
    """
    rng = Random(20)
    return sum(
        _add(rng, cast, contact_id, name, last or cast.now - timedelta(days=30))
        for contact_id, name, last in _people()
    )


def _people() -> list[tuple[int, str, datetime | None]]:
    newest = (
        select(func.max(Activity.at)).where(Activity.contact_id == Contact.id).scalar_subquery()
    )
    found = db.session.execute(
        select(Contact.id, Contact.name, newest)
        .where(Contact.name != "", Contact.id % EACH == 0)
        .order_by(Contact.id)
        .limit(MOST)
    )
    return [(contact_id, name, last) for contact_id, name, last in found]


def _add(rng: Random, cast: Cast, contact_id: int, name: str, last: datetime) -> int:
    thing, price = rng.choice(THINGS)
    steps = rng.randint(1, len(PATH))
    stages = [*PATH[:steps], *([rng.choice((Stage.WON, Stage.LOST))] if rng.random() < 0.3 else [])]
    left = max(cast.now - last, timedelta(minutes=len(stages)))
    moments = [last + left * (number + 1) / (len(stages) + 1) for number in range(len(stages))]
    owner = rng.choice((cast.admin, cast.marketer))
    expected = (cast.now + timedelta(days=rng.randint(3, 90))).date()
    deal_name = f"{thing} for {name.split()[0]}"
    values = {
        "contact_id": contact_id,
        "name": deal_name,
        "folded": fold_name(deal_name),
        "stage": stages[-1],
        "amount": Decimal(price * rng.randint(80, 130)) / 100,
        "currency": rng.choice(CURRENCIES),
        "owner_id": owner.id,
        "expected_on": None if stages[-1].ended else expected,
        "note": rng.choice(NOTES),
        "created_at": moments[0],
        "updated_at": moments[-1],
        "stage_at": moments[-1],
    }
    number = db.session.scalar(insert(Opportunity).values(values).returning(Opportunity.id))
    assert number is not None
    for before, after, at in zip([None, *stages], stages, moments, strict=False):
        _note(contact_id, owner, at, number, deal_name, before, after)
    return 1 + len(stages)


def _note(
    contact_id: int,
    owner: Actor,
    at: datetime,
    number: int,
    name: str,
    before: Stage | None,
    after: Stage,
) -> None:
    data = {"opportunity_id": number, "name": name, "before": before, "after": after}
    db.session.execute(
        insert(Activity).values(
            contact_id=contact_id,
            kind=ACTIVITY,
            at=at,
            actor_kind=owner.kind,
            actor_id=owner.id,
            data=data,
        )
    )
