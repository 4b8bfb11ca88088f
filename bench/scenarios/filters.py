"""Filters: a tag, an attribute and opted out; few people, and more than a page of them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sqlalchemy import text

from bench.browser import nobody, signed_in
from bench.figures import Figure, Target, compared
from bench.floors.bare import bare_app
from bench.floors.reads import fact
from bench.places import Place
from bench.scenarios.lists import Asked, audience, bare, works
from bench.scenarios.pages import growth
from bench.timing import Work, interleaved

TARGETS = {
    "filter": Target("Tag, attribute and opted out, few people", 4.0, largest_only=True),
    "filter-many": Target("The same, more than a page of people", 4.0, largest_only=True),
    "filter-growth": Target("The same, most contacts against fewest", 1.5),
}
# Among 10,000 contacts some 50 of each tag speak English and are opted out; of a city it is one.
FEW, MANY = "city", "language"
CHOSEN = 20
TURNS = 60
# A combination that somebody has: one more question would only measure an empty page.
SOMEBODY = """
SELECT t.folded, t.name, c.attributes {member} FROM contacts AS c
JOIN contact_tags AS ct ON ct.contact_id = c.id JOIN tags AS t ON t.id = ct.tag_id
WHERE c.whatsapp_state = 'opted_out' {narrow}
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure both filters on all sizes at once."""
    few: dict[tuple[int, str], Work] = {}
    many: dict[tuple[int, str], Work] = {}
    for place in places:
        heed, floor = signed_in(place.app), nobody(bare_app(place.engine))
        for name, todo in ((FEW, few), (MANY, many)):
            both = works(heed, floor, _asked(place, name))
            todo[place.contacts, "heed"], todo[place.contacts, "floor"] = both
    found = []
    for label, todo in (("filter", few), ("filter-many", many)):
        times = interleaved(todo, TURNS)
        for place in places:
            n = place.contacts
            found.append(compared(label, place.database, n, times[n, "heed"], times[n, "floor"]))
        if todo is many:
            found += growth("filter-growth", places, times)
    return found


def _asked(place: Place, name: str) -> list[Asked]:
    """Give addresses that ask for an attribute, each with a tag that goes with it."""
    member = f"->> '{name}'"
    narrow = f"AND c.attributes {member} = 'English'" if name == MANY else ""
    with place.engine.connect() as connection:
        found = connection.execute(text(SOMEBODY.format(member=member, narrow=narrow))).all()
    chosen = Random(place.contacts).sample(found, min(CHOSEN, len(found)))
    return [
        Asked(
            audience(state="opted_out", tag=tag, **{f"attr.{name}": value}),
            bare(
                "/filter-many" if name == MANY else "/filter",
                tag=folded,
                fact=fact(place.database, name, value),
            ),
        )
        for folded, tag, value in chosen
    ]
