"""Erasure: nothing that identifies the person stays, and nothing is loosened by it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.people import (
    EVIDENCE,
    NUMBER,
    add_contact,
    add_message,
    all_events,
    phone,
    record,
    state_of,
    status_of,
    stored_and_folded,
)
from tests.privacy.marked import (
    EMAIL,
    PHONE,
    WAMID,
    answer_all,
    everywhere,
    run_tasks,
    traces,
)
from webapp.accounts.rules import SYSTEM
from webapp.audit.models import AuditEntry
from webapp.consent.by_key import address_by_key
from webapp.consent.exclusions import ExclusionFilter, exclusion_page
from webapp.consent.holds import hold
from webapp.consent.queries import state_row
from webapp.consent.saving import save_contact, update_contact
from webapp.contacts.addresses import key_of
from webapp.contacts.filters import Filters
from webapp.contacts.kept_params import meaning_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.contacts.segment_models import Segment
from webapp.contacts.service import Draft
from webapp.contacts.tree import Condition, Group, How, What
from webapp.conversations import service as conversations
from webapp.conversations.models import StoredWebhook
from webapp.core.db import db, transaction
from webapp.core.errors import NotFound
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.rules import Reason, Status
from webapp.privacy.erasure import Erased, erase, erase_again
from webapp.privacy.models import Erasure
from webapp.segments.service import resolve
from webapp.tasks.models import Task, TaskFile
from webapp.tasks.rules import TaskStatus


def erased(contact_id: int) -> Erased:
    """Erase in a transaction of its own."""
    db.session.rollback()
    return transaction(lambda: erase(contact_id, SYSTEM, "They asked"))


def ann() -> int:
    return add_contact().id


def test_after_an_erasure_no_column_of_any_table_names_the_person(app: Flask) -> None:
    with app.app_context():
        contact_id = everywhere()
        assert len(traces()) > 20
        erased(contact_id)
        run_tasks()
        answer_all()
        run_tasks()
        assert traces() == []
        assert {task.status for task in db.session.scalars(select(Task))} == {TaskStatus.DONE}


def test_a_file_goes_as_a_whole_and_its_task_says_why(app: Flask) -> None:
    with app.app_context():
        erased(everywhere())
        answer_all()
        run_tasks()
        assert list(db.session.scalars(select(TaskFile.name))) == ["other.csv"]
        told = [task.error for task in db.session.scalars(select(Task)) if task.error]
        assert told == ["A file was removed, since somebody in it was erased."] * 3


def test_what_an_erasure_leaves_is_keys_states_and_the_chain(app: Flask) -> None:
    with app.app_context():
        contact_id = everywhere()
        before = [(event.id, event.hash) for event in all_events()]
        done = erased(contact_id)
        assert [(event.id, event.hash) for event in all_events()][: len(before)] == before
        assert (state_of(PHONE), address_by_key(key_of(PHONE))) == (State.OPTED_OUT, "")
        row = db.session.scalars(select(Erasure)).one()
        assert key_of(PHONE).hex() in row.keys
        assert row.counts == done.counts
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "contact.erased")
        ).one()
        assert entry.detail["contact_id"] == contact_id


def test_every_message_keeps_its_row_and_its_end(app: Flask) -> None:
    with app.app_context():
        contact_id = everywhere()
        count = db.session.scalar(select(func.count()).select_from(Message))
        erased(contact_id)
        assert db.session.scalar(select(func.count()).select_from(Message)) == count
        cancelled = select(Message).where(Message.reason == Reason.ERASED)
        for message in db.session.scalars(cancelled):
            assert message.status is Status.CANCELLED
        assert not db.session.scalars(select(Message).where(Message.status == "scheduled")).all()


def test_what_is_given_back_by_a_worker_after_the_erasure_ends(app: Flask) -> None:
    with app.app_context():
        contact_id = ann()
        message = add_message(contact_id=contact_id, status=Status.SENDING, claim_token="t").id
        erased(contact_id)
        moment = db.session.get_one(Message, message).not_before
        transaction(lambda: outbox.release(message, "t", not_before=moment, reason=None))
        assert status_of(message) is Status.CANCELLED


def test_a_late_answer_brings_no_number_back(app: Flask) -> None:
    with app.app_context():
        contact_id = ann()
        message = add_message(contact_id=contact_id, status=Status.SENDING, claim_token="t").id
        erased(contact_id)
        told = {"provider_message_id": WAMID, "detail": f"Sent to {NUMBER}"}
        transaction(lambda: outbox.finish(message, "t", Status.SENT, **told))
        row = db.session.get_one(Message, message, populate_existing=True)
        assert (row.status, row.provider_message_id, row.detail) == (Status.SENT, None, "")


@pytest.mark.parametrize("state", [State.OPTED_OUT, State.OPTED_IN])
def test_whoever_is_added_again_is_no_looser_than_before(app: Flask, state: State) -> None:
    with app.app_context():
        contact_id = ann()
        record(state)
        erased(contact_id)
        run_tasks()
        again = transaction(lambda: save_contact(Draft(phone=NUMBER), SYSTEM)).contact
        assert again.whatsapp_state is state
        stored, folded = stored_and_folded(Channel.WHATSAPP, key_of(phone()))
        assert stored == folded


def test_the_search_for_the_rest_leaves_a_contact_alone_who_came_since(app: Flask) -> None:
    with app.app_context():
        contact_id = ann()
        erased(contact_id)
        again = transaction(lambda: save_contact(Draft(phone=NUMBER, name="Ann"), SYSTEM)).contact
        message = add_message(contact_id=again.id).id
        run_tasks()
        assert db.session.get_one(Contact, again.id, populate_existing=True).name == "Ann"
        assert status_of(message) is Status.SCHEDULED


def test_whoever_gets_the_number_by_an_edit_is_opted_out(app: Flask) -> None:
    with app.app_context():
        contact_id = ann()
        record()
        erased(contact_id)
        other = add_contact("+16505559999", "Bea").id
        saved = transaction(lambda: update_contact(other, Draft(phone=NUMBER), SYSTEM))
        assert saved.contact.whatsapp_state is State.OPTED_OUT


def test_an_old_proof_does_not_lift_the_opt_out_of_an_erased_person(app: Flask) -> None:
    with app.app_context():
        contact_id = ann()
        record()
        erased(contact_id)
        old = state_row(Channel.WHATSAPP, key_of(phone()))
        assert old is not None
        assert old.since is not None
        record(State.OPTED_IN, at=old.since.replace(year=2020), evidence=EVIDENCE)
        assert state_of() is State.OPTED_OUT


def test_a_held_reply_that_nobody_can_read_any_more_counts_as_a_stop(app: Flask) -> None:
    with app.app_context():
        contact_id = ann()
        transaction(lambda: hold(Channel.WHATSAPP, phone(), "enough now", {}, actor=SYSTEM))
        done = erased(contact_id)
        assert [change.state for change in done.changes] == [State.OPTED_OUT]
        assert state_of() is State.OPTED_OUT
        assert address_by_key(key_of(phone())) == ""
        again = transaction(lambda: save_contact(Draft(phone=NUMBER), SYSTEM)).contact
        assert again.whatsapp_state is State.OPTED_OUT


def test_the_exclusion_list_shows_the_entry_without_its_address(app: Flask) -> None:
    with app.app_context():
        contact_id = ann()
        record()
        erased(contact_id)
        entry = exclusion_page(ExclusionFilter(Channel.WHATSAPP), None).items[0]
        assert (entry.key, entry.address, entry.contact_id) == (key_of(phone()), "", None)


def test_who_is_gone_cannot_be_erased_again(app: Flask) -> None:
    with app.app_context():
        contact_id = ann()
        erased(contact_id)
        with pytest.raises(NotFound):
            erased(contact_id)


def test_a_webhook_that_is_not_processed_waits_for_its_effect(app: Flask) -> None:
    with app.app_context():
        contact_id = ann()
        body = b'{"from": "16505551234", "text": "STOP"}'
        stored = transaction(lambda: conversations.store_webhook("whatsapp", body)).id
        erased(contact_id)
        run_tasks()
        assert bytes(webhook(stored).body) == body
        transaction(lambda: conversations.note_processed(stored))
        run_tasks()
        assert bytes(webhook(stored).body) == b""
        repeated = transaction(lambda: conversations.store_webhook("whatsapp", body))
        assert (repeated.id, repeated.processed) == (stored, True)


def webhook(webhook_id: int) -> StoredWebhook:
    return db.session.get_one(StoredWebhook, webhook_id, populate_existing=True)


def test_an_item_that_was_handled_stays_handled(app: Flask) -> None:
    with app.app_context():
        contact_id = everywhere()
        erased(contact_id)
        run_tasks()
        assert (
            transaction(lambda: conversations.first_time("whatsapp", f"message:{WAMID}")) is False
        )


def test_what_a_restored_backup_brings_back_is_forgotten_again(app: Flask) -> None:
    with app.app_context():
        everywhere()
        keys = [key_of(PHONE), key_of(EMAIL)]
        done = transaction(lambda: erase_again(keys, SYSTEM))
        answer_all()
        run_tasks()
        run_tasks()
        assert traces() == []
        assert db.session.scalar(select(func.count()).select_from(Contact)) == 1
        assert done.task_id
        transaction(lambda: erase_again(keys, SYSTEM))


def test_an_opt_out_that_a_provider_reports_late_is_recorded_without_an_address(
    app: Flask,
) -> None:
    from webapp.delivery.outcomes import opted_out_there

    with app.app_context():
        contact_id = ann()
        message = add_message(contact_id=contact_id, status=Status.SENT).id
        erased(contact_id)
        key = key_of(phone())
        transaction(lambda: opted_out_there(message, Channel.WHATSAPP, key, "They stopped"))
        assert state_of() is State.OPTED_OUT
        assert address_by_key(key) == ""
        assert all_events()[-1].source is Source.PROVIDER


@pytest.mark.usefixtures("context")
def test_whoever_comes_next_does_not_get_the_id_of_somebody_erased() -> None:
    first = add_contact("+16505550001").id
    last = add_contact("+16505550002").id
    transaction(lambda: erase(last, SYSTEM))
    new = transaction(lambda: save_contact(Draft(phone="+16505550003"), SYSTEM)).contact.id
    transaction(lambda: erase(first, SYSTEM))
    newer = transaction(lambda: save_contact(Draft(phone="+16505550004"), SYSTEM)).contact.id
    assert first < last < new < newer


@pytest.mark.usefixtures("context")
def test_a_held_email_is_an_opt_out_when_its_key_is_erased_again() -> None:
    mail = Address(AddressKind.EMAIL, "bea@example.com")
    transaction(lambda: hold(Channel.EMAIL, mail, "no more", {}, actor=SYSTEM))
    transaction(lambda: erase_again([key_of(mail)], SYSTEM))
    assert state_of(mail, Channel.EMAIL) is State.OPTED_OUT


def test_a_segment_that_looked_for_them_stays_one_and_finds_nobody_by_it(app: Flask) -> None:
    with app.app_context():
        contact_id = everywhere()
        tree, plain = (
            db.session.scalars(select(Segment).where(Segment.name == name)).one().id
            for name in ("Them", EMAIL.value)
        )
        erased(contact_id)
        run_tasks()
        gone = ("(erased)",)
        looks = [Condition(what, How.CONTAINS, values=gone) for what in (What.EMAIL, What.NAME)]
        inner = Group((*looks, looks[1]))
        kept = db.session.get_one(Segment, tree, populate_existing=True)
        assert meaning_of(kept.params) == Group((inner,), any=True, negated=True)
        assert kept.name == "Them"
        other = db.session.get_one(Segment, plain, populate_existing=True)
        assert meaning_of(other.params) == Filters(search="(erased)", tags=("vip",))
        assert other.name == other.folded == f"(erased) {plain}"
        for segment_id, found in ((tree, 1), (plain, 0)):
            there = select(func.count()).select_from(Contact).where(resolve(segment_id))
            assert db.session.scalar(there) == found
        task = db.session.scalars(select(Task).where(Task.kind == "erasure")).one()
        assert task.result["segments"] == 2


def test_a_word_of_a_segments_own_that_somebody_is_called_stays(app: Flask) -> None:
    with app.app_context():
        contact_id = add_contact(name="Contains", email="c@x.example").id
        looks = [["email", "contains", "c@x.example"], ["tag", "has_not", "Contains"]]
        parts = [{"what": what, "how": how, "values": [said]} for what, how, said in looks]
        segment = Segment(name="S", folded="s", params={"match": "all", "parts": parts})
        db.session.add(segment)
        db.session.commit()
        erased(contact_id)
        run_tasks()
        parts[0]["values"] = ["(erased)"]
        kept = db.session.get_one(Segment, segment.id, populate_existing=True)
        assert kept.params == {"match": "all", "parts": parts}
