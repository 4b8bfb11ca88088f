"""The tags to filter by: the first of many, and those that are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts.access import requires
from webapp.accounts.rules import Right
from webapp.contacts.filters import parse_filters
from webapp.contacts.tags import MAX_LENGTH, ask_names, fold_tag, tag_names
from webapp.core.prepared import Ask

blueprint = Blueprint("filter_tags", __name__)

SHOWN = 30
FEW = 12  # tags among which nobody needs to search


@dataclass(frozen=True)
class TagChoices:
    """Tags for a list to choose from: those that are chosen come first.

    `find` is what was looked for, `more` tells that there are further ones.
    """

    chosen: tuple[str, ...]
    others: list[str]
    find: str = ""
    more: bool = False

    @property
    def searchable(self) -> bool:
        """True where there are so many that one would search."""
        return bool(self.find) or self.more or len(self.others) + len(self.chosen) > FEW

    def __bool__(self) -> bool:
        """True where there is any tag, or one was looked for."""
        return bool(self.chosen or self.others or self.find)


def tag_choices(chosen: Sequence[str]) -> TagChoices:
    """Give the tags that the request's `find` leaves, with those that are chosen."""
    find = " ".join(request.args.get("find", "").replace("\x00", "").split())[:MAX_LENGTH]
    folded = {fold_tag(name) for name in chosen}
    names = tag_names(_most(chosen), find)
    others = [name for name in names if fold_tag(name) not in folded]
    return TagChoices(tuple(chosen), others[:SHOWN], find, len(others) > SHOWN)


def ask_choices(chosen: Sequence[str]) -> Ask:
    """Give what `tag_choices` asks where nothing is looked for, to be asked ahead."""
    return ask_names(_most(chosen))


def _most(chosen: Sequence[str]) -> int:
    return SHOWN + len(chosen) + 1


@blueprint.get("/audience/tags")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Give the tags that are looked for, as the list of the filter panel."""
    filters = parse_filters(request.args.to_dict(flat=False))
    return render_template("audience/filter_tag_list.html", choices=tag_choices(filters.tags))
