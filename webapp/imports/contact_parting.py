"""Which rows of a list of contacts are taken together, and which by themselves; reads, no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webapp.contacts.attributes import Definition
from webapp.contacts.definitions import definitions
from webapp.contacts.rules import Channel
from webapp.imports.contact_matching import Keyed, Known, Matches, changes
from webapp.imports.contact_rows import ContactRow
from webapp.imports.rules import Refused

SLOW = 20  # rows of a step that are taken one after the other
CONSENTS = 60  # changes of consent a step: each is an event of its own


@dataclass
class Parted:
    """The first `count` of some rows by how they are taken; the others are for the next step.

    `fresh` are new contacts, added together. `still` change nobody: each with its contact, None
    where the row is refused and only its no counts. `odd` go one after the other.
    """

    count: int = 0
    fresh: list[Keyed] = field(default_factory=list)
    still: list[tuple[Keyed, Known | None]] = field(default_factory=list)
    odd: list[Keyed] = field(default_factory=list)

    def put(self, one: Keyed, way: Way) -> None:
        """Take the next row in this way."""
        self.count += 1
        if way is ODD:
            self.odd.append(one)
        elif way is FRESH:
            self.fresh.append(one)
        else:
            self.still.append((one, way if isinstance(way, Known) else None))


FRESH, ODD, REFUSED = "fresh", "odd", "refused"
Way = str | Known  # a contact: who stays as they are


def part(
    rows: Sequence[Keyed], found: Matches, *, overwrite: bool, one_by_one: bool = False
) -> Parted:
    """Part as many rows as a short transaction takes, in their order; `one_by_one`: all are odd."""
    known = {definition.name: definition for definition in definitions()}
    parted = Parted()
    named: set[bytes] = set()  # by the rows above, and what those may take from their contacts
    consents = 0
    for one in rows:
        consents += len(one.row.asks)
        lone = one_by_one and not one.row.refused
        way = ODD if lone else _way(one, found, named, known, overwrite=overwrite)
        full = way is ODD and len(parted.odd) == SLOW
        if full or (parted.count and consents > CONSENTS):
            break
        parted.put(one, way)
        named.update(one.keys)
        if way is ODD:
            named.update(_before(one, found))
    return parted


def _way(
    one: Keyed,
    found: Matches,
    named: set[bytes],
    known: Mapping[str, Definition],
    *,
    overwrite: bool,
) -> Way:
    if one.row.refused:
        return REFUSED
    if any(key in named for key in one.keys):
        return ODD  # the same person stands above, in this step
    try:
        contact = found.contact_of(one)
    except Refused:
        return ODD
    if contact is None:
        return FRESH if _fits(one.row, known) else ODD
    tags = found.tags.get(contact.owner.id, set())
    return ODD if changes(contact, one.row, tags, overwrite=overwrite) else contact


def _before(one: Keyed, found: Matches) -> set[bytes]:
    """Give the keys that the people of a row have now: it may take one away, and who has it then?"""
    people = [found.known[key].owner for key in one.keys if key in found.known]
    return {key for who in people for channel in Channel for key in who.keys(channel)}


def _fits(row: ContactRow, known: Mapping[str, Definition]) -> bool:
    """Tell whether a row's attributes are what they were when they were read."""
    kinds = {"boolean": (bool,), "number": (int, float)}
    return all(
        (definition := known.get(name)) is not None
        and type(value) in kinds.get(definition.kind, (str,))
        and (definition.kind != "choice" or value in (definition.choices or [value]))
        for name, value in row.attributes.items()
    )
