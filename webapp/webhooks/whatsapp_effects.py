"""What each item of a WhatsApp webhook does, in one transaction with the mark that it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import current_app

from webapp.accounts.rules import CUSTOMER, PROVIDER, Actor
from webapp.consent.moves import address_changed, whatsapp_id_learnt
from webapp.consent.service import change_many
from webapp.consent.wishes import Change, Wish
from webapp.contacts.activities import note
from webapp.contacts.addresses import key_of
from webapp.contacts.owners import Owner, owner_of_address
from webapp.contacts.rules import (
    Address,
    AddressKind,
    Channel,
    Source,
    State,
    provider_address,
)
from webapp.conversations import service as conversations
from webapp.core.config import Config
from webapp.delivery import statuses
from webapp.delivery.providers.whatsapp_errors import rule_for
from webapp.keywords.service import Heard, Judged, act_on, is_stop, judge
from webapp.message_templates.service import provider_changed
from webapp.outbox.rules import Status as MessageStatus
from webapp.webhooks.whatsapp_items import (
    AnyItem,
    Inbound,
    NumberChanged,
    Preference,
    Status,
    TemplateChanged,
    UserIdChanged,
)

log = structlog.get_logger(__name__)

ITEMS = "whatsapp"
STATUSES = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "played": MessageStatus.READ,
    "failed": MessageStatus.FAILED,
}
PREFERENCES = {"stop": State.OPTED_OUT, "resume": State.OPTED_IN}


@dataclass(frozen=True)
class Taken:
    """What an item came to: its consent changes, or `again`, where it had its effect before.

    `erased` where it is about a message to somebody who was erased since.
    """

    changes: list[Change] = field(default_factory=list)
    again: bool = False
    erased: bool = False

    @property
    def waits(self) -> bool:
        """True where the answer may have to wait: for a claim under way, now or the first time."""
        return self.again or any(change.waits for change in self.changes)


def take(item: AnyItem) -> Taken:
    """Give one item its effect in the open transaction, once.

    Meta has been seen to send every app of a business the events of all its numbers. Those of
    another number are not ours, except a stop: it was said to this business, and is honoured.
    """
    config: Config = current_app.extensions["heed"]
    if not conversations.first_time(ITEMS, item.dedupe_key):
        return Taken(again=True)
    if item.phone_number_id not in (None, config.whatsapp_phone_number_id):
        log.info("webhook.other_number", item=item.dedupe_key)
        return Taken(_stop_elsewhere(item))
    if isinstance(item, Status):
        applied = _status(item)
        if applied.erased:
            conversations.forget_item(ITEMS, item.dedupe_key)
        return Taken(applied.changes, erased=applied.erased)
    return Taken(_effect(item))


def _effect(item: AnyItem) -> list[Change]:
    match item:
        case Inbound():
            return _inbound(item)
        case Preference():
            return _preference(item)
        case NumberChanged():
            return _moved(item.old, item.new) + _moved(item.old_user_id, item.new_user_id)
        case UserIdChanged():
            return _moved(item.old, item.new)
        case TemplateChanged():
            provider_changed(Channel.WHATSAPP, item.name, item.language, item.event, item.category)
        case _:
            log.info("webhook.kept", kind=type(item).__name__, item=item.dedupe_key)
    return []


def places_of(item: AnyItem) -> list[tuple[Channel, bytes]]:
    """Give the channel and keys that an answer to this item speaks for, done now or before."""
    if not isinstance(item, Inbound | Preference):
        return []
    known = [provider_address(text) for text in (item.address, item.user_id) if text]
    return [(Channel.WHATSAPP, key_of(address)) for address in known]


@dataclass(frozen=True)
class _Person:
    """Everything known of who an item is about: addresses, number first, and whose they are.

    `moved` is what went along from one to the other.
    """

    addresses: list[Address]
    owners: list[Owner | None]
    moved: list[Change]

    def wish(self, asked: State, source: Source, actor: Actor, **rest: Any) -> list[Change]:
        """Record the same wish for every address; gives all changes."""
        wishes = [
            Wish(Channel.WHATSAPP, address, asked, source, actor, **rest)
            for address in self.addresses
        ]
        return self.moved + change_many(wishes, met=self.owners)


def _person(*known: str | None) -> _Person:
    """Find out who an item is about.

    A user id that comes together with a contact's number is learnt for that contact; an opt-out
    of either goes along to the other.
    """
    addresses = [provider_address(text) for text in known if text]
    owners = [owner_of_address(address) for address in addresses]
    owner = next((one for one in owners if one is not None), None)
    user_id = next((a for a in addresses if a.kind is AddressKind.WHATSAPP_ID), None)
    if not (owner and owner.phone and user_id and len(addresses) == 2 and None in owners):
        return _Person(addresses, owners, [])
    number = next(address for address in addresses if address is not user_id)
    moved = whatsapp_id_learnt(owner, number, user_id)
    return _Person(addresses, [owner_of_address(address) for address in addresses], moved)


def _stop_elsewhere(item: AnyItem) -> list[Change]:
    """Honour an opt-out that was said to another number of this business; answer nothing."""
    if isinstance(item, Preference) and item.value == "stop":
        return _preference(item)
    if isinstance(item, Inbound) and is_stop(Channel.WHATSAPP, item.kind, item.text, item.payload):
        return _person(item.address, item.user_id).wish(
            State.OPTED_OUT,
            Source.KEYWORD,
            CUSTOMER,
            occurred_at=item.occurred_at,
            said=item.said,
            reason=f"Said to the business number with id {item.phone_number_id}",
        )
    return []


def _inbound(item: Inbound) -> list[Change]:
    """Keep what a person wrote, and do what it asks for, before anything else sees it."""
    person = _person(item.address, item.user_id)
    if not person.addresses:
        log.warning("webhook.nobody", item=item.dedupe_key)
        return []
    judged = judge(Channel.WHATSAPP, item.kind, item.text, item.payload)
    heard = Heard(
        Channel.WHATSAPP,
        person.addresses,
        person.owners,
        item.kind,
        item.said,
        item.payload,
        item.occurred_at,
    )
    return person.moved + act_on(heard, _received(item, heard, judged), judged)


def _received(item: Inbound, heard: Heard, judged: Judged) -> int:
    address = heard.addresses[0]
    return conversations.receive(
        conversations.Arrival(
            heard.channel,
            key_of(address),
            address.value,
            heard.contact_id,
            item.message_id,
            item.kind,
            item.said,
            item.payload,
            item.occurred_at,
            item.profile_name,
            judged.verdict,
            judged.because,
        )
    )


def _status(item: Status) -> statuses.Applied:
    status = STATUSES.get(item.status)
    if status is None:
        return statuses.Applied()
    code, detail = item.errors[0] if item.errors else (None, "")
    rule = rule_for(code)
    return statuses.apply(
        statuses.Report(
            Channel.WHATSAPP,
            item.message_id,
            item.correlation,
            status,
            item.occurred_at,
            rule.outcome if rule else None,
            code,
            detail,
        )
    )


def _preference(item: Preference) -> list[Change]:
    """WhatsApp's own switch: Meta answers the person itself, so no confirmation goes out."""
    asked = PREFERENCES.get(item.value)
    person = _person(item.address, item.user_id)
    if asked is None:
        return person.moved
    said = f"WhatsApp marketing messages: {item.value}"
    return person.wish(asked, Source.PROVIDER, PROVIDER, occurred_at=item.occurred_at, said=said)


def _moved(old: str | None, new: str | None) -> list[Change]:
    """A person moved to another address: an opt-out goes along, an opt-in does not."""
    if not old or not new:
        return []
    before, after = provider_address(old), provider_address(new)
    owner = owner_of_address(before)
    if owner is not None:
        note(owner.id, "address_moved", CUSTOMER, before=before.value, after=after.value)
    return address_changed(key_of(before), before.kind, after, CUSTOMER)
