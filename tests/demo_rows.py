"""The demo's rows without a database: what a load would insert."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from webapp.accounts.rules import Actor, ActorKind
from webapp.demo.chunks import NUMBERED, Rows, rows_of
from webapp.demo.ids import Ids
from webapp.demo.lives import live
from webapp.demo.pen import Desk
from webapp.demo.people import Population
from webapp.demo.stories import Cast
from webapp.demo.strangers import strangers
from webapp.demo.templates import TEMPLATES
from webapp.demo.traits import TAGS
from webapp.keywords.service import KeywordSettings

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KEY = "an account key of the tests"


@cache
def demo_rows(count: int, now: datetime = NOW, chunk: int = 5000) -> Rows:
    """Give the rows of a demo with so many contacts, loaded at `now`."""
    cast = Cast(
        admin=Actor(ActorKind.USER, 1),
        marketer=Actor(ActorKind.USER, 2),
        shop=Actor(ActorKind.TOKEN, 1),
        now=now,
        keywords=KeywordSettings(),
    )
    desk = Desk(cast, {template: nth for nth, template in enumerate(TEMPLATES, start=1)})
    ids = Ids(dict.fromkeys(NUMBERED, 1))
    tag_ids = {tag: nth for nth, tag in enumerate(TAGS, start=1)}
    people = Population(count, ids, now, KEY)
    rows: Rows = {}
    for first in range(0, count, chunk):
        places = range(first, min(first + chunk, count))
        lives = [live(people.person(place), cast) for place in places]
        unknown = list(strangers(people, places, cast, KEY))
        for model, some in rows_of(lives, unknown, desk, ids, tag_ids).items():
            rows.setdefault(model, []).extend(some)
    return rows
