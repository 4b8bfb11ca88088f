"""The many people behind the newest ones: quieter lives, in the shares of a real list."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from tests.demo_rows import NOW, demo_plan, demo_rows
from webapp.consent.models import ConsentEvent, ConsentState
from webapp.contacts.models import Contact, ContactTag
from webapp.contacts.rules import Channel, Source, State
from webapp.demo.apart import batches_apart
from webapp.demo.ledger import Row
from webapp.demo.making import Batch, batches
from webapp.demo.paces import LIVELY_ONES, QUIET
from webapp.demo.plots import QUIET as PLOTS
from webapp.demo.traits import TAGS
from webapp.outbox.models import Message

COUNT = LIVELY_ONES + 6000


def quiet_contacts() -> list[Row]:
    return demo_rows(COUNT)[Contact][:-LIVELY_ONES]


def test_one_in_eleven_is_opted_out_on_each_channel() -> None:
    quiet = quiet_contacts()
    for channel in Channel:
        out = sum(row[f"{channel}_state"] is State.OPTED_OUT for row in quiet)
        assert 0.075 < out / len(quiet) < 0.105, channel


def test_there_is_little_more_than_one_consent_and_two_tags_a_contact() -> None:
    rows, quiet = demo_rows(COUNT), quiet_contacts()
    known = {row["id"] for row in quiet}
    keys = {row[f"{kind}_key"] for row in quiet for kind in ("phone", "email", "whatsapp_id")}
    states = sum(row["key"] in keys for row in rows[ConsentState])
    tags = sum(row["contact_id"] in known for row in rows[ContactTag])
    assert 1.1 < states / len(quiet) < 1.25
    assert 1.9 < tags / len(quiet) < 2.1


def test_a_rare_tag_a_plan_and_an_opt_out_leave_few() -> None:
    rows = demo_rows(COUNT)
    press = list(TAGS).index("Press") + 1
    tagged = {row["contact_id"] for row in rows[ContactTag] if row["tag_id"] == press}
    shares = (
        len(tagged & {row["id"] for row in quiet_contacts()}) / len(quiet_contacts()),
        sum(row["attributes"]["plan"] == "Business" for row in quiet_contacts())
        / len(quiet_contacts()),
        0.09,
    )
    of_a_million = 1_000_000 * shares[0] * shares[1] * shares[2]
    assert 150 < of_a_million < 600


def test_sources_are_varied_and_dates_spread_over_the_year() -> None:
    states = [row for row in demo_rows(COUNT)[ConsentState] if row["state"] is State.OPTED_OUT]
    sources = Counter(row["source"] for row in states)
    assert set(sources) >= {Source.API, Source.IMPORT, Source.KEYWORD, Source.LINK, Source.MANUAL}
    assert sources.most_common(1)[0][1] < len(states) * 0.6
    months = Counter((NOW - row["since"]) // timedelta(days=30) for row in states)
    assert all(months[month] > len(states) * 0.015 for month in range(11)), months


def test_they_are_sent_little() -> None:
    rows = demo_rows(COUNT)
    quiet = {row["id"] for row in quiet_contacts()}
    assert sum(row["contact_id"] in quiet for row in rows[Message]) < len(quiet) * 0.3


def test_plots_are_weighed_in_a_thousand() -> None:
    assert set(PLOTS) == set(QUIET.decks) == set(Channel)
    for some in PLOTS.values():
        assert sum(weight for weight, _ in some) == 1000


def test_another_process_makes_the_same() -> None:
    plan = demo_plan(LIVELY_ONES + 50)
    for postgres in (False, True):
        here, there = batches(plan, postgres=postgres), batches_apart(plan, postgres=postgres)
        assert [shape(one) for one in here] == [shape(other) for other in there]


def shape(batch: Batch) -> tuple[object, ...]:
    """What of a batch is no chance: the salts, and so the hashes, differ every time."""
    contacts = next(payload for name, _, payload in batch.tables if name == "contacts")
    tables = [(name, columns) for name, columns, _ in batch.tables]
    return batch.people, batch.rows, batch.phones, tables, contacts


def test_ids_of_all_events_are_given_once() -> None:
    ids = [row["id"] for row in demo_rows(COUNT)[ConsentEvent]]
    assert sorted(ids) == list(range(1, len(ids) + 1))
