"""What a reply means under the words of the settings."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.keywords.rules import (
    DEFAULT_WORDS,
    READY_OPT_OUT_WORDS,
    Match,
    Verdict,
    Words,
    match,
)

READY = replace(DEFAULT_WORDS, opt_out=READY_OPT_OUT_WORDS)
OFF = replace(DEFAULT_WORDS, enabled=False)
WITHOUT_STOP = replace(DEFAULT_WORDS, opt_out=())


def said(text: str, words: Words = DEFAULT_WORDS, **button: str) -> tuple[Verdict, str]:
    found = match(text, words, **button)
    return found.verdict, found.rule


@pytest.mark.parametrize("word", READY_OPT_OUT_WORDS)
def test_each_ready_word_opts_out_as_the_whole_reply(word):
    for reply in (word, word.lower(), f"  {word.title()}!! ", f"«{word}»", f"{word} 🙏"):
        assert said(reply, READY) == (Verdict.OPT_OUT, "word"), reply


@pytest.mark.parametrize(
    "reply", ["Please stop", "stop, thank you", "STOP POR FAVOR", "Hello, can you stop?", "ok stop"]
)
def test_politeness_around_a_word_does_not_change_it(reply):
    assert said(reply) == (Verdict.OPT_OUT, "polite")


def test_a_greeting_is_not_enough_around_an_everyday_word():
    assert said("Please quit", READY)[0] is Verdict.OPT_OUT
    assert said("Hi, the end", READY)[0] is Verdict.NOTHING
    assert said("ok end", READY)[0] is Verdict.NOTHING
    assert said("I quit my job", READY)[0] is Verdict.NOTHING


def test_a_word_that_may_be_about_an_order_is_held_until_it_is_in_the_settings():
    assert said("cancel")[0] is Verdict.HOLD
    assert said("cancel", READY) == (Verdict.OPT_OUT, "word")
    assert said("cancel my order", READY)[0] is Verdict.NOTHING


def test_a_word_of_ones_own_counts_like_the_others():
    words = Words(("NO MORE PIZZA", "ÇIK"), (), ())
    assert said("No more pizza!", words) == (Verdict.OPT_OUT, "word")
    assert said("no more pizza please", words) == (Verdict.OPT_OUT, "polite")
    assert said("çık", words) == (Verdict.OPT_OUT, "word")
    assert said("no more pizza for me today", words)[0] is Verdict.NOTHING


def test_an_emoji_can_be_a_word():
    words = Words(("❌",), ("✅",), ())
    assert said("❌\ufe0f", words) == (Verdict.OPT_OUT, "word")
    assert said("✅", words) == (Verdict.OPT_IN, "word")
    assert said("👍", words) == (Verdict.NOTHING, "none")


def test_a_stop_sign_is_held():
    assert said("🛑🛑") == (Verdict.HOLD, "unmistakable")


def test_a_match_names_the_word_of_the_settings_or_what_was_said():
    assert match("stop!", DEFAULT_WORDS) == Match(Verdict.OPT_OUT, "word", ("STOP",), "en")
    assert match("Hey, stop texting us", DEFAULT_WORDS) == Match(
        Verdict.OPT_OUT, "request", ("stop texting us",), "en"
    )
    assert match("Never stop, please", DEFAULT_WORDS).rule == "collocation"


@pytest.mark.parametrize(
    "reply",
    [
        "we can't stop loving it",
        "stop by",
        "Is it near the bus stop?",
        "don't stop",
        "a non-stop flight",
        "I can't stop laughing",
        "when does the offer end?",
        "can I cancel my order",
        "Do not stop sending me offers",
        "I don't want to unsubscribe",
    ],
)
def test_a_harmless_or_negated_word_means_nothing(reply):
    assert said(reply, READY)[0] is Verdict.NOTHING


@pytest.mark.parametrize(
    "reply",
    [
        "stop the warehouse project",
        "Stop 1",
        "unsubscribe button is broken",
        "sotp",
        "unsubscrieb",
        "stop start",
        "wrong number",
        "stop texting me at night",
        "stop calling, just text me",
        "how do I opt out?",
        "My sister told him to stop texting me",
        "Reply STOP to unsubscribe",
    ],
)
def test_what_may_be_a_request_is_held(reply):
    assert said(reply) == (Verdict.HOLD, "unmistakable")


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("Stop. I never signed up for this.", Verdict.OPT_OUT),
        ("Wrong number! Stop.", Verdict.OPT_OUT),
        ("Stop. Texting. Me.", Verdict.OPT_OUT),
        ("The parcel is here. Stop.", Verdict.HOLD),
        ("The parcel is here. End.", Verdict.NOTHING),
        ("Remove me from your list. The parcel is here.", Verdict.OPT_OUT),
    ],
)
def test_what_the_other_sentences_say_counts(reply, verdict):
    assert said(reply)[0] is verdict


def test_opt_in_and_help_words_count_only_as_the_whole_reply():
    assert said("start!") == (Verdict.OPT_IN, "word")
    assert said("Un-stop") == (Verdict.OPT_IN, "word")
    assert said("HELP") == (Verdict.HELP, "word")
    for reply in ("start please", "when do you start?", "help me choose", "more info"):
        assert said(reply)[0] is Verdict.NOTHING, reply


def test_stop_beats_start():
    words = Words(("STOP",), ("STOP", "UNSUBSCRIBE", "BAJA"), ())
    assert said("stop", words)[0] is Verdict.OPT_OUT
    assert said("unsubscribe", words)[0] is Verdict.OPT_OUT
    assert said("baja", words)[0] is Verdict.OPT_IN
    assert said("start stop")[0] is Verdict.HOLD


def test_one_letter_makes_another_word_of_a_short_one():
    words = Words(("ALTO",), ("ALTA",), ())
    assert said("alto", words)[0] is Verdict.OPT_OUT
    assert said("alta", words)[0] is Verdict.OPT_IN
    assert said("alta")[0] is Verdict.NOTHING


@pytest.mark.parametrize("words", [OFF, WITHOUT_STOP, replace(OFF, opt_out=("GENUG",))])
@pytest.mark.parametrize("reply", ["STOP", "please stop", "cancel", "stop texting me", "GENUG"])
def test_a_stop_is_held_where_keywords_are_off(words, reply):
    if reply == "GENUG" and "GENUG" not in words.opt_out:
        assert said(reply, words)[0] is Verdict.HOLD
    else:
        assert said(reply, words) == (Verdict.HOLD, "switched_off")


def test_nobody_is_opted_in_where_keywords_are_off():
    assert said("START", OFF) == (Verdict.NOTHING, "none")
    assert said("START", WITHOUT_STOP) == (Verdict.OPT_IN, "word")


@pytest.mark.parametrize(
    ("text", "payload", "verdict"),
    [
        ("No more of this", "STOP", Verdict.OPT_OUT),
        ("OK", "unsubscribe_me", Verdict.OPT_OUT),
        ("OK", "STOP_PROMOTIONS", Verdict.OPT_OUT),
        ("Stop promotions", "START", Verdict.OPT_OUT),
        ("Yes, go on", "START", Verdict.OPT_IN),
        ("Stop promotions", "offer-17:no", Verdict.OPT_OUT),
        ("Yes", "appointment:cancel:17", Verdict.NOTHING),
        ("Keep them", "dont_stop", Verdict.NOTHING),
    ],
)
def test_a_button_counts_by_its_payload_and_then_by_its_text(text, payload, verdict):
    assert said(text, payload=payload)[0] is verdict


def test_only_the_beginning_of_a_very_long_reply_is_searched():
    assert said("word " * 200 + "stop texting me")[0] is Verdict.OPT_OUT
    assert said("word " * 400 + "stop texting me")[0] is Verdict.NOTHING


_WORDS = st.sampled_from(READY_OPT_OUT_WORDS)
_AROUND = st.text(
    " .,!?…-_*\"'()[]«»¡¿🙏🛑👎🏽\u200b\u200d\u2060\u200f\u202e\ufe0f\t\n", max_size=12
)


@given(_WORDS, _AROUND, _AROUND, st.randoms(use_true_random=False))
def test_case_and_signs_around_a_word_never_change_an_opt_out(word, before, after, random):
    cased = "".join(random.choice((letter.lower(), letter.upper())) for letter in word)
    assert said(before + cased + after, READY) == (Verdict.OPT_OUT, "word")


@given(st.text(), st.none() | st.text())
def test_any_text_has_a_meaning(text, payload):
    found = match(text, READY, payload=payload)
    assert found.verdict in Verdict
    assert (found.verdict is Verdict.NOTHING) >= (found.rule in ("none", "collocation"))


_PIECES = st.sampled_from(
    [
        "stop",
        "dont",
        "unsubscribe",
        "me",
        "texting",
        "please",
        ".",
        ",",
        "no",
        "never",
        "remove",
        "my",
        "number",
        "list",
        "baja",
        "parar",
        "não",
        "arrêtez",
        "keine",
        "mehr",
        "बंद",
        "करो",
        "توقف",
        "bus",
        "by",
        "START",
        "🛑",
        "'",
        "\u200b",
        ">",
        "\n",
        "--",
        "On",
        "1",
        "wrote:",
    ]
)


@given(st.lists(_PIECES, max_size=40).map(" ".join))
def test_any_mixture_of_known_words_has_a_meaning(text):
    found = match(text, DEFAULT_WORDS)
    off = match(text, OFF)
    assert off.verdict is not Verdict.OPT_OUT
    if found.verdict is Verdict.OPT_OUT:
        assert off.verdict is Verdict.HOLD
        assert off.rule == "switched_off"
        assert found.words
