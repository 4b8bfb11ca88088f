"""Reading the audience's parameters, writing them again, and saying them in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo

import pytest

from webapp.contacts.active_filters import active_filters
from webapp.contacts.consent_filters import ConsentFilter, Standing
from webapp.contacts.filters import AttributeFilter, Filters, Sort, parse_filters
from webapp.contacts.rules import Channel, Source, State
from webapp.core.days import Days, parse_days
from webapp.core.errors import Invalid

FULL = Filters(
    Channel.SMS,
    "Zoë Müller",
    State.OPTED_OUT,
    ("vip", "trade fair"),
    (AttributeFilter("city", ("São Paulo",)), AttributeFilter("orders", (), "3", "12")),
    Source.API,
    Days(date(2026, 11, 1), date(2026, 11, 22)),
    (3, 5),
    Sort.NAME_BACKWARDS,
    consents=(
        ConsentFilter(Channel.EMAIL, Standing.OPTED_OUT),
        ConsentFilter(Channel.SMS, Standing.HELD),
    ),
)


def parsed(query: str) -> Filters:
    return parse_filters(parse_qs(query, keep_blank_values=True))


def test_nothing_asked_is_whatsapp_newest_first():
    assert parsed("") == Filters()
    assert (Filters().channel, Filters().sort) == (Channel.WHATSAPP, Sort.NEWEST)
    assert not Filters().narrow


def test_what_is_written_into_an_address_is_read_again():
    assert parsed(urlencode(FULL.params())) == FULL


def test_an_empty_form_asks_for_nothing():
    blank = "q=&state=&tag=&attr.city=&attr.orders.min=&source=&from=&to=&sort=&channel=&id="
    assert parsed(blank) == Filters()


def test_each_parameter_is_read():
    found = parsed(
        "channel=email&q=+ann++lee+&state=unknown&tag=a&tag=b&tag=a&attr.plan=Pro&attr.plan=Free"
        "&source=keyword&from=2026-11-01&to=2026-11-22&sort=-changed"
    )
    assert found.channel is Channel.EMAIL
    assert found.search == "ann lee"
    assert found.state is State.UNKNOWN
    assert found.tags == ("a", "b")
    assert found.attribute("plan").values == ("Pro", "Free")
    assert found.source is Source.KEYWORD
    assert found.days == Days(date(2026, 11, 1), date(2026, 11, 22))
    assert found.sort is Sort.CHANGED


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("channel=fax", "channel"),
        ("state=maybe", "state"),
        ("source=dream", "source"),
        ("sort=size", "sort"),
        ("from=yesterday", "from"),
        ("to=2026-02-30", "to"),
        ("from=0001-01-01", "from"),
        ("from=2026-11-22&to=2026-11-21", "to"),
        ("consent.fax=opted_out", "consent.fax"),
        ("consent.sms=maybe", "consent.sms"),
        ("id=-1", "id"),
        ("id=٣", "id"),
        ("id=9223372036854775808", "id"),
    ],
)
def test_what_cannot_be_read_names_its_field(query, field):
    with pytest.raises(Invalid) as error:
        parsed(query)
    assert error.value.field == field


def test_each_channel_is_asked_by_itself():
    found = parsed("consent.sms=held&consent.email=&consent.email=opted_out&consent.voice=")
    assert found.consents == (
        ConsentFilter(Channel.EMAIL, Standing.OPTED_OUT),
        ConsentFilter(Channel.SMS, Standing.HELD),
    )
    assert found.standing(Channel.EMAIL) is Standing.OPTED_OUT
    assert found.standing(Channel.VOICE) is None
    assert found.narrow
    assert not found.by_channel


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("segment=3&segment=5", "segment"),
        ("segment=0", "segment"),
        ("segment=0&segment=3", "segment"),
        ("&".join(f"tag=t{n}" for n in range(21)), "tag"),
        ("&".join(f"attr.city=c{n}" for n in range(21)), "attr.city"),
        ("attr.orders.min=5&attr.orders.min=3", "attr.orders.min"),
        ("&".join(f"id={n}" for n in range(1, 1002)), "id"),
        ("consent.email=opted_in&consent.email=opted_out", "consent.email"),
        ("state=opted_in&state=unknown", "state"),
        ("source=api&source=keyword", "source"),
        ("channel=sms&channel=email", "channel"),
        ("q=ann&q=ben", "q"),
        ("q=" + "a" * 201, "q"),
        ("q=a+b+c+d+e+f+g", "q"),
        ("from=2026-11-01&from=2026-11-05", "from"),
        ("last=7&last=30", "last"),
        ("tag=a&tag=b&tags=all&tags=any", "tags"),
    ],
)
def test_no_filter_is_left_out_that_would_let_more_people_in(query, field):
    with pytest.raises(Invalid) as error:
        parsed(query)
    assert error.value.field == field


def test_what_is_asked_for_twice_in_the_same_words_is_one():
    assert parsed("segment=3&segment=3").segment == 3
    assert parsed("q=ann&q=+ann+&state=unknown&state=unknown").search == "ann"
    assert parsed("consent.sms=held&consent.sms=held") == parsed("consent.sms=held")


def test_as_many_as_may_be_asked_for_are_all_asked_for():
    assert len(parsed("&".join(f"tag=t{n}" for n in range(20))).tags) == 20
    ticked = "&".join(f"id={n}" for n in range(1001))  # 0, which is nobody, among them
    assert parsed(ticked).ids == tuple(range(1001))
    assert parsed("q=" + "a" * 200).search == "a" * 200
    assert parsed("q=%2B49+151+12+34+56+78+9").search == "+49 151 12 34 56 78 9"


def test_of_the_order_the_last_word_counts():
    assert parsed("sort=name&sort=-name").sort is Sort.NAME_BACKWARDS


def test_an_unknown_parameter_is_somebody_elses():
    assert parsed("utm_source=mail&cursor=abc") == Filters()


def test_a_nul_in_a_parameter_is_left_out():
    assert parsed("q=a%00b&tag=%00").search == "ab"
    assert not parsed("tag=%00").tags


def test_every_filter_can_be_taken_away_alone():
    labels = {"city": "City", "orders": "Orders"}
    active = list(active_filters(FULL, labels))
    assert [one.label for one in active] == [
        "“Zoë Müller”",
        "Opted Out",
        "Email: Opted Out",
        "SMS: On hold",
        "Tag: vip",
        "Tag: trade fair",
        "City: São Paulo",
        "Orders: 3 to 12",
        "Source: API",
        "Changed 1 Nov 2026 to 22 Nov 2026",
        "2 chosen",
    ]
    left = FULL
    while active:
        left = active[0].without
        active = list(active_filters(left, labels))
    assert left == Filters(channel=Channel.SMS, sort=Sort.NAME_BACKWARDS)
    assert not left.narrow


def test_a_day_begins_and_ends_where_the_reader_is():
    berlin = ZoneInfo("Europe/Berlin")
    since, until = parse_days("2026-11-01", "2026-11-22").moments(berlin)
    assert since == datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
    assert until == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)


def test_a_day_of_25_hours_is_whole():
    berlin = ZoneInfo("Europe/Berlin")
    since, until = parse_days("2026-10-25", "2026-10-25").moments(berlin)
    assert since is not None
    assert until is not None
    assert (until - since).total_seconds() == 25 * 3600


def test_an_open_side_has_no_end():
    assert parse_days("", "2026-11-22").moments(ZoneInfo("UTC"))[0] is None
    assert not parse_days("", "")


def test_the_last_days_are_counted_when_they_are_asked_for():
    berlin = ZoneInfo("Europe/Berlin")
    asked = parsed("last=7").days
    assert asked == Days(recent=7)
    first, last = asked.dates(berlin)
    assert first is not None
    assert last is not None
    assert (last - first).days == 6
    assert asked.moments(berlin) == Days(first, last).moments(berlin)


def test_a_preset_goes_before_two_dates_and_any_time_before_both():
    assert parsed("last=1&from=2026-11-01").days == Days(recent=1)
    assert not parsed("last=any&from=2026-11-01").days
    assert parsed("last=dates&from=2026-11-01").days == Days(date(2026, 11, 1))


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "99999", "٣", "0036600000000", "9" * 5000])
def test_what_is_no_number_of_days_is_refused(text):
    with pytest.raises(Invalid) as error:
        parsed(urlencode({"last": text}))
    assert error.value.field == "last"


def test_several_tags_are_all_asked_for_or_any():
    assert not parsed("tag=a&tag=b").any_tag
    either = parsed("tag=a&tag=b&tags=any")
    assert either.any_tag
    assert parsed(urlencode(either.params())) == either
    assert [one.label for one in active_filters(either, {})] == ["Tag: a", "or: b"]
    alone = next(active_filters(either, {})).without
    assert (alone.tags, alone.any_tag) == (("b",), False)
    assert not parsed("tag=a&tags=any").any_tag


def test_where_the_filters_began_narrows_nothing():
    assert parsed("saved=7").saved == 7
    assert not parsed("saved=7").narrow
    assert ("saved", "7") in parsed("saved=7&tag=a").params()
    with pytest.raises(Invalid):
        parsed("saved=x")
