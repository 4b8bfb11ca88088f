"""No sequence of requests to links loosens an opt-out that the link did not itself take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.database import Rows
from tests.people import add_contact, record
from tests.whole_ledger import problems
from webapp.accounts.rules import CUSTOMER, PROVIDER, SYSTEM, Actor, ActorKind
from webapp.consent.models import ConsentEvent, ConsentState
from webapp.consent.queries import entries
from webapp.consent.rules import counts, lifts
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.db import db
from webapp.receipts.acts import act_of
from webapp.receipts.links import links
from webapp.receipts.people import person_of
from webapp.receipts.tokens import Purpose, Token

PHONE = Address(AddressKind.PHONE, "+16505551234")
EMAIL = Address(AddressKind.EMAIL, "ann@shop.example")
WHATSAPP_ID = Address(AddressKind.WHATSAPP_ID, "US.1234567890")
STRANGER = Address(AddressKind.PHONE, "+16505559999")
SERVES = [
    (PHONE, Channel.SMS),
    (PHONE, Channel.VOICE),
    (PHONE, Channel.WHATSAPP),
    (EMAIL, Channel.EMAIL),
    (WHATSAPP_ID, Channel.WHATSAPP),
    (STRANGER, Channel.SMS),
    (STRANGER, Channel.WHATSAPP),
]
BY = {
    Source.KEYWORD: CUSTOMER,
    Source.PROVIDER: PROVIDER,
    Source.MANUAL: Actor(ActorKind.USER, 1, "Ann"),
    Source.API: SYSTEM,
    Source.LINK: CUSTOMER,
}
Place = tuple[Channel, bytes]
# Mostly one address and channel, so that what is done there meets what was done before.
places = st.one_of(st.just(SERVES[2]), st.just(SERVES[2]), st.sampled_from(SERVES))
ACTS = ["undo", "undo", "undo", "stop", "stop_all", "stop_all", "one-click", "narrow", "look"]
said = st.tuples(
    st.just("said"),
    places,
    st.sampled_from([State.OPTED_IN, State.OPTED_OUT, State.OPTED_OUT]),
    st.sampled_from(list(BY)),
    st.sampled_from([0, 30, 90, 3600, 7200]),
)
posted = st.tuples(st.sampled_from(ACTS), places, st.sampled_from(Channel), st.integers(0, 3))
allowed = st.tuples(st.just("allow"), places, st.sampled_from(Channel), st.just(0))


def standing() -> dict[Place, set[int]]:
    """Give the opt-outs of every channel and key that no opt-in lifts; none where it is not out."""
    places = db.session.execute(
        db.select(ConsentState.channel, ConsentState.key, ConsentState.state)
    ).all()
    found = {(on, key): standing_outs(on, key) for on, key, _ in places}
    for on, key, state in places:
        assert bool(found[on, key]) is (state is State.OPTED_OUT)
    db.session.rollback()
    return found


def standing_outs(channel: Channel, key: bytes) -> set[int]:
    known = entries(channel, key)
    ins = [entry for entry in known if entry.asked is State.OPTED_IN and counts(entry)]
    outs = [entry for entry in known if entry.asked is State.OPTED_OUT]
    return {out.id for out in outs if not any(lifts(opt_in, out) for opt_in in ins)}


def token_of(address: Address, channel: Channel, back: int) -> Token:
    """Give the receipt of one of the address's last events there; 0: its unsubscribe link."""
    key = key_of(address)
    found = db.session.scalars(
        db.select(ConsentEvent.id)
        .where(ConsentEvent.key == key, ConsentEvent.channel == channel)
        .order_by(ConsentEvent.id.desc())
    ).all()
    if back and back <= len(found):
        return Token(Purpose.RECEIPT, channel, address.kind, key, found[back - 1])
    return Token(Purpose.UNSUBSCRIBE, channel, address.kind, key)


def of_act(token: Token) -> set[int]:
    act = act_of(person_of(token)) if token.event_id else None
    db.session.rollback()
    return {event.id for event in act.events} if act else set()


def post(client: FlaskClient, do: str, token: Token, channel: Channel) -> int:
    text = links().sign(token)
    if do == "look":
        return client.get(f"/p/{text}").status_code
    if do == "one-click":
        return client.post(f"/u/{text}", data={"List-Unsubscribe": "One-Click"}).status_code
    return client.post(f"/p/{text}", data={"do": do, "channel": channel}).status_code


def apply(client: FlaskClient, step: Any) -> None:
    if step[0] == "said":
        _, (address, channel), asked, source, ago = step
        at = None if source is Source.MANUAL else clock.now() - timedelta(seconds=ago)
        record(asked, source=source, actor=BY[source], address=address, channel=channel, at=at)
        return
    do, (address, channel), other, back = step
    token = token_of(address, channel, back)
    reaches, act = set(token.own_channels), of_act(token)
    # A number and the WhatsApp id that came with it are one account.
    own = {key for on in reaches for key in person_of(token).own_keys(on)}
    db.session.rollback()
    before = standing()
    status = post(client, do, token, other)
    assert status in (200, 303, 409, 422)
    if do in ("stop", "stop_all", "one-click"):
        assert status == 200
    after = standing()
    for (on, key), outs in before.items():
        lifted = outs - after[on, key]
        if not lifted:
            continue
        assert do in ("undo", "narrow", "allow"), f"{do} loosened {on}"
        assert key in own, f"{do} reached another address"
        assert on in reaches
        if do == "allow":
            assert on is other, f"asked to allow {other}, allowed {on}"
        else:
            assert lifted <= act, f"{do} took back {lifted - act}, which it did not do"


def out(source: Source, ago: int) -> Any:
    return ("said", SERVES[2], State.OPTED_OUT, source, ago)


def undo(back: int) -> Any:
    return ("undo", SERVES[2], Channel.WHATSAPP, back)


FIRST_OF_TWO = [out(Source.KEYWORD, 7200), out(Source.API, 3600), undo(2)]
SECOND_OF_TWO = [out(Source.KEYWORD, 7200), out(Source.API, 3600), undo(1)]
OLDER_BENEATH = [out(Source.KEYWORD, 3600), out(Source.API, 7200), undo(1)]


@example(steps=FIRST_OF_TWO, shared=False)
@example(steps=SECOND_OF_TWO, shared=True)
@example(steps=OLDER_BENEATH, shared=False)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.one_of(said, posted, posted, allowed), max_size=9), shared=st.booleans())
def test_a_link_takes_back_what_it_took_and_nothing_else(
    app: Flask, rows: Rows, steps: list[Any], shared: bool
) -> None:
    rows.restore()
    client = app.test_client()
    with app.app_context():
        both: dict[str, Any] = (
            {"whatsapp_id": WHATSAPP_ID.value, "whatsapp_id_key": key_of(WHATSAPP_ID)}
            if shared
            else {}
        )
        add_contact(PHONE.value, email=EMAIL.value, email_key=key_of(EMAIL), **both)
        for step in steps:
            apply(client, step)
        db.session.rollback()
        with db.engine.connect() as connection:
            wrong = [line for line in problems(connection) if "copy" not in line or not shared]
        assert wrong == []
