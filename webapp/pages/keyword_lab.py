"""What the keyword lab shows: a sentence tried, and the stored replies under other words."""

from __future__ import annotations

from flask import Response, request

from webapp.core.web import page_or_fragment, wants_fragment
from webapp.keywords.lab import DAYS, MOST_REPLIES, Effect, Replay, Replayed, replay
from webapp.keywords.marking import Part, marked
from webapp.keywords.rules import Match, Verdict, match
from webapp.keywords.service import KeywordSettings, load

LONGEST_TRIED = 2000

TITLES = {
    Effect.NO_LONGER_OUT: "No longer opted out",
    Effect.NO_LONGER_HELD: "No longer held for review",
    Effect.OUT: "Opted out now",
    Effect.HELD: "Held for review now",
    Effect.IN: "Opted in now",
    Effect.NO_LONGER_IN: "No longer opted in",
    Effect.HELP: "Answered with the help text now",
}
DANGERS = (Effect.NO_LONGER_OUT, Effect.NO_LONGER_HELD)
VERDICTS = {
    Verdict.OPT_OUT: "Opts out",
    Verdict.OPT_IN: "Opts in",
    Verdict.HELP: "Asks for help",
    Verdict.HOLD: "Held for review",
    Verdict.NOTHING: "Means nothing here",
}
RULES = {
    "word": "the whole reply is one of the words",
    "polite": "one of the words and politeness",
    "request": "a clear request to stop",
    "collocation": "a harmless turn of phrase",
    "unmistakable": "reads like a request to stop",
    "switched_off": "would be a stop, but the words are off",
    "none": "nothing in it reads like a request",
}


def show_lab(
    wanted: KeywordSettings, stamp: str, *, say: str = "", replays: bool = False
) -> Response:
    """Show the lab with these words, which need not be the saved ones; writes nothing.

    `say` is a sentence to try. `replays` reads the stored replies under both words; where the
    time was not enough, the form names the place from which an older stretch goes on.
    """
    saved = load()
    say = say.strip()[:LONGEST_TRIED]
    return page_or_fragment(
        "keywords/lab_page.html",
        "keywords/lab.html",
        settings=wanted,
        stamp=stamp,
        added_codes=request.form.getlist("added"),
        changed=wanted.words != saved.words,
        say=say,
        tried=match(say, wanted.words) if say else None,
        under_saved=match(say, saved.words) if say else None,
        replayed=_replay(saved, wanted) if replays else None,
        seen=_number("seen"),
        titles=TITLES,
        dangers=DANGERS,
        verdicts=VERDICTS,
        rules=RULES,
        days=DAYS,
        most=MOST_REPLIES,
        decided_by=_decided_by,
        why=_why,
        parts=_parts,
        in_dialog=wants_fragment(),
    )


def _replay(saved: KeywordSettings, wanted: KeywordSettings) -> Replay:
    older = request.form.get("do") == "older"
    return replay(
        saved.words,
        wanted.words,
        before_id=_number("before") or None if older else None,
        seen=_number("seen") if older else 0,
    )


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _decided_by(line: Replayed) -> Match:
    """Give the side that says something: of what is no longer heard, why it was."""
    return line.after if line.after.verdict is not Verdict.NOTHING else line.before


def _why(found: Match) -> str:
    """Say which rule and words decided."""
    words = ", ".join(f"“{word}”" for word in found.words)
    return f"{RULES[found.rule]}: {words}" if words else RULES[found.rule]


def _parts(text: str, found: Match) -> list[Part]:
    return marked(text, found.words)
