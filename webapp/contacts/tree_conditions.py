"""A tree as a condition of SQL over the contacts' columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, and_, false, func, not_, or_, select, true

from webapp.contacts.attribute_conditions import attribute_contains, attribute_is_set
from webapp.contacts.attributes import Definition
from webapp.contacts.conditions import CONTACTS, TAGS, Definitions, own_conditions
from webapp.contacts.filters import Filters
from webapp.contacts.folding import fold_name
from webapp.contacts.kept_params import Meaning
from webapp.contacts.search import Word, digits_of
from webapp.contacts.tags import fold_tag
from webapp.contacts.tree import Condition, Group, How, Node, What, names_in
from webapp.contacts.tree_filters import days_of, filters_of
from webapp.contacts.tree_hows import OPPOSITES
from webapp.contacts.whole import Whole
from webapp.core import clock
from webapp.core.db import db

Sql = ColumnElement[bool]


def whole_condition(
    whole: Whole,
    zone: ZoneInfo,
    known: Definitions,
    of: FromClause = CONTACTS,
    ids: FromClause | None = None,
) -> Sql:
    """Give what must hold of a row of `of`, which has the columns of the contacts.

    Days are those of `zone`, relative ones counted from now; `known` are the attribute
    definitions, `ids` has the same id where it can be asked for before the row is read.
    """
    found = _Writing(whole, zone, known, of, ids).meaning(whole.root, sure=False)
    return and_(found, *_tags_are_there(whole))


def _tags_are_there(whole: Whole) -> list[Sql]:
    """Give the condition that no tag of a tree has gone between its being read and its use.

    Everybody "has not" a tag that is gone; so nobody is found then.
    """
    trees = [each for each in (whole.root, *whole.segments.values()) if isinstance(each, Group)]
    folded = {fold_tag(name) for tree in trees for name in names_in(tree, What.TAG)}
    there = select(func.count()).select_from(TAGS).where(TAGS.c.folded.in_(sorted(folded)))
    return [there.scalar_subquery() == len(folded)] if folded else []


def _sure(asked: Sql) -> Sql:
    """Give a condition that is false where it was NULL: only then is its opposite the rest."""
    return asked.is_(true())


@dataclass(frozen=True)
class _Writing:
    """`sure` conditions are never NULL, which those under a negation must be."""

    whole: Whole
    zone: ZoneInfo
    known: Definitions
    of: FromClause
    ids: FromClause | None

    def meaning(self, asked: Meaning, *, sure: bool) -> Sql:
        if isinstance(asked, Group):
            return self.node(asked, sure=sure)
        found = self._filters(asked)
        return _sure(found) if sure else found

    def node(self, node: Node, *, sure: bool) -> Sql:
        if isinstance(node, Condition):
            return self._condition(node, sure=sure)
        sure = sure or node.negated
        parts = [self.node(part, sure=sure) for part in node.parts]
        found = or_(false(), *parts) if node.any else and_(true(), *parts)
        return not_(found.self_group()) if node.negated else found

    def _condition(self, asked: Condition, *, sure: bool) -> Sql:
        opposite = OPPOSITES.get(asked.how)
        if opposite is not None:
            there = Condition(asked.what, opposite, asked.of, asked.values)
            return not_(self._condition(there, sure=True))
        if asked.what is What.SEGMENT:
            return self.meaning(self.whole.segments[int(asked.values[0])], sure=sure)
        found = self._positive(asked)
        return _sure(found) if sure else found

    def _positive(self, asked: Condition) -> Sql:
        today = clock.now().astimezone(self.zone).date()
        either = filters_of(asked, today)
        if either:
            return or_(*map(self._filters, either))
        if asked.what is What.ATTRIBUTE:
            return self._of_attribute(asked)
        if asked.how is How.SET:
            return self._present(asked)
        return _OWN[asked.what](asked, self)

    def _filters(self, filters: Filters) -> Sql:
        found = own_conditions(filters, self.zone, self.known, self.of, self.ids)
        if filters.segment:
            found.append(self.meaning(self.whole.segments[filters.segment], sure=False))
        return and_(true(), *found)

    def _of_attribute(self, asked: Condition) -> Sql:
        definition = self._definition(asked.of)
        if asked.how is How.SET:
            return attribute_is_set(definition, self.of)
        if asked.how in (How.CONTAINS, How.BEGINS):
            begins = asked.how is How.BEGINS
            return attribute_contains(
                db.session(), definition, asked.values[0], self.of, begins=begins
            )
        # More is at least and not the same; less likewise.
        wide = How.AT_LEAST if asked.how is How.MORE else How.AT_MOST
        at_all = self._positive(Condition(asked.what, wide, asked.of, asked.values))
        same = Condition(asked.what, How.IS, asked.of, asked.values)
        return and_(at_all, not_(self._condition(same, sure=True)))

    def _present(self, asked: Condition) -> Sql:
        if asked.what is What.NAME:
            return self.of.c.name != ""
        name = f"{asked.of}_changed_at" if asked.what is What.CHANGED else asked.what.value
        found: Sql = self.of.c[name].is_not(None)
        return found

    def _definition(self, name: str) -> Definition:
        return next(definition for definition in self.known if definition.name == name)


def _created(asked: Condition, writing: _Writing) -> Sql:
    since, until = days_of(asked).moments(writing.zone)
    created = writing.of.c.created_at
    ends = [created >= since] if since else []
    return and_(true(), *ends, *([created < until] if until else []))


def _country(asked: Condition, writing: _Writing) -> Sql:
    found: Sql = writing.of.c.phone.startswith(asked.values[0], autoescape=True)
    return found


def _stands(asked: Condition, writing: _Writing) -> Sql:
    return word_of(asked).stands_in(writing.of)


def word_of(asked: Condition) -> Word:
    """Give what is looked for in the name, the email or the number, and nowhere else."""
    text = asked.values[0]
    if asked.what is What.NAME:
        return Word(name=fold_name(text))
    if asked.what is What.EMAIL:
        return Word(email=text.casefold())
    return Word(phone=digits_of(text))


_OWN: dict[What, Callable[[Condition, _Writing], Sql]] = {
    What.CREATED: _created,
    What.COUNTRY: _country,
    What.NAME: _stands,
    What.EMAIL: _stands,
    What.PHONE: _stands,
}
