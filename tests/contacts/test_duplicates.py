"""Who is likely one person: found by looking along the list, a bounded part at a time."""

from __future__ import annotations

import pytest
from flask.ctx import AppContext

from tests.people import add_contact
from webapp.contacts import duplicate_looks, duplicates
from webapp.contacts.duplicates import Found, find_pairs
from webapp.contacts.likeness import Likeness, other_numbers, plain_email, split_number
from webapp.core.db import db
from webapp.core.errors import Invalid


def named(*names: str) -> list[int]:
    return [add_contact(f"+1650555{nth:04d}", name).id for nth, name in enumerate(names)]


def mailed(*emails: str) -> list[int]:
    return [add_contact(None, f"Person {nth}", email=email).id for nth, email in enumerate(emails)]


def numbered(*numbers: str) -> list[int]:
    return [add_contact(number, f"Person {nth}").id for nth, number in enumerate(numbers)]


def crawl(likeness: Likeness) -> list[tuple[int, int]]:
    """Look further and further to the end."""
    pairs, cursor = [], None
    for _ in range(200):
        found: Found = find_pairs(likeness, cursor)
        pairs += found.pairs
        cursor = found.cursor
        if cursor is None:
            return pairs
    raise AssertionError("the end never comes")


@pytest.fixture(params=[20_000, 2, 3])
def window(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Look at so many rows in one go."""
    rows = dict.fromkeys(Likeness, request.param)
    monkeypatch.setattr(duplicate_looks, "ROWS", rows)
    monkeypatch.setattr(duplicates, "PAIRS", 2)
    monkeypatch.setattr(duplicate_looks, "PAIRS", 2)
    return int(request.param)


def test_names_are_alike_whatever_their_case_and_accents(context: AppContext):
    ids = named("Zoë Müller", "Ben Ali", "ZOE MULLER", "Ann", "ann", "", "")
    assert crawl(Likeness.NAME) == [(ids[0], ids[2])], "short names say nothing"


def test_every_pair_of_a_name_is_found_once_wherever_a_part_ends(context: AppContext, window: int):
    names = ("Maria Garcia", "Ann Lee", "Maria Garcia", "Bo Peep", "Ann Lee", "Maria Garcia") * 2
    ids = named(*names)
    of = {name: [n for n, other in zip(ids, names, strict=True) if other == name] for name in names}
    expected = [
        pair
        for name in ("Ann Lee", "Bo Peep", "Maria Garcia")
        for pair in zip(of[name], of[name][1:], strict=False)
    ]
    assert crawl(Likeness.NAME) == expected


def test_a_mailbox_is_found_by_its_plain_address(context: AppContext, window: int):
    ids = mailed(
        "ann@example.com",
        "ann+news@example.com",
        "john.doe@gmail.com",
        "johndoe@gmail.com",
        "john.doe@example.com",
        "johndoe@example.com",
        "bo@gmail.com",
        "b.o+shop@googlemail.com",
        "+@example.com",
    )
    found = {(min(pair), max(pair)) for pair in crawl(Likeness.EMAIL)}
    assert found == {(ids[0], ids[1]), (ids[2], ids[3]), (ids[6], ids[7])}
    assert len(crawl(Likeness.EMAIL)) == 3


def test_a_number_is_found_under_another_country_code(context: AppContext, window: int):
    ids = numbered(
        "+4915112345678",
        "+115112345678",
        "+49015112345678",
        "+390612345678",
        "+16505550001",
        "+4412345678",
    )
    pairs = crawl(Likeness.PHONE)
    assert set(pairs) == {(ids[0], ids[1]), (ids[0], ids[2]), (ids[1], ids[2])}
    assert len(pairs) == 3


def test_a_page_holds_few_and_says_where_to_go_on(context: AppContext, monkeypatch):
    monkeypatch.setattr(duplicates, "PAIRS", 3)
    monkeypatch.setattr(duplicate_looks, "PAIRS", 3)
    named(*(f"Person {nth // 2:04d}" for nth in range(20)))
    first = find_pairs(Likeness.NAME, None)
    assert len(first.pairs) == 3
    second = find_pairs(Likeness.NAME, first.cursor)
    assert not set(first.pairs) & set(second.pairs)
    assert len(crawl(Likeness.NAME)) == 10


def test_looking_ends_after_a_bounded_part(context: AppContext, monkeypatch):
    monkeypatch.setattr(duplicate_looks, "ROWS", dict.fromkeys(Likeness, 2))
    named(*(f"Person {nth:04d}" for nth in range(20)))
    for likeness in Likeness:
        found = find_pairs(likeness, None)
        assert not found.pairs
        assert found.looked <= 2 * duplicates.GOES
        assert found.cursor


@pytest.mark.parametrize("cursor", ["x", "WyJuYW1lIiwwLCJhIl0", "WyJwaG9uZSIsMCwiYSJd"])
def test_an_odd_place_is_refused(context: AppContext, cursor: str):
    for likeness in Likeness:
        with pytest.raises(Invalid):
            find_pairs(likeness, cursor)
    db.session.rollback()


@pytest.mark.parametrize(
    ("email", "plain"),
    [
        ("ann+news@example.com", "ann@example.com"),
        ("a.b.c@gmail.com", "abc@gmail.com"),
        ("a.b+c@googlemail.com", "ab@gmail.com"),
        ("a.b@example.com", "a.b@example.com"),
        ("+x@example.com", "+x@example.com"),
    ],
)
def test_an_address_is_plain_without_what_its_mailbox_ignores(email: str, plain: str):
    assert plain_email(email) == plain


def test_a_number_is_its_country_code_and_the_rest():
    assert split_number("+16505550001") == ("1", "6505550001")
    assert split_number("+4915112345678") == ("49", "15112345678")
    assert split_number("+353861234567") == ("353", "861234567")
    assert split_number("") == ("", "")


def test_short_numbers_are_like_nobodys():
    assert not other_numbers("+4412345678", ["1", "49"])
    assert "+115112345678" in other_numbers("+4915112345678", ["1"])
    assert all(len(number) <= 16 for number in other_numbers("+491511234567890", ["1", "353"]))
