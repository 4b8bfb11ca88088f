"""The matcher on texts of other people, where they are at hand, and on hostile ones."""

import json
import os
import random
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from webapp.keywords.quoted import new_text_of_html
from webapp.keywords.rules import DEFAULT_WORDS, READY_OPT_OUT_WORDS, Verdict, match

READY = replace(DEFAULT_WORDS, opt_out=READY_OPT_OUT_WORDS)


@pytest.fixture(scope="module")
def reference_texts() -> Path:
    """Return the folder of texts to measure on; skip where there is none."""
    here = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("HEED_TEST_DATA") or here) / "texts"
    if not folder.is_dir():
        pytest.skip(f"no reference texts in {folder} (HEED_TEST_DATA names another folder)")
    return folder


@pytest.mark.parametrize("words", [DEFAULT_WORDS, READY], ids=["default words", "ready words"])
def test_replies_that_ask_are_heard_and_others_are_not(reference_texts, words):
    lines = (reference_texts / "replies.jsonl").read_text(encoding="utf-8").splitlines()
    replies = [json.loads(line) for line in lines]
    found = [(reply, match(reply["text"], words).verdict) for reply in replies]
    asked = [
        v for r, v in found if r["label"] == "opt_out" and r["lang"] in ("en", "pt", "es", "fr")
    ]
    other = [v for r, v in found if r["label"] != "opt_out"]
    assert sum(v in (Verdict.OPT_OUT, Verdict.HOLD) for v in asked) >= 0.95 * len(asked)
    assert asked.count(Verdict.OPT_OUT) >= 0.85 * len(asked)
    assert other.count(Verdict.OPT_OUT) <= 1


@pytest.mark.parametrize("words", [DEFAULT_WORDS, READY], ids=["default words", "ready words"])
def test_private_messages_and_spam_are_hardly_ever_taken_for_a_stop(reference_texts, words):
    lines = (reference_texts / "SMSSpamCollection").read_text(encoding="utf-8").splitlines()
    found: Counter[tuple[str, Verdict]] = Counter()
    for line in lines:
        kind, text = line.split("\t", 1)
        found[kind, match(text, words).verdict] += 1
    assert found["ham", Verdict.OPT_OUT] <= 3
    assert found["spam", Verdict.OPT_OUT] == 0
    assert found["ham", Verdict.HOLD] <= 30
    assert found["ham", Verdict.OPT_IN] + found["ham", Verdict.HELP] == 0


SIZE = 64_000
_CHANCE = random.Random(8058)
_VOCABULARY = [
    "stop",
    "dont",
    "texting",
    "me",
    "take",
    "off",
    "the",
    "list",
    "remove",
    "my",
    "number",
    "unsubscribe",
    "no",
    "more",
    "any",
    "all",
    "your",
    "messages",
    "please",
    "de",
    "mandar",
    "mensagens",
    "não",
    "me",
    "mais",
    "non",
    "keine",
    "nachrichten",
    "mehr",
    "मैसेज",
    "मत",
    "भेजो",
]
HOSTILE = {
    "one word again and again": "stop " * (SIZE // 5),
    "one letter": "a" * SIZE,
    "blanks and a word": " " * SIZE + "stop",
    "lines": "\n" * SIZE,
    "lines of blanks": "\n " * (SIZE // 2),
    "accents": "s" + "\u0301" * SIZE,
    "invisible": "\u200b" * SIZE,
    "long when composed": "\ufdfa" * SIZE,
    "emoji": "🛑" * SIZE,
    "sentences": "stop. " * (SIZE // 6),
    "almost requests": "take me off of the the the " * (SIZE // 27),
    "negations": "dont stop texting me " * (SIZE // 21),
    "quotes without end": "On 1 " * (SIZE // 5) + "wrote:",
    "headers": "From: x\n" * (SIZE // 8),
    "tags": "<b>" * (SIZE // 3),
    "quoted tags": "<blockquote>" * (SIZE // 12) + "</p>" * 5000,
    "known words in any order": " ".join(_CHANCE.choices(_VOCABULARY, k=SIZE // 5)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_read_in_a_moment(text):
    match("take me off your list", DEFAULT_WORDS)
    start = time.process_time()
    match(text, DEFAULT_WORDS, payload=text)
    new_text_of_html(text)
    assert time.process_time() - start < 3
