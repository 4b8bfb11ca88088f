"""Opt-In/Opt-Out Settings: the words, and what each is answered; a page, and the gear's dialog."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Right
from webapp.core.db import transaction
from webapp.core.errors import Conflict, Invalid
from webapp.core.web import page_or_fragment, wants_fragment
from webapp.keywords.editing import (
    added_sets,
    complete_sets,
    load_for_edit,
    save_edit,
    with_ready_set,
)
from webapp.keywords.folding import normalise_word
from webapp.keywords.languages.ready import READY_SETS
from webapp.keywords.service import KeywordSettings
from webapp.pages.keyword_lab import show_lab
from webapp.pages.presentation import dialog_done, toast

blueprint = Blueprint("keywords", __name__)

READY = "ready-"


@blueprint.get("/settings/keywords")
@requires(Right.SEE)
def show() -> ResponseReturnValue:
    """Show the settings: a form for admins, the same to read for others."""
    settings, stamp = load_for_edit()
    return _form(settings, stamp)


@blueprint.post("/settings/keywords")
@requires(Right.ADMINISTER)
def save() -> ResponseReturnValue:
    """Save the form; or, by its other buttons, add ready words or try the words, unsaved."""
    form = request.form
    wanted, stamp, do = read_settings(form), form.get("stamp", ""), form.get("do", "")
    if do == "try":
        return show_lab(wanted, stamp)
    if do == "edit":
        return _form(wanted, stamp)
    try:
        if do.startswith(READY):
            code = do.removeprefix(READY)
            return _form(with_ready_set(wanted, code).wanted, stamp, added=code)
        transaction(lambda: save_edit(wanted, actor(), stamp))
    except (Invalid, Conflict) as error:
        return _form(wanted, stamp, errors={error.field or "": error.message}), error.status
    toast("Opt-In/Opt-Out settings saved.")
    return dialog_done(url_for("keywords.show"))


@blueprint.get("/settings/keywords/lab")
@requires(Right.SEE)
def lab() -> ResponseReturnValue:
    """Show the lab with the saved words: what a sentence means under them."""
    settings, stamp = load_for_edit()
    return show_lab(settings, stamp, say=request.args.get("say", ""))


@blueprint.post("/settings/keywords/lab")
@requires(Right.ADMINISTER, reads=True)
def try_words() -> ResponseReturnValue:
    """Replay the stored replies under the words of the form, or try a sentence; saves nothing."""
    form = request.form
    wanted, stamp = read_settings(form), form.get("stamp", "")
    if form.get("do") == "edit":
        return _form(wanted, stamp)
    return show_lab(wanted, stamp, say=form.get("say", ""), replays=form.get("do") != "say")


def read_settings(form: Mapping[str, str]) -> KeywordSettings:
    """Take the settings from the form; each list has one word a line."""
    return KeywordSettings(
        enabled="enabled" in form,
        opt_out=_words(form.get("opt_out", "")),
        opt_in=_words(form.get("opt_in", "")),
        help=_words(form.get("help", "")),
        confirmation=form.get("confirmation", "").strip(),
        opt_in_reply=form.get("opt_in_reply", "").strip(),
        help_reply=form.get("help_reply", "").strip(),
    )


def _words(text: str) -> tuple[str, ...]:
    words = (normalise_word(line) for line in text.splitlines())
    return tuple(dict.fromkeys(word for word in words if word))


def _form(
    settings: KeywordSettings,
    stamp: str,
    *,
    errors: Mapping[str, str] | None = None,
    added: str = "",
) -> Response:
    """Show the form; `added` is the code of the ready words that were just added.

    The form itself carries those that were added before, so that it goes on telling of them.
    """
    before = request.form.getlist("added")
    told = added_sets(settings, [*before, added] if added else before)
    return page_or_fragment(
        "keywords/page.html",
        "keywords/form.html",
        settings=settings,
        stamp=stamp,
        errors=errors or {},
        added=told,
        ready_sets=READY_SETS,
        complete=complete_sets(settings),
        in_dialog=wants_fragment(),
    )
