"""Two spellings of the same words fold to one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.keywords.folding import fold, mark, normalise_word
from webapp.keywords.words import key


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("stop", "STOP"),
        ("  stop \t all\n", "STOP ALL"),
        ("ｓｔｏｐ", "STOP"),
        ("st\u200bop\ufeff", "STOP"),
        ("arrêt", "ARRÊT"),
        ("iptal", "IPTAL"),
        ("İptal", "İPTAL"),
        ("stopp straße", "STOPP STRASSE"),
        ("बंद करो", "बंद करो"),
        ("🛑", "🛑"),
        ("   ", ""),
    ],
)
def test_a_word_is_stored_in_upper_case_without_stray_spaces(typed, stored):
    assert normalise_word(typed) == stored


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Arrêtez!", "arretez"),
        ("ＳＴＯＰ", "stop"),
        ("𝐒𝐓𝐎𝐏", "stop"),
        ("S\u0301TOP", "stop"),
        ("İPTAL", "ıptal"),
        ("STRASSE", "Straße"),
        ("don’t", "dont"),
        ("don´t", "don't"),
        ("stoooooop", "stop"),
        ("\u202estop\u202c", "stop"),
        ("sto\u00adp", "stop"),
        ("stop 🛑✋🏽", "stop"),
        ("إِلْغَاءُ الاشتراك", "الغاء الإشتراك"),
        ("توقــــف", "توقف"),
        ("رسالة", "رساله"),
        ("стоп", "СТОП"),
        ("ещё", "еще"),
        ("opt-out", "OPT   OUT"),
        ("बंद करो।", "बंद करो"),
        ("रोक\u200dो", "रोको"),
    ],
)
def test_what_people_mean_as_the_same_word_folds_to_the_same(first, second):
    assert fold(first) == fold(second) != ""


@pytest.mark.parametrize(
    ("first", "second"),
    [("बंद", "बद"), ("रोको", "रोका"), ("alto", "alta"), ("stoop", "stop"), ("करो", "करे")],
)
def test_what_makes_another_word_stays(first, second):
    assert fold(first) != fold(second)


def test_a_text_of_signs_alone_folds_to_nothing():
    assert fold("🛑 … !!! — \u200b\u200f") == ""


def test_marking_keeps_where_sentences_and_clauses_end():
    assert mark("Stop. Thanks, Ann!") == "stop . thanks , ann ."
    assert mark("please remove\nme\n\nAnn") == "please remove , me . ann"
    assert mark("no - thanks") == "no . thanks"
    assert mark("f***ing opt-out") == "fing opt out"


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    assert normalise_word(normalise_word(text)) == normalise_word(text)


@given(st.text())
def test_a_normalised_word_is_compared_like_what_was_typed(text):
    assert key(normalise_word(text)) == key(text)


@given(st.text())
def test_marking_has_the_words_of_folding(text):
    assert all(word in (".", ",") or fold(word) == word for word in mark(text).split())
