"""Editing the words: what a form starts from, and saving it if nobody else did meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from webapp.accounts import settings
from webapp.accounts.rules import Actor
from webapp.core.errors import Conflict, Invalid
from webapp.keywords.languages.ready import READY_SETS, ReadySet
from webapp.keywords.service import SETTING, KeywordSettings, load, save
from webapp.keywords.words import key

LISTS = ("opt_out", "opt_in", "help")


def load_for_edit() -> tuple[KeywordSettings, str]:
    """Read the settings and their stamp, which the form gives back when it is saved."""
    return load(), settings.stamp(SETTING)


@dataclass(frozen=True)
class Added:
    """Settings with a ready set added, not stored: what is new, and what another list has."""

    wanted: KeywordSettings
    ready: ReadySet
    new: tuple[str, ...]
    skipped: tuple[str, ...]


def with_ready_set(wanted: KeywordSettings, code: str) -> Added:
    """Add the ready words of a language to the settings; nothing is stored.

    A word that stands on another list already stays there and is skipped. Raises Invalid for a
    language without a ready set.
    """
    ready = next((one for one in READY_SETS if one.code == code), None)
    if ready is None:
        raise Invalid("There are no ready words for this language.", field="ready")
    lists = {name: getattr(wanted, name) for name in LISTS}
    where = {key(word): name for name, words in lists.items() for word in words}
    new, skipped = [], []
    for name in LISTS:
        for word in getattr(ready, name):
            stands = where.setdefault(key(word), name)
            if stands != name:
                skipped.append(word)
            elif word not in lists[name]:
                lists[name] = (*lists[name], word)
                new.append(word)
    return Added(replace(wanted, **lists), ready, tuple(new), tuple(skipped))


def added_sets(wanted: KeywordSettings, codes: Iterable[str]) -> list[Added]:
    """Say what each of these ready sets brought to the settings, which are not saved yet.

    New is what stands on a list and is not saved; of a word of several sets the first. A code that
    nobody knows is left out.
    """
    saved, told, found = load(), set[str](), []
    for ready in (one for code in dict.fromkeys(codes) for one in READY_SETS if one.code == code):
        new = [
            word
            for name in LISTS
            for word in getattr(ready, name)
            if word in getattr(wanted, name) and word not in getattr(saved, name)
        ]
        fresh = tuple(word for word in new if word not in told)
        told.update(fresh)
        found.append(Added(wanted, ready, fresh, with_ready_set(wanted, ready.code).skipped))
    return found


def complete_sets(wanted: KeywordSettings) -> frozenset[str]:
    """Give the codes of the ready sets that would add nothing more to the settings."""
    return frozenset(one.code for one in READY_SETS if not with_ready_set(wanted, one.code).new)


def save_edit(wanted: KeywordSettings, actor: Actor, stamp: str) -> KeywordSettings:
    """Save what was edited from `stamp`, in the open transaction; see `service.save`.

    Raises Conflict where somebody else saved since.
    """
    settings.lock(SETTING)
    if settings.stamp(SETTING) != stamp:
        raise Conflict(
            "Somebody else saved these settings while you edited them. "
            "Open them again to see theirs; what you typed is still here to copy."
        )
    return save(wanted, actor)
