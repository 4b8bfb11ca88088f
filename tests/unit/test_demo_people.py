"""The demo's people: numbers that exist in form only, names in many scripts, texts that read so."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import phonenumbers
import pytest

from tests.demo_rows import demo_rows
from webapp.contacts.models import Contact
from webapp.contacts.rules import Channel, address_key, email_address, parse_address
from webapp.demo.countries import COUNTRIES, Country, Series
from webapp.demo.hard_cases import HARD_CASES
from webapp.demo.talks import HELD, STARTS, STOPS, TALKS, UNCLEAR
from webapp.keywords.rules import DEFAULT_WORDS, Verdict, match

RESERVED = (".example", "example.com", "example.org", "example.net")


def all_series(country: Country) -> list[Series]:
    return [*(series for city in country.cities for series in city.series), country.overflow]


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.code)
def test_every_series_holds_valid_numbers_of_its_country(country: Country) -> None:
    for series in all_series(country):
        for nth in range(0, series.size, max(1, series.size // 50)):
            number = phonenumbers.parse(series.number(nth))
            assert phonenumbers.is_valid_number(number), series.number(nth)
            assert number.country_code == phonenumbers.country_code_for_region(country.code)


def test_a_series_gives_each_of_its_numbers_once() -> None:
    series = Series(("+12125550", "+16465550"), 3)
    assert len({series.number(nth) for nth in range(series.size)}) == series.size == 2000


def test_no_two_series_share_a_number() -> None:
    spans = sorted(
        (f"{prefix}{'0' * series.width}", f"{prefix}{'9' * series.width}")
        for country in COUNTRIES
        for series in set(all_series(country))
        for prefix in series.prefixes
    )
    assert all(ends < begins for (_, ends), (begins, _) in pairwise(spans))


def test_addresses_are_normal_unique_and_nobody_elses() -> None:
    contacts = demo_rows(2000)[Contact]
    emails = [row["email"] for row in contacts if row["email"]]
    phones = [row["phone"] for row in contacts if row["phone"]]
    assert len(set(emails)) == len(emails) > 1600
    assert len(set(phones)) == len(phones) > 1700
    assert all(email.endswith(RESERVED) and email_address(email).value == email for email in emails)
    for number in phones:
        assert parse_address(Channel.WHATSAPP, number).value == number
        assert phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_two_people_never_share_a_key() -> None:
    contacts = demo_rows(2000)[Contact]
    keys = [row[f"{kind}_key"] for row in contacts for kind in ("phone", "email", "whatsapp_id")]
    keys = [key for key in keys if key]
    assert len(set(keys)) == len(keys)
    some = next(row for row in contacts if row["phone"])
    address = parse_address(Channel.SMS, some["phone"])
    assert some["phone_key"] == address_key(address, "an account key of the tests")


def test_names_come_in_many_scripts_and_the_hard_ones_are_there() -> None:
    names = [row["name"] for row in demo_rows(2000)[Contact]]
    scripts = {unicodedata.name(letter).split()[0] for name in names for letter in name[:1]}
    assert {"LATIN", "ARABIC", "DEVANAGARI", "TAMIL", "HEBREW", "THAI"} <= scripts
    assert {case.name for case in HARD_CASES if case.name is not None} <= set(names)
    assert max(map(len, names)) <= 200
    kinds = [
        (bool(row["phone"]), bool(row["email"]), bool(row["whatsapp_id"]))
        for row in demo_rows(2000)[Contact]
    ]
    assert {(True, True, False), (True, False, False)} <= set(kinds)
    assert {(False, True, False), (False, False, True)} <= set(kinds)


def test_what_people_write_is_read_as_it_is_meant() -> None:
    for talk in (talk for talks in TALKS.values() for talk in talks):
        for line in talk:
            assert line[:2] in ("> ", "< ")
            if line.startswith(">"):
                found = match(line[2:], DEFAULT_WORDS).verdict
                assert found in (Verdict.NOTHING, Verdict.HELP), line
    assert {match(text, DEFAULT_WORDS).verdict for text in STARTS} == {Verdict.OPT_IN}
    for texts, meant in ((STOPS, Verdict.OPT_OUT), (HELD, Verdict.HOLD), (UNCLEAR, Verdict.HOLD)):
        assert texts.keys() == TALKS.keys()
        for text in (text for some in texts.values() for text in some):
            assert match(text, DEFAULT_WORDS).verdict is meant, text
