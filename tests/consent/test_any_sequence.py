"""Whatever happens to people and their addresses, in any order: no opt-out is lost by it.

Every source, late, replayed and undone; numbers that change, come and go; contacts that are
merged, erased and come back. After each step the stored state is the fold of its ledger and the
copy beside the contact is the stricter of their addresses; and where a step made an opt-out less
than it was, it was an opt-in with its own evidence, or an undo of one's own act.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from tests.database import Rows
from tests.people import EVIDENCE
from webapp.accounts.rules import CUSTOMER, PROVIDER, SYSTEM, Actor, ActorKind
from webapp.consent import queries
from webapp.consent.holds import hold
from webapp.consent.models import ConsentEvent, ConsentState, Review
from webapp.consent.moves import address_changed, whatsapp_id_learnt
from webapp.consent.reviews import dismiss_review, opt_out_review, reopen_review
from webapp.consent.rules import fold
from webapp.consent.saving import save_contact, update_contact
from webapp.consent.service import change, undo
from webapp.consent.wishes import Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.models import Contact
from webapp.contacts.owners import owner_of_address, owner_of_id
from webapp.contacts.rules import (
    Address,
    AddressKind,
    Channel,
    Source,
    State,
    channels_of,
    email_address,
    phone_address,
    stricter,
)
from webapp.contacts.service import Draft
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.errors import HeedError
from webapp.privacy.erasure import erase
from webapp.privacy.merging import merge

ANN = Actor(ActorKind.USER, 1, "Ann")
BY = {Source.MANUAL: ANN, Source.REVIEW: ANN, Source.PROVIDER: PROVIDER}
NUMBERS = [phone_address(f"+165055500{n:02}") for n in range(4)]
MAILS = [email_address(f"person{n}@heed.example") for n in range(2)]
IDS = [Address(AddressKind.WHATSAPP_ID, f"US.1349120865530274191{n}") for n in range(2)]
EVERYWHERE = [*NUMBERS, *MAILS, *IDS]
OUT, IN, UNKNOWN = State.OPTED_OUT, State.OPTED_IN, State.UNKNOWN
SOURCES = [source for source in Source if source is not Source.CORRECTION]

numbers, mails, ids = st.sampled_from(NUMBERS), st.sampled_from(MAILS), st.sampled_from(IDS)
agos = st.sampled_from([None, -3600, 0, 30, 59, 61, 120, 86_400])
which = st.integers(0, 3)
Place = tuple[Channel, bytes]


class People(RuleBasedStateMachine):
    """A few contacts and addresses, and everything that may happen to them."""

    app: Flask
    rows: Rows

    def __init__(self) -> None:
        super().__init__()
        self.rows.restore()
        self.context = self.app.app_context()
        self.context.push()
        self.may_loosen = True
        self.said: list[Wish] = []
        self.states: dict[Place, State] = {}
        self.owed: dict[int, set[Channel]] = {}

    def teardown(self) -> None:
        db.session.rollback()
        self.context.pop()

    def act(self, work: Any, *, may_loosen: bool = False) -> None:
        """Do one thing in a transaction; what is refused leaves nothing."""
        self.may_loosen = may_loosen
        try:
            transaction(work)
        except HeedError:
            db.session.rollback()

    def somebody(self, number: int) -> int | None:
        """Give the id of one of the contacts that there are."""
        found = db.session.scalars(select(Contact.id).order_by(Contact.id)).all()
        db.session.rollback()
        return found[number % len(found)] if found else None

    @rule(
        at=st.sampled_from(EVERYWHERE),
        channel=st.sampled_from(Channel),
        asked=st.sampled_from([IN, OUT]),
        source=st.sampled_from(SOURCES),
        ago=agos,
        proven=st.booleans(),
    )
    def say(
        self,
        at: Address,
        channel: Channel,
        asked: State,
        source: Source,
        ago: int | None,
        proven: bool,
    ) -> None:
        if channel not in channels_of(at.kind):
            channel = channels_of(at.kind)[0]
        when = None if ago is None else clock.now() - timedelta(seconds=ago)
        by = BY.get(source, CUSTOMER)
        evidence = EVIDENCE if proven else {}
        wish = Wish(channel, at, asked, source, by, when, evidence=evidence)
        self.said.append(wish)
        self.act(lambda: change(wish), may_loosen=asked is IN)

    @rule(number=st.integers(0, 30))
    def say_again(self, number: int) -> None:
        if self.said:
            wish = self.said[number % len(self.said)]
            self.act(lambda: change(wish), may_loosen=wish.asked is IN)

    @rule()
    def undo_the_last(self) -> None:
        newest = db.session.scalar(select(ConsentEvent.id).order_by(ConsentEvent.id.desc()))
        db.session.rollback()
        if newest is not None:
            self.act(lambda: undo(newest, ANN), may_loosen=True)

    @rule(at=numbers)
    def write_something_unclear(self, at: Address) -> None:
        self.act(lambda: hold(Channel.WHATSAPP, at, "no more", {}, actor=CUSTOMER))

    @rule(number=which, decide=st.sampled_from([opt_out_review, dismiss_review, reopen_review]))
    def decide_a_review(self, number: int, decide: Any) -> None:
        found = db.session.scalars(select(Review.id).order_by(Review.id)).all()
        db.session.rollback()
        if found:
            self.act(lambda: decide(found[number % len(found)], ANN))

    @rule(number=numbers, mail=st.none() | mails)
    def import_or_add(self, number: Address, mail: Address | None) -> None:
        draft = Draft("Somebody", number.value, mail.value if mail else None)
        self.act(lambda: save_contact(draft, SYSTEM))

    @rule(who=which, number=st.none() | numbers, mail=st.none() | mails)
    def edit(self, who: int, number: Address | None, mail: Address | None) -> None:
        contact_id = self.somebody(who)
        draft = Draft(None, number.value if number else "", mail.value if mail else None)
        if contact_id is not None:
            self.act(lambda: update_contact(contact_id, draft, ANN))

    @rule(who=which, user_id=ids)
    def write_with_a_whatsapp_id(self, who: int, user_id: Address) -> None:
        contact_id = self.somebody(who)

        def learn() -> None:
            """Do what the webhook does with an id that comes with a contact's number."""
            owner = owner_of_id(contact_id) if contact_id is not None else None
            if owner is not None and owner.phone and owner_of_address(user_id) is None:
                whatsapp_id_learnt(owner, phone_address(owner.phone), user_id)

        if contact_id is not None:
            self.act(learn)

    @rule(old=numbers, new=numbers)
    def move_to_another_number(self, old: Address, new: Address) -> None:
        if old != new:
            self.act(lambda: address_changed(key_of(old), old.kind, new, CUSTOMER))

    @rule(keep=which, other=which)
    def merge_two(self, keep: int, other: int) -> None:
        kept, gone = self.somebody(keep), self.somebody(other)
        if kept is None or gone is None or kept == gone:
            return
        owed = self.owed.get(kept, set()) | self.owed.get(gone, set())
        self.act(lambda: merge(kept, gone, ANN))
        if db.session.get(Contact, gone) is None:
            self.owed[kept] = owed
            self.owed.pop(gone, None)
        db.session.rollback()

    @rule(who=which)
    def erase_somebody(self, who: int) -> None:
        contact_id = self.somebody(who)
        if contact_id is not None:
            self.act(lambda: erase(contact_id, ANN, "asked for it"))
            if db.session.get(Contact, contact_id) is None:
                self.owed.pop(contact_id, None)  # SQLite gives the number to the next contact
            db.session.rollback()

    @invariant()
    def every_state_is_the_fold_of_its_ledger(self) -> None:
        for row in db.session.scalars(select(ConsentState)):
            folded = fold(queries.entries(row.channel, row.key))
            assert queries.standing_of(row) == folded
        db.session.rollback()

    @invariant()
    def every_copy_is_the_stricter_of_the_addresses(self) -> None:
        rows = {(row.channel, row.key): row for row in db.session.scalars(select(ConsentState))}
        for contact in db.session.scalars(select(Contact)):
            for channel in Channel:
                known = [rows[channel, k] for k in contact.keys(channel) if (channel, k) in rows]
                assert contact.state(channel) is stricter([row.state for row in known])
                assert getattr(contact, f"{channel}_held") is any(row.held for row in known)
        db.session.rollback()

    @invariant()
    def nothing_loosens_an_opt_out_but_its_own_evidence(self) -> None:
        now = {
            (row.channel, row.key): row.state for row in db.session.scalars(select(ConsentState))
        }
        lost = {p for p, state in self.states.items() if state is OUT and now.get(p) is not OUT}
        assert self.may_loosen or not lost
        self.states = now
        for contact in db.session.scalars(select(Contact)):
            owed = self.owed.setdefault(contact.id, set())
            for channel in Channel:
                if contact.state(channel) is OUT:
                    owed.add(channel)
                elif self.may_loosen and contact.keys(channel):
                    owed.discard(channel)
            broken = {channel for channel in owed if contact.keys(channel)} - {
                channel for channel in Channel if contact.state(channel) is OUT
            }
            assert not broken, f"{contact.id} had opted out of {broken}"
        db.session.rollback()


def test_no_sequence_loosens_an_opt_out_without_its_own_evidence(app: Flask, rows: Rows) -> None:
    People.app, People.rows = app, rows
    run_state_machine_as_test(
        People,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
