"""The demo's rows without a database: what a load would insert."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from webapp.accounts.rules import Actor, ActorKind
from webapp.demo.chunks import NUMBERED, Rows
from webapp.demo.making import CHUNK, Plan, made
from webapp.demo.pen import Desk
from webapp.demo.stories import Cast
from webapp.demo.templates import TEMPLATES
from webapp.demo.traits import TAGS
from webapp.keywords.service import KeywordSettings
from webapp.receipts.links import Links

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEY = "an account key of the tests"


@cache
def demo_rows(count: int, now: datetime = NOW, chunk: int = CHUNK) -> Rows:
    """Give the rows of a demo with so many contacts, loaded at `now`."""
    rows: Rows = {}
    for batch, _ in made(demo_plan(count, now), chunk):
        for model, some in batch.items():
            rows.setdefault(model, []).extend(some)
    return rows


def demo_plan(count: int, now: datetime = NOW) -> Plan:
    """Give what decides about these rows."""
    cast = Cast(
        admin=Actor(ActorKind.USER, 1),
        marketer=Actor(ActorKind.USER, 2),
        shop=Actor(ActorKind.TOKEN, 1),
        now=now,
        keywords=KeywordSettings(),
        links=Links("https://shop.example", (KEY,)),
    )
    desk = Desk(cast, {template: nth for nth, template in enumerate(TEMPLATES, start=1)})
    tag_ids = {tag: nth for nth, tag in enumerate(TAGS, start=1)}
    return Plan(count, desk, tag_ids, KEY, dict.fromkeys(NUMBERED, 1))
