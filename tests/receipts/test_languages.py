"""The texts of a person's pages: every language says all of it, and fills in the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from webapp.contacts.rules import AddressKind, Channel, Source
from webapp.keywords.languages.ready import READY_SETS
from webapp.outbox.rules import Origin
from webapp.receipts.languages import LANGUAGES
from webapp.receipts.languages.en import ENGLISH
from webapp.receipts.languages.texts import Texts
from webapp.receipts.reading import Reader, language_named
from webapp.receipts.rules import Why

OTHERS = [texts for texts in LANGUAGES.values() if texts is not ENGLISH]
NOON = datetime(2026, 11, 22, 14, 32, 5, tzinfo=UTC)
BRAZIL = ZoneInfo("America/Sao_Paulo")


def said(texts: Texts) -> Iterator[tuple[str, str]]:
    """Give every text of a language with the name of its place."""
    for each in fields(texts):
        value = getattr(texts, each.name)
        if isinstance(value, Mapping):
            yield from ((f"{each.name}.{name}", text) for name, text in value.items())
        else:
            yield each.name, value


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_languages_are_those_of_the_ready_words() -> None:
    assert list(LANGUAGES) == [ready.code for ready in READY_SETS]


@pytest.mark.parametrize("texts", LANGUAGES.values(), ids=LANGUAGES)
def test_every_language_says_everything(texts: Texts) -> None:
    for values, whole in (
        (texts.channels, Channel),
        (texts.kinds, AddressKind),
        (texts.sources, Source),
        (texts.origins, Origin),
        (texts.whys, Why),
        (texts.at_provider, Channel),
    ):
        assert set(values) == set(whole)
    for place, text in said(texts):
        assert text.strip() == text != "", place


@pytest.mark.parametrize("texts", OTHERS, ids=lambda texts: texts.code)
def test_no_text_is_left_in_english_and_each_is_filled_in_with_the_same(texts: Texts) -> None:
    english = dict(said(ENGLISH))
    for place, text in said(texts):
        if place.partition(".")[0] in ("code", "locale", "channels"):
            continue
        assert text != english[place], place
        # A language may leave out a channel that its sentence says otherwise.
        assert places(text) <= places(english[place]), place
        assert places(text) >= places(english[place]) - {"channel"}, place


# Where who sends has no name, one form stands for every `{business}` of the language.
WRONG = {
    "de": r"(?<!\bvon )(?<!\bbei )(?<!\bmit )diesem Unternehmen",
    "fr": r"\b(le nom|la société) cette\b|\bd’cette",
    "it": r"\bnome questa\b",
    "pt": r"\b[Dd]e esta\b|\b[Ee]m esta\b",
}


@pytest.mark.parametrize("code", WRONG)
def test_a_business_without_a_name_stands_right_in_every_sentence(code: str) -> None:
    texts = LANGUAGES[code]
    for place, text in said(texts):
        if place != "this_business":
            filled = text.replace("{business}", texts.this_business)
            assert not re.search(WRONG[code], filled), (place, filled)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("pt", "pt"),
        ("pt-BR", "pt"),
        ("PT_br", "pt"),
        ("Portuguese", "pt"),
        ("português", "pt"),
        (" Deutsch ", "de"),
        ("हिन्दी", "hi"),
        ("العربية", "ar"),
    ],
)
def test_a_language_is_known_by_its_code_and_its_names(name: str, code: str) -> None:
    found = language_named(name)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("name", ["", "Klingon", "xx", "12", "-", "portuguese please"])
def test_what_names_no_language_of_ours_is_none(name: str) -> None:
    assert language_named(name) is None


@pytest.mark.parametrize(
    ("code", "moment"),
    [
        ("en", "22 November 2026"),
        ("es", "22 de noviembre de 2026"),
        ("pt", "22 de novembro de 2026"),
        ("fr", "22 novembre 2026"),
        ("de", "22. November 2026"),
        ("it", "22 novembre 2026"),
        ("hi", "22 नवंबर 2026"),
        ("ar", "22 نوفمبر 2026"),
    ],
)
def test_a_moment_is_written_as_the_language_does(code: str, moment: str) -> None:
    text = Reader(LANGUAGES[code], BRAZIL).moment(NOON)
    assert moment in text
    assert "11:32:05" in text
    assert "{" not in text


def test_a_moment_always_names_its_zone() -> None:
    assert "Horário Padrão de Brasília" in Reader(LANGUAGES["pt"], BRAZIL).moment(NOON)
    assert "Coordinated Universal Time" in Reader().moment(NOON)


def test_arabic_alone_is_read_from_the_right() -> None:
    from_right = [code for code, texts in LANGUAGES.items() if Reader(texts).direction == "rtl"]
    assert from_right == ["ar"]
