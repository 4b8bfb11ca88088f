"""Editing the words: what a form starts from, and saving it if nobody else did meanwhile."""

from __future__ import annotations

from dataclasses import replace

from webapp.accounts import settings
from webapp.accounts.rules import Actor
from webapp.core.errors import Conflict
from webapp.keywords.rules import DEFAULT_WORDS, READY_OPT_OUT_WORDS
from webapp.keywords.service import SETTING, KeywordSettings, load, save


def load_for_edit() -> tuple[KeywordSettings, str]:
    """Read the settings and their stamp, which the form gives back when it is saved."""
    return load(), settings.stamp(SETTING)


def with_ready_set(wanted: KeywordSettings) -> KeywordSettings:
    """Give the settings with the ready English words added; nothing is stored."""
    return replace(
        wanted,
        opt_out=_joined(wanted.opt_out, READY_OPT_OUT_WORDS),
        opt_in=_joined(wanted.opt_in, DEFAULT_WORDS.opt_in),
        help=_joined(wanted.help, DEFAULT_WORDS.help),
    )


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


def _joined(words: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*words, *more)))
