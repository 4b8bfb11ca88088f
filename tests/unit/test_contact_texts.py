"""Folding names, reading attributes, cleaning tags."""

from __future__ import annotations

import pytest

from webapp.contacts.attributes import Definition, Kind, check_value, read_value, show_value
from webapp.contacts.folding import fold_name
from webapp.contacts.tags import clean_tags
from webapp.core.errors import Invalid
from webapp.pages.facts import Facts, in_words


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("  Éva   MÜLLER ", "eva muller"),
        ("Łukasz Żółć", "łukasz zołc"),
        ("STRAẞE Weiß", "strasse weiss"),
        ("Ёлкин", "елкин"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("हिन्दी", "हिन्दी"),
        ("دَرْس", "دَرْس"),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("", ""),
        ("a\x00b", "ab"),
    ],
)
def test_a_name_is_folded_without_case_and_accents(name, folded):
    assert fold_name(name) == folded


def test_a_folded_name_fits_its_column():
    assert len(fold_name("ﷺ" * 200)) <= 200


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.TEXT, " Lisboa ", "Lisboa"),
        (Kind.TEXT, "  ", None),
        (Kind.NUMBER, "12", 12),
        (Kind.NUMBER, "3.50", 3.5),
        (Kind.NUMBER, "-0", 0),
        (Kind.DATE, "1990-04-23", "1990-04-23"),
        (Kind.BOOLEAN, "Yes", True),
        (Kind.BOOLEAN, "no", False),
        (Kind.BOOLEAN, "", None),
        (Kind.CHOICE, "Pro", "Pro"),
    ],
)
def test_an_attribute_is_read_by_its_kind(kind, text, value):
    found = read_value(kind, text, ["Free", "Pro"])
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.NUMBER, "many"),
        (Kind.NUMBER, "nan"),
        (Kind.NUMBER, "1e400"),
        (Kind.DATE, "23.4.1990"),
        (Kind.BOOLEAN, "perhaps"),
        (Kind.CHOICE, "Gold"),
        (Kind.TEXT, "x" * 501),
    ],
)
def test_a_value_of_another_kind_is_refused(kind, text):
    with pytest.raises(Invalid):
        read_value(kind, text, ["Free", "Pro"])


def test_json_values_are_checked_the_same():
    assert check_value(Kind.NUMBER, 3) == 3
    assert check_value(Kind.NUMBER, "3") == 3
    assert check_value(Kind.BOOLEAN, True) is True
    for kind, value in ((Kind.NUMBER, True), (Kind.TEXT, ["a"]), (Kind.DATE, 5)):
        with pytest.raises(Invalid):
            check_value(kind, value)


def test_values_are_shown_as_people_write_them():
    assert [show_value(v) for v in (None, True, False, 3, "x")] == ["", "Yes", "No", "3", "x"]
    assert show_value("1966-10-12", Kind.DATE) == "12 Oct 1966"
    assert show_value("1966-10-12") == "1966-10-12", "as a form has it"
    assert show_value("last May", Kind.DATE) == "last May"


def test_facts_that_have_no_place_of_their_own_are_said_with_their_labels():
    kinds = {"City": "text", "Birthday": "date", "Orders": "number", "VIP": "boolean"}
    known = [Definition(n, label, label, kind, []) for n, (label, kind) in enumerate(kinds.items())]
    said = Facts(known).of({"City": "Roma", "Birthday": "1981-11-02", "Orders": 0, "VIP": True})
    assert in_words(said) == "City: Roma, Birthday: 2 Nov 1981, Orders 0, VIP"


def test_tags_are_kept_once_whatever_their_case():
    assert clean_tags([" VIP ", "vip", "Trade   fair", ""]) == ["VIP", "Trade fair"]


def test_a_tag_that_is_too_long_names_its_field():
    with pytest.raises(Invalid) as error:
        clean_tags(["x" * 65])
    assert error.value.field == "tags"
