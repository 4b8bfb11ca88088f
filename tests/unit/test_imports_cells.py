"""What stands in the cells of a list: addresses, dates, channels and states, mended or refused."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from webapp.contacts.rules import AddressKind, Channel
from webapp.imports.moments import days_first, read_moment
from webapp.imports.rules import Refused, read_address, served
from webapp.imports.words import check_state, read_channels

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("cell", "region", "value"),
    [
        ("+44 7911 123456", None, "+447911123456"),
        ("0044 7911 123456", None, "+447911123456"),
        ("+49 (0)151-234.567/8", None, "+491512345678"),
        ("447911123456", None, "+447911123456"),
        ("447911123456.0", None, "+447911123456"),
        ("'+447911123456", None, "+447911123456"),
        ("\u200e+44 7911 123456\u202c", None, "+447911123456"),
        ("\ufeff+44\xa07911\xa0123456\x00", None, "+447911123456"),
        ("whatsapp:+447911123456", None, "+447911123456"),
        ("tel: +447911123456", None, "+447911123456"),
        ("(650) 555-1234", "US", "+16505551234"),
        ("0151 2345678", "DE", "+491512345678"),
        ("1512345678", "DE", "+491512345678"),
        ("٠١٥١٢٣٤٥٦٧٨", "DE", "+491512345678"),
        ("447911123456", "DE", "+447911123456"),
        ("+44 7911 123456", "DE", "+447911123456"),
        ("ANN@Example.COM ", None, "ann@example.com"),
        ("Ann Lee <ann@example.com>", None, "ann@example.com"),
        ("mailto:ann@example.com", None, "ann@example.com"),
        ("US.13491208655302741918", None, "US.13491208655302741918"),
    ],
)
def test_an_address_is_read_as_other_systems_write_it(cell, region, value):
    assert read_address(cell, region).value == value


@pytest.mark.parametrize(
    ("cell", "region", "reason"),
    [
        ("", None, "no address"),
        ("'", None, "no address"),
        ("4.47E+11", None, "has shortened this number"),
        ("4,47911E11", "DE", "has shortened this number"),
        ("0151 2345678", None, "lack its country code"),
        ("6505551234", None, "lack its country code"),
        ("ST.Peter", None, "neither a phone number nor an email address"),
        ("DR.Smith1", None, "neither a phone number nor an email address"),
        ("Ann Lee", "DE", "neither a phone number nor an email address"),
        ("1-800-FLOWERS", "US", "neither a phone number nor an email address"),
        ("+49 151 2345678 ext 5", None, "neither a phone number nor an email address"),
        ('=HYPERLINK("http://x","+491512345678")', None, "neither a phone number"),
        ("+1", None, "is not a phone number"),
        ("ann@", None, "is not an email address"),
        ("x" * 400, None, "too long"),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason(cell, region, reason):
    with pytest.raises(Refused, match=reason):
        read_address(cell, region)


@given(st.text(max_size=400), st.sampled_from([None, "DE", "US", "IN", "GB"]))
@example("+" * 300, None)
@example("\ud800", None)
@example("٣" * 200, "US")
def test_any_cell_is_an_address_or_refused(cell, region):
    try:
        found = read_address(cell, region)
    except Refused:
        return
    assert found.value
    assert "\x00" not in found.value


def test_an_address_goes_to_the_channels_of_its_kind():
    number, email = read_address("+447911123456", None), read_address("a@b.example", None)
    every = tuple(Channel)
    assert served(number, every) == (Channel.SMS, Channel.VOICE, Channel.WHATSAPP)
    assert served(email, every) == (Channel.EMAIL,)
    with pytest.raises(Refused, match="an email address, and the list speaks for SMS and Voice"):
        served(email, (Channel.SMS, Channel.VOICE))
    hidden = read_address("US.13491208655302741918", None)
    assert hidden.kind is AddressKind.WHATSAPP_ID
    assert served(hidden, every) == (Channel.WHATSAPP,)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-11-22T10:30:00Z", "2026-11-22T10:30:00Z"),
        ("2026-11-22 10:30", "2026-11-22T09:30:00Z"),
        ("2026-11-22 10:30:15 UTC", "2026-11-22T10:30:15Z"),
        ("2026-11-22 10:30:00 +0530", "2026-11-22T05:00:00Z"),
        ("2026/11/22 10:30:00", "2026-11-22T09:30:00Z"),
        ("22.11.2026 10:30", "2026-11-22T09:30:00Z"),
        ("11/22/2026 2:30 PM", "2026-11-22T13:30:00Z"),
        ("12/13/2026 12:05 am", "2026-12-12T23:05:00Z"),
        ("22 Nov 2026, 10:30", "2026-11-22T09:30:00Z"),
        ("November 22nd, 2026 at 10:30", "2026-11-22T09:30:00Z"),
        ("45000.5", "2023-03-15T11:00:00Z"),
        ("1700000000", "2023-11-14T22:13:20Z"),
        ("1700000000123", "2023-11-14T22:13:20Z"),
    ],
)
def test_a_time_is_read_as_lists_write_it(cell, moment):
    assert read_moment(cell, BERLIN, day_first=True) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("cell", ["2026-11-22", "22.11.2026", "22/11/2026", "22 Nov 2026", "46348"])
def test_a_date_without_a_time_counts_to_its_end(cell):
    # So that a stop is not overtaken by an opt-in of the same day.
    assert read_moment(cell, BERLIN, day_first=True) == datetime(
        2026, 11, 22, 22, 59, 59, tzinfo=UTC
    )


def test_the_order_of_day_and_month_is_what_was_chosen_where_both_can_be():
    april, march = datetime(2026, 4, 3, 10, tzinfo=UTC), datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert read_moment("03/04/2026 10:00", ZoneInfo("UTC"), day_first=True) == april
    assert read_moment("03/04/2026 10:00", ZoneInfo("UTC"), day_first=False) == march
    assert read_moment("03.04.2026 10:00", ZoneInfo("UTC"), day_first=False) == april


def test_one_date_tells_the_order_of_its_column():
    assert days_first(["03/04/2026", "22/11/2026"]) is True
    assert days_first(["03/04/2026", "11/22/2026"]) is False
    assert days_first(["03/04/2026", ""]) is None


@given(st.text(max_size=60))
@example("99999-99-99")
@example("0001-01-01")
@example("9999-12-31T23:59:59-14:00")
@example("31.02.2026")
@example("٢٠٢٦-11-22")
def test_any_text_is_a_moment_or_none(cell):
    found = read_moment(cell, BERLIN, day_first=True)
    assert found is None or 1970 <= found.year <= 2999


def test_channels_are_read_by_their_many_names():
    assert read_channels("WhatsApp") == (Channel.WHATSAPP,)
    assert read_channels("text; E-Mail") == (Channel.EMAIL, Channel.SMS)
    assert read_channels("Phone call") == (Channel.VOICE,)
    assert read_channels("all") == tuple(Channel)
    assert read_channels(" ") == ()
    with pytest.raises(Refused, match="“fax” is no channel"):
        read_channels("sms, fax")


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("status", "Unsubscribed"),
        ("state", "opted_out"),
        ("opted out", "yes"),
        ("subscribed", "No"),
        ("Accepts Marketing", "false"),
        ("consent", ""),
    ],
)
def test_a_state_that_says_no_or_nothing_passes(header, cell):
    check_state(header, cell)


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("status", "Subscribed"),
        ("state", "opted_in"),
        ("unsubscribed", "no"),
        ("subscribed", "TRUE"),
        ("marketing_consent", "1"),
    ],
)
def test_an_opt_in_in_a_list_of_opt_outs_is_refused_as_such(header, cell):
    with pytest.raises(Refused, match="opted in; a list of opt-outs only opts out"):
        check_state(header, cell)


@pytest.mark.parametrize(("header", "cell"), [("status", "pending"), ("status", "yes")])
def test_a_state_that_does_not_say_no_is_refused(header, cell):
    with pytest.raises(Refused, match="does not say that this person is opted out"):
        check_state(header, cell)
