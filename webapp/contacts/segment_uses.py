"""Which segments name a tag, an attribute or another segment; a tag's new name written into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sqlalchemy import select

from webapp.contacts.filters import Filters
from webapp.contacts.kept_params import Meaning, meaning_of, params_of
from webapp.contacts.segment_models import Segment
from webapp.contacts.tags import fold_tag
from webapp.contacts.tree import Condition, What, mapped
from webapp.contacts.whole import attributes_in, tags_in, uses
from webapp.core import clock
from webapp.core.db import db
from webapp.core.errors import Invalid
from webapp.core.words import listed


def with_tag(name: str) -> list[Segment]:
    """Give the segments that ask for a tag, by alphabet."""
    folded = fold_tag(name)
    return _those(lambda meaning: folded in map(fold_tag, tags_in(meaning)))


def with_attribute(name: str) -> list[Segment]:
    """Give the segments that ask for an attribute of this name in data, by alphabet."""
    return _those(lambda meaning: name in attributes_in(meaning))


def with_segment(segment_id: int) -> list[Segment]:
    """Give the segments that another one stands in, by alphabet."""
    return _those(lambda meaning: segment_id in uses(meaning))


def in_words(segments: list[Segment]) -> str:
    """Name segments in a sentence: “the segments “A” and “B””."""
    names = listed([f"“{segment.name}”" for segment in segments])
    return f"the segment{'s' if len(segments) > 1 else ''} {names}"


def rename_tag(before: str, after: str) -> None:
    """Let every segment that asks for a tag ask for its new name, in the open transaction."""
    for segment in with_tag(before):
        meaning = meaning_of(segment.params)
        segment.params = params_of(_renamed(meaning, fold_tag(before), after))
        segment.updated_at = clock.now()
    db.session.flush()


def _those(asked: Callable[[Meaning], bool]) -> list[Segment]:
    return [segment for segment, meaning in _all() if asked(meaning)]


def _all() -> Iterator[tuple[Segment, Meaning]]:
    """Give every segment that can be read; they are some hundreds at most."""
    for segment in db.session.scalars(select(Segment).order_by(Segment.folded)):
        try:
            yield segment, meaning_of(segment.params)
        except Invalid:
            continue


def _renamed(meaning: Meaning, folded: str, after: str) -> Meaning:
    if isinstance(meaning, Filters):
        return replace(meaning, tags=_names(meaning.tags, folded, after))

    def change(asked: Condition) -> Condition:
        if asked.what is not What.TAG:
            return asked
        return replace(asked, values=_names(asked.values, folded, after))

    return mapped(meaning, change)


def _names(names: tuple[str, ...], folded: str, after: str) -> tuple[str, ...]:
    new = (after if fold_tag(name) == folded else name for name in names)
    return tuple(dict.fromkeys(new))
