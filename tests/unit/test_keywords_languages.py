"""How people of each language ask to be left alone, and what they say that only sounds like it.

The sentences in `replies/` were written for this test. A `\\n` in them is a line break.
"""

from pathlib import Path

import pytest

from webapp.keywords.folding import fold
from webapp.keywords.languages import PACKS
from webapp.keywords.lexicon import PHRASE_KINDS
from webapp.keywords.rules import DEFAULT_WORDS, READY_OPT_OUT_WORDS, Verdict, match

REPLIES = sorted(Path(__file__).parent.joinpath("replies").glob("*.txt"))
SPOKEN = [pack for pack in PACKS if pack.requests]
ALLOWED = {
    "opt_out": {Verdict.OPT_OUT},
    "opt_out or hold": {Verdict.OPT_OUT, Verdict.HOLD},
    "anything but opt_out": set(Verdict) - {Verdict.OPT_OUT},
    "neither opt_out nor hold": set(Verdict) - {Verdict.OPT_OUT, Verdict.HOLD},
}


def sentences(path: Path) -> list[tuple[str, str]]:
    """Read a file of sentences: each with the heading that it stands under."""
    heading, found = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line[1:-1] in ALLOWED:
            heading = line[1:-1]
        elif line:
            found.append((heading, line.replace("\\n", "\n")))
    return found


def test_there_are_sentences_for_every_language_with_phrases():
    assert [path.stem for path in REPLIES] == sorted(pack.code for pack in SPOKEN)


@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.stem)
def test_the_sentences_of_a_language_are_understood(path):
    wrong = [
        (heading, text, found)
        for heading, text in sentences(path)
        if (found := match(text, DEFAULT_WORDS)).verdict not in ALLOWED[heading]
    ]
    assert wrong == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.code)
def test_a_pack_is_well_formed(pack):
    for kind in PHRASE_KINDS:
        for phrase in pack.phrases(kind):
            assert phrase.needs, phrase.source
            assert phrase.regex
    assert all(phrase.regex for phrase in (*pack.limits_after, *pack.wishes_after))
    assert pack.negated
    assert pack.doubted


def test_the_words_for_starting_and_for_help_mean_nothing_else():
    taken = {
        word
        for pack in PACKS
        for name in ("unmistakable", "everyday", "doubtful")
        for word in pack.words(name)
    }
    for word in (*DEFAULT_WORDS.opt_in, *DEFAULT_WORDS.help, "YES", "NO", "ALTA", "OK"):
        assert fold(word) not in taken


def test_every_ready_word_is_known_to_the_packs():
    for word in READY_OPT_OUT_WORDS:
        without = match(word, DEFAULT_WORDS)
        assert without.verdict in (Verdict.OPT_OUT, Verdict.HOLD), word


def test_no_misspelling_is_a_word_of_another_language():
    spelt = {
        word
        for pack in PACKS
        for name in ("unmistakable", "everyday", "doubtful", "polite", "fillers", "negations")
        for entry in pack.words(name)
        for word in entry.split()
    }
    assert {wrong for pack in PACKS for wrong in pack.spelling()} & spelt <= {"stopp", "pls", "plz"}


@pytest.mark.parametrize("text", ["", "   ", "?", "👍", "1", "0"])
def test_what_says_nothing_means_nothing(text):
    assert match(text, DEFAULT_WORDS).verdict is Verdict.NOTHING
