"""What the builder's templates show of a tree: each part with its fields and what they offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from webapp.contacts.attributes import Kind
from webapp.contacts.tree import MAX_DEPTH, Condition, Group, How, What
from webapp.contacts.tree_hows import IN_DAYS, NO_VALUE, hows_of, label_of
from webapp.pages.segment_builder_form import MATCHES, kind_in, match_of
from webapp.pages.segment_builder_offers import SOURCES, STANDINGS, Choices, Offered


@dataclass(frozen=True)
class ConditionView:
    """A condition with its fields. `path` is its place; `id` begins the ids and names of its fields."""

    path: str
    asked: Condition
    offered: Offered
    error: str = ""

    @property
    def id(self) -> str:
        """What the names of its fields begin with."""
        return f"n{self.path}"

    @property
    def what(self) -> str:
        """What it looks at, as the field says it."""
        return f"{self.asked.what}:{self.asked.of}" if self.asked.of else self.asked.what.value

    @property
    def title(self) -> str:
        """Its place among the others, for those who cannot see it."""
        return "Condition " + ".".join(str(int(step) + 1) for step in self.path.split("."))

    @property
    def missing(self) -> str:
        """What it looks at, where the field does not offer that."""
        offered = {value for _, choices in self.offered.whats for value, _ in choices}
        if self.what in offered:
            return ""
        return "Chosen contacts" if self.asked.what is What.CONTACT else f"{self.asked.of} (gone)"

    @property
    def hows(self) -> Choices:
        """How it may be compared."""
        what = self.asked.what
        return [(how.value, label_of(what, how)) for how in hows_of(what, self._kind)]

    @property
    def values(self) -> tuple[str, ...]:
        """The values, as many as the widget has fields at least."""
        return (*self.asked.values, "", "")

    @property
    def widget(self) -> str:
        """Which fields take the values."""
        what, how = self.asked.what, self.asked.how
        if how in NO_VALUE:
            return "none"
        if how in IN_DAYS:
            return "days"
        if what is What.CONTACT:
            return "contacts"
        if what in (What.CONSENT, What.SOURCE, What.SEGMENT) or self._kind is Kind.CHOICE:
            return "checks" if how is How.ONE_OF else "select"
        if how is How.ONE_OF:
            return "lines"
        kind = "date" if what in (What.CHANGED, What.CREATED) else self._kind.value
        if how is How.BETWEEN:
            return f"{kind}s"
        return what.value if what in (What.TAG, What.COUNTRY) else kind

    @property
    def choices(self) -> Choices:
        """What a select or its boxes offer; a value that is no longer offered stays among them."""
        found = list(self._choices())
        there = {value for value, _ in found}
        return found + [
            (value, value) for value in self.asked.values if value and value not in there
        ]

    @property
    def _kind(self) -> Kind:
        return kind_in(self.asked.what, self.asked.of, self.offered.known)

    def _choices(self) -> Choices:
        what = self.asked.what
        if what is What.SEGMENT:
            return self.offered.segments
        if what is What.ATTRIBUTE:
            return [(choice, choice) for choice in self.offered.known[self.asked.of].choices]
        return STANDINGS if what is What.CONSENT else SOURCES


@dataclass(frozen=True)
class GroupView:
    """A group with its parts; the outermost has the path ""."""

    path: str
    group: Group
    offered: Offered
    errors: Mapping[str, str] = field(default_factory=dict)

    is_group: ClassVar[bool] = True
    matches: ClassVar[Choices] = [(word, match.label) for word, match in MATCHES.items()]

    @property
    def id(self) -> str:
        """What the names of its fields begin with."""
        return f"n{self.path}"

    @property
    def match(self) -> str:
        """How it holds."""
        return match_of(self.group)

    @property
    def title(self) -> str:
        """Its place among the others, for those who cannot see it."""
        steps = [str(int(step) + 1) for step in self.path.split(".") if step]
        return f"Group {'.'.join(steps)}" if steps else "The whole segment"

    @property
    def error(self) -> str:
        """What is wrong with it."""
        return self.errors.get(self.path, "")

    @property
    def may_nest(self) -> bool:
        """True where another group has room in it."""
        return len(self.path.split(".") if self.path else ()) + 1 < MAX_DEPTH

    @property
    def parts(self) -> list[GroupView | ConditionView]:
        """What stands in it."""
        found: list[GroupView | ConditionView] = []
        for nth, part in enumerate(self.group.parts):
            path = f"{self.path}.{nth}" if self.path else str(nth)
            if isinstance(part, Group):
                found.append(GroupView(path, part, self.offered, self.errors))
            else:
                error = self.errors.get(path, "")
                found.append(ConditionView(path, part, self.offered, error))
        return found
