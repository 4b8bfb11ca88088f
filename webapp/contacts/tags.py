"""Tags: labels on contacts, whose names differ by more than case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select

from webapp.contacts.models import Tag
from webapp.core.db import db
from webapp.core.dialect import insert_or_ignore
from webapp.core.errors import Invalid
from webapp.core.prepared import Ask, Prepared

MAX_LENGTH = 64
MAX_TAGS = 50


def clean_tags(names: Iterable[str]) -> list[str]:
    """Give tag names as they are kept: trimmed, each once whatever its case. Raises Invalid."""
    kept: dict[str, str] = {}
    for name in names:
        name = " ".join(name.replace("\x00", "").split())
        if len(name) > MAX_LENGTH:
            raise Invalid(f"A tag has at most {MAX_LENGTH} characters.", field="tags")
        if name:
            kept.setdefault(fold_tag(name), name)
    if len(kept) > MAX_TAGS:
        raise Invalid(f"A contact carries at most {MAX_TAGS} tags.", field="tags")
    return list(kept.values())


def fold_tag(name: str) -> str:
    """Give the form of a tag's name that is compared; accents count, case does not."""
    return " ".join(name.casefold().split())[:MAX_LENGTH]


def named(names: Sequence[str]) -> list[Tag]:
    """Give the tags of these names, in the open transaction; those that are new are made."""
    folded = {fold_tag(name): name for name in clean_tags(names)}
    if not folded:
        return []
    wanted = select(Tag).where(Tag.folded.in_(folded)).order_by(Tag.name)
    found = list(db.session.scalars(wanted))
    missing = folded.keys() - {tag.folded for tag in found}
    if missing:
        # In one order, so that two who make the same tags do not wait for each other crosswise.
        rows = [{"name": folded[fold], "folded": fold} for fold in sorted(missing)]
        insert_or_ignore(db.session(), Tag, rows)
        found = list(db.session.scalars(wanted))
    return found


def tag_names(limit: int = 200, find: str = "") -> list[str]:
    """Give the names of the account's tags by alphabet, those with `find` in them."""
    if not find:
        prepared, values = ask_names(limit)
        return [name for (name,) in prepared.all(values)]
    query = select(Tag.name).order_by(Tag.folded).limit(limit)
    return list(
        db.session.scalars(query.where(Tag.folded.contains(fold_tag(find), autoescape=True)))
    )


def ask_names(limit: int) -> Ask:
    """Give what `tag_names` asks, to be asked ahead."""
    return _NAMES, {"most": limit}


_NAMES = Prepared(select(Tag.name).order_by(Tag.folded).limit(bindparam("most")))


def unknown_tags(names: Sequence[str]) -> list[str]:
    """Give those of the names that no tag has any more."""
    if not names:
        return []
    found = set(db.session.scalars(select(Tag.folded).where(Tag.folded.in_(map(fold_tag, names)))))
    return [name for name in names if fold_tag(name) not in found]
