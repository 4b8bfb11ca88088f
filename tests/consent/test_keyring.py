"""The address keys belong to the database; a new one goes before them, and they stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import LargeBinary

from tests.people import (
    add_contact,
    add_message,
    all_events,
    phone,
    record,
    state_of,
    status_of,
)
from webapp.accounts.rules import SYSTEM
from webapp.consent import queries
from webapp.consent.saving import create_contact, update_contact
from webapp.contacts.addresses import ON_RECORD, contact_by_key, key_of
from webapp.contacts.keyring import check_keyring
from webapp.contacts.rules import Channel, Source, State, address_key
from webapp.contacts.service import Draft
from webapp.core.config import Config, ConfigError
from webapp.core.db import db, transaction
from webapp.outbox.rules import Status

pytestmark = pytest.mark.usefixtures("context")
NEW = "a new key of the tests"
OTHER = "+16505559876"
Ring = Callable[..., None]


@pytest.fixture
def ring(app: Flask) -> Iterator[Ring]:
    """Set the keyring of this process; it is put back afterwards."""
    ours: Config = app.extensions["heed"]

    def use(*keys: str) -> None:
        app.extensions["heed"] = ours.model_copy(update={"address_keys": keys})

    yield use
    app.extensions["heed"] = ours


@pytest.fixture
def old(app: Flask) -> str:
    config: Config = app.extensions["heed"]
    return config.address_keys[0]


def test_a_start_with_other_address_keys_is_refused(ring: Ring) -> None:
    transaction(check_keyring)
    transaction(check_keyring)
    ring(NEW)
    with pytest.raises(ConfigError, match="HEED_ADDRESS_KEYS"):
        transaction(check_keyring)


def test_a_new_key_goes_before_the_old_one_and_the_old_one_stays(ring: Ring, old: str) -> None:
    transaction(check_keyring)
    ring(NEW, old)
    transaction(check_keyring)
    for wrong in ([old], [old, NEW], [NEW], ["yet another key", old]):
        ring(*wrong)
        with pytest.raises(ConfigError, match="they stay"):
            transaction(check_keyring)
    ring("a third key, newer", NEW, old)
    transaction(check_keyring)


def test_an_opt_out_from_before_a_rotation_still_stands(ring: Ring, old: str) -> None:
    record(source=Source.KEYWORD)
    ring(NEW, old)
    assert state_of() is State.OPTED_OUT
    contact = transaction(lambda: create_contact(Draft(name="Ann", phone=phone().value), SYSTEM))
    assert contact.contact.whatsapp_state is State.OPTED_OUT
    assert contact.contact.phone_key == address_key(phone(), old)


def test_a_stop_after_a_rotation_goes_on_the_chain_from_before_it(ring: Ring, old: str) -> None:
    ann = add_contact()
    record(State.OPTED_IN)
    waits = add_message(contact_id=ann.id).id
    ring(NEW, old)
    done = record(source=Source.KEYWORD)
    assert done.contact_id == ann.id
    assert [event.seq for event in all_events()] == [1, 2]
    assert status_of(waits) is Status.CANCELLED


def test_a_stop_finds_what_waits_for_an_address_that_is_known_by_a_message_alone(
    ring: Ring, old: str
) -> None:
    waits = add_message().id
    ring(NEW, old)
    record(source=Source.KEYWORD)
    assert status_of(waits) is Status.CANCELLED


def test_a_no_at_a_number_that_was_taken_away_is_found_under_the_old_key(
    ring: Ring, old: str
) -> None:
    ann = add_contact().id
    ring(NEW, old)
    transaction(lambda: update_contact(ann, Draft(phone="", email="ann@heed.example"), SYSTEM))
    record(source=Source.KEYWORD)
    transaction(lambda: update_contact(ann, Draft(phone=OTHER), SYSTEM))
    assert state_of(phone(OTHER)) is State.OPTED_OUT


def test_an_address_that_is_new_gets_the_new_key(ring: Ring, old: str) -> None:
    ring(NEW, old)
    add_contact(OTHER)
    record(address=phone(OTHER))
    assert {event.key for event in all_events()} == {address_key(phone(OTHER), NEW)}
    found = contact_by_key(key_of(phone(OTHER)))
    assert found is not None


def test_of_an_address_with_two_keys_the_one_that_is_opted_out_counts(ring: Ring, old: str) -> None:
    """Two processes with different rings could leave that; an opt-out wins all the same."""
    record(State.OPTED_IN)
    ring(NEW)
    record(source=Source.KEYWORD)
    ring(NEW, old)
    assert state_of() is State.OPTED_OUT
    row = queries.state_row(Channel.WHATSAPP, key_of(phone()))
    assert row is not None
    assert row.key == address_key(phone(), NEW)


def test_every_column_with_an_address_key_is_looked_up_or_follows_from_one_that_is() -> None:
    """Events and reviews have a state by the same key."""
    follow = {"consent_events.key", "reviews.key"}
    keyed = {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
        and column.type.length == 32
        and column.name.split("_")[-1] == "key"
    }
    assert keyed == set(ON_RECORD) | follow
