"""The words that decided are marked where they stand in the reply, as it was written."""

import pytest

from webapp.keywords.folding import normalise_word
from webapp.keywords.languages.ready import READY_SETS
from webapp.keywords.marking import marked
from webapp.keywords.rules import DEFAULT_WORDS, Verdict, match
from webapp.keywords.words import key


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hello, pls STOP! sending that", ["STOP"]),
        ("Who gave you my number??", ["Who gave you my number"]),
        ("Déjenme EN PAZ, por favor", ["Déjenme EN PAZ"]),
        ("st op it", ["st op it"]),
        ("please unsubcribe me", ["unsubcribe me"]),
        ("🛑", ["🛑"]),
        ("see you tomorrow", []),
    ],
)
def test_the_words_are_found_in_the_text(text, shown):
    found = match(text, DEFAULT_WORDS)
    parts = marked(text, found.words)
    assert "".join(part for part, _ in parts) == text
    assert [part for part, is_word in parts if is_word] == shown


def test_a_long_text_shows_what_stands_around_the_mark():
    parts = marked("blah " * 500 + "stop texting me" + " blah" * 500, ("stop texting me",))
    assert parts[0] == parts[-1] == ("…", False)
    assert ("stop texting me", True) in parts
    assert sum(len(part) for part, _ in parts) < 1000


def test_a_text_of_one_word_again_and_again_is_marked_in_a_moment():
    assert marked("stop " * 20_000, ("stop texting me",))


def test_ready_words_are_stored_as_they_are_and_stand_on_one_list_each():
    where: dict[str, str] = {}
    for ready in READY_SETS:
        for name in ("opt_out", "opt_in", "help"):
            for word in getattr(ready, name):
                assert normalise_word(word) == word
                assert where.setdefault(key(word), name) == name, word


def test_yes_and_no_are_ready_in_no_language():
    answers = [
        "YES",
        "NO",
        "SI",
        "SÍ",
        "SIM",
        "NÃO",
        "OUI",
        "NON",
        "JA",
        "NEIN",
        "हाँ",
        "नहीं",
        "HAAN",
        "NAHI",
        "نعم",
        "لا",
        "OK",
    ]
    taken = {key(w) for r in READY_SETS for w in (*r.opt_out, *r.opt_in, *r.help)}
    assert not taken & {key(word) for word in answers}


def test_alta_signs_on_where_alto_and_baja_stop():
    spanish = next(ready for ready in READY_SETS if ready.code == "es")
    words = DEFAULT_WORDS.__class__(spanish.opt_out, spanish.opt_in, spanish.help)
    assert match("Alta", words).verdict is Verdict.OPT_IN
    assert match("alto", words).verdict is match("BAJA", words).verdict is Verdict.OPT_OUT
