"""The demo's year: the ledger folds and chains, and everything else follows from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

from tests.demo_rows import NOW, demo_rows
from webapp.accounts.rules import Actor
from webapp.consent.chain import FIRST, commitment, link, public_fields
from webapp.consent.models import ConsentEvent, ConsentEventDetail, ConsentState, Review
from webapp.consent.rules import SELF_EVIDENT, Entry, Standing, fold
from webapp.contacts.models import Activity, Contact
from webapp.contacts.rules import Channel, Source, State
from webapp.conversations.models import Conversation, InboundMessage
from webapp.demo.chunks import Rows
from webapp.demo.ledger import Row
from webapp.outbox.models import Message
from webapp.outbox.rules import SENTENCES, Category, Origin, Status

COUNT = 2000


def ledgers(rows: Rows) -> dict[tuple[Channel, bytes], list[Row]]:
    found = defaultdict(list)
    for event in rows[ConsentEvent]:
        found[event["channel"], event["key"]].append(event)
    return found


def entry(event: Row) -> Entry:
    actor = Actor(event["actor_kind"], event["actor_id"])
    moments = event["effective_at"], event["recorded_at"]
    return Entry(
        event["id"],
        event["asked"],
        event["source"],
        *moments,
        event["proven"],
        actor,
        event["undoes_id"],
    )


def test_every_state_is_the_fold_of_its_events() -> None:
    rows = demo_rows(COUNT)
    by_key = ledgers(rows)
    for row in rows[ConsentState]:
        events = by_key.pop((row["channel"], row["key"]), [])
        stored = [row[name] for name in ("state", "since", "source", "event_id", "head_at")]
        assert Standing(*stored) == fold(map(entry, events))
        outs = [e for e in events if e["asked"] is State.OPTED_OUT and not e["undoes_id"]]
        assert row["out_event_id"] == (outs[-1]["id"] if outs else None)
        became_out = [e for e in events if e["to_state"] is State.OPTED_OUT != e["from_state"]]
        assert row["epoch"] == len(became_out)
    assert not by_key


def test_every_line_is_the_fold_of_those_before_it() -> None:
    for events in ledgers(demo_rows(COUNT)).values():
        before = State.UNKNOWN
        for nth, event in enumerate(events, start=1):
            assert (event["seq"], event["from_state"]) == (nth, before)
            before = fold(map(entry, events[:nth])).state
            assert event["to_state"] is before
            assert event["effective_at"] <= event["recorded_at"] <= NOW


def test_every_chain_and_every_commitment_holds() -> None:
    rows = demo_rows(COUNT)
    details = {row["event_id"]: row for row in rows[ConsentEventDetail]}
    heads = {(row["channel"], row["key"]): row for row in rows[ConsentState]}
    for place, events in ledgers(rows).items():
        prev = FIRST
        for event in events:
            detail = details.pop(event["id"])
            content = detail["address"], detail["said"], detail["evidence"]
            assert event["commitment"] == commitment(detail["salt"], *content)
            states = event["from_state"], event["to_state"]
            occurred = event["occurred_at"]
            public = public_fields(*place, event["seq"], entry(event), *states, occurred)
            assert event["prev"] == prev
            assert event["hash"] == link(prev, event["commitment"], public)
            prev = event["hash"]
        assert (heads[place]["head_hash"], heads[place]["head_seq"]) == (prev, len(events))
    assert not details


def test_ids_follow_time() -> None:
    rows = demo_rows(COUNT)
    for model, moment in (
        (Contact, "created_at"),
        (ConsentEvent, "recorded_at"),
        (InboundMessage, "occurred_at"),
        (Message, "created_at"),
        (Activity, "at"),
    ):
        ordered = [row[moment] for row in sorted(rows[model], key=lambda row: row["id"])]
        assert ordered == sorted(ordered), model


def test_every_source_and_channel_has_its_history() -> None:
    events = demo_rows(COUNT)[ConsentEvent]
    assert {event["source"] for event in events} == set(Source)
    assert {event["channel"] for event in events} == set(Channel)
    assert min(event["recorded_at"] for event in events) < NOW - timedelta(days=300)
    assert max(event["recorded_at"] for event in events) > NOW - timedelta(days=1)


def test_every_opt_in_that_needs_evidence_has_it() -> None:
    rows = demo_rows(COUNT)
    details = {row["event_id"]: row for row in rows[ConsentEventDetail]}
    for event in rows[ConsentEvent]:
        needs = event["source"] not in SELF_EVIDENT | {Source.PROVIDER, Source.CORRECTION}
        if event["asked"] is State.OPTED_IN and needs:
            assert event["proven"]
            assert {"how", "when", "where", "wording"} <= details[event["id"]]["evidence"].keys()
        if event["source"] is Source.KEYWORD:
            assert details[event["id"]]["said"]


def test_the_shares_on_whatsapp_are_plausible() -> None:
    contacts = demo_rows(COUNT)[Contact]
    states = Counter(row["whatsapp_state"] for row in contacts)
    assert len(contacts) == COUNT
    assert 0.59 < states[State.OPTED_IN] / COUNT < 0.65
    assert 0.075 < states[State.OPTED_OUT] / COUNT < 0.11


def test_some_who_opted_out_are_no_contacts() -> None:
    rows = demo_rows(COUNT)
    known = {row[f"{kind}_key"] for row in rows[Contact] for kind in ("phone", "email")}
    strangers = [row for row in rows[ConsentState] if row["key"] not in known | {None}]
    outs = [row for row in strangers if row["source"] is Source.IMPORT]
    assert len(outs) >= 20
    assert all(row["state"] is State.OPTED_OUT for row in outs)


def test_a_few_replies_wait_for_review() -> None:
    rows = demo_rows(COUNT)
    waiting = [row for row in rows[Review] if row["decided_at"] is None]
    held = [row for row in rows[ConsentState] if row["held"]]
    assert len(waiting) == 3
    assert {row["key"] for row in waiting} == {row["key"] for row in held}
    assert all(row["opened_at"] > NOW - timedelta(days=14) for row in waiting)
    inbound = {row["id"]: row for row in rows[InboundMessage]}
    assert all(inbound[row["inbound_id"]]["verdict"] == "hold" for row in rows[Review])
    assert {row["decision"] for row in rows[Review]} == {None, "dismissed", "opted_out"}


def test_conversations_are_alive() -> None:
    rows = demo_rows(COUNT)
    talks = rows[Conversation]
    assert 200 < len(talks) < 800
    assert len(rows[InboundMessage]) > len(talks)
    assert sum(row["unread"] > 0 for row in talks) >= 10
    assert sum(row["last_inbound_at"] > NOW - timedelta(hours=24) for row in talks) >= 10
    assert all(row["last_inbound_at"] < NOW for row in talks)
    assert len({row["key"] for row in talks}) == len(talks)


def test_messages_have_met_every_end_and_say_why() -> None:
    messages = demo_rows(COUNT)[Message]
    assert {row["status"] for row in messages} == set(Status) - {Status.SENDING}
    for row in messages:
        ended = row["status"] is not Status.SCHEDULED
        assert (row["ended_at"] is not None) == ended
        assert row["ended_at"] is None or row["created_at"] <= row["ended_at"] <= NOW
        if row["status"] in (Status.FAILED, Status.CANCELLED, Status.SKIPPED, Status.UNCONFIRMED):
            assert row["reason"] in SENTENCES
        moments = [row[name] for name in ("sent_at", "delivered_at", "read_at") if row[name]]
        assert moments == sorted(moments)
        assert (row["status"] is Status.READ) == (row["read_at"] is not None)


def test_no_marketing_ever_left_for_somebody_who_was_opted_out() -> None:
    rows = demo_rows(COUNT)
    by_key = ledgers(rows)
    for row in rows[Message]:
        if row["category"] is not Category.MARKETING or row["sent_at"] is None:
            continue
        events = by_key.get((row["channel"], row["key"]), [])
        known = [event for event in events if event["recorded_at"] <= row["sent_at"]]
        assert not known or known[-1]["to_state"] is not State.OPTED_OUT
        outs = [e for e in known if e["to_state"] is State.OPTED_OUT != e["from_state"]]
        assert row["epoch"] == len(outs)


def test_what_an_opt_out_cancelled_is_named_on_both_sides() -> None:
    rows = demo_rows(COUNT)
    events = {row["id"]: row for row in rows[ConsentEvent]}
    cancelled: Counter[int] = Counter()
    for row in rows[Message]:
        if row["status"] is Status.CANCELLED and row["event_id"]:
            assert events[row["event_id"]]["to_state"] is State.OPTED_OUT
            assert row["ended_at"] == events[row["event_id"]]["recorded_at"]
            cancelled[row["event_id"]] += 1
    told = {
        row["data"]["event_id"]: row["data"]["cancelled"]
        for row in rows[Activity]
        if row["kind"] == "consent" and row["data"]["cancelled"]
    }
    assert told == cancelled
    assert len(told) > 20


def test_each_keyword_that_changed_something_was_confirmed_once() -> None:
    rows = demo_rows(COUNT)
    confirmed = [row for row in rows[Message] if row["origin"] is Origin.CONFIRMATION]
    changed = {
        row["id"]
        for row in rows[ConsentEvent]
        if row["channel"] is Channel.WHATSAPP
        and row["source"] in (Source.KEYWORD, Source.BUTTON)
        and row["from_state"] is not row["to_state"]
    }
    named = [row["confirms_event_id"] for row in confirmed if row["confirms_event_id"]]
    assert sorted(named) == sorted(changed)


def test_a_few_dozen_messages_wait_for_the_next_days() -> None:
    waiting = [row for row in demo_rows(COUNT)[Message] if row["status"] is Status.SCHEDULED]
    assert 24 <= len(waiting) <= 100
    assert {row["category"] for row in waiting} >= {Category.MARKETING, Category.UTILITY}
    assert all(NOW < row["send_at"] < NOW + timedelta(days=8) for row in waiting)


def test_the_same_demo_is_made_everywhere() -> None:
    chance = {"salt", "commitment", "prev", "hash", "head_hash"}
    one, other = demo_rows(150), demo_rows.__wrapped__(150)

    def plain(rows: Rows) -> dict[str, list[Row]]:
        return {
            model.__tablename__: [
                {name: value for name, value in row.items() if name not in chance} for row in some
            ]
            for model, some in rows.items()
        }

    assert plain(one) == plain(other)


def test_times_are_told_from_now_and_nothing_else_depends_on_it() -> None:
    later = demo_rows(150, NOW + timedelta(days=40))
    for before, after in zip(demo_rows(150)[Contact], later[Contact], strict=True):
        assert after["created_at"] - before["created_at"] == timedelta(days=40)
        for name in ("id", "name", "phone", "email", "attributes", "whatsapp_state"):
            assert before[name] == after[name]


def test_people_are_the_same_whatever_the_chunk() -> None:
    whole, parts = demo_rows(150), demo_rows(150, NOW, 40)
    known = ("id", "name", "phone", "email", "attributes", "created_at", "sms_state")
    for one, other in zip(whole[Contact], parts[Contact], strict=True):
        assert [one[name] for name in known] == [other[name] for name in known]
    assert {model: len(rows) for model, rows in whole.items()} == {
        model: len(rows) for model, rows in parts.items()
    }


def test_a_reply_is_read_within_days_after_it_came_and_never_in_times_to_come() -> None:
    rows = demo_rows(COUNT)
    decided = [row for row in rows[Review] if row["decided_at"] is not None]
    assert len(decided) > 3
    for row in decided:
        assert row["opened_at"] < row["decided_at"] <= NOW
        assert row["decided_at"] - row["opened_at"] < timedelta(days=4)
    assert len({row["decided_at"] for row in decided}) == len(decided)
