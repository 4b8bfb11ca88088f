"""What each item of a WhatsApp webhook does, in one transaction with the mark that it did."""

from __future__ import annotations

import structlog
from flask import current_app

from webapp.accounts.rules import CUSTOMER, PROVIDER
from webapp.consent.moves import address_changed
from webapp.consent.service import change_many
from webapp.consent.wishes import Change, Wish
from webapp.contacts import identities
from webapp.contacts.activities import note
from webapp.contacts.addresses import contact_by_key, key_of
from webapp.contacts.models import Contact
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
from webapp.keywords.service import Heard, is_stop, understand
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


def take(item: AnyItem) -> list[Change]:
    """Give one item its effect in the open transaction, once; gives the consent changes.

    Meta has been seen to send every app of a business the events of all its numbers. Those of
    another number are not ours, except a stop: it was said to this business, and is honoured.
    """
    config: Config = current_app.extensions["heed"]
    if not conversations.first_time(ITEMS, item.dedupe_key):
        return []
    if item.phone_number_id not in (None, config.whatsapp_phone_number_id):
        log.info("webhook.other_number", item=item.dedupe_key)
        return _stop_elsewhere(item)
    match item:
        case Inbound():
            return _inbound(item)
        case Status():
            return _status(item)
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


def _stop_elsewhere(item: AnyItem) -> list[Change]:
    """Honour an opt-out that was said to another number of this business; answer nothing."""
    if isinstance(item, Preference) and item.value == "stop":
        return _preference(item)
    if isinstance(item, Inbound) and is_stop(Channel.WHATSAPP, item.kind, item.text, item.payload):
        addresses, _, changes = _person(item.address, item.user_id)
        wishes = [
            Wish(
                Channel.WHATSAPP,
                address,
                State.OPTED_OUT,
                Source.KEYWORD,
                CUSTOMER,
                item.occurred_at,
                said=item.text,
                reason=f"Said to the business number with id {item.phone_number_id}",
            )
            for address in addresses
        ]
        return changes + change_many(wishes)
    return []


def _person(*known: str | None) -> tuple[list[Address], Contact | None, list[Change]]:
    """Give everything known of who this is: addresses (number first), contact, what went along.

    A user id that comes together with a contact's number is learnt for that contact; an opt-out
    of either goes along to the other.
    """
    addresses = [provider_address(text) for text in known if text]
    found = [contact_by_key(key_of(address)) for address in addresses]
    contact = next((person for person in found if person is not None), None)
    changes: list[Change] = []
    user_id = next((a for a in addresses if a.kind is AddressKind.WHATSAPP_ID), None)
    if contact and user_id and len(addresses) == 2 and None in found and contact.phone:
        identities.learn_whatsapp_id(contact, user_id, key_of(user_id))
        phone = next(address for address in addresses if address is not user_id)
        changes = address_changed(key_of(phone), phone.kind, user_id, CUSTOMER, as_it_was=True)
        changes += address_changed(key_of(user_id), user_id.kind, phone, CUSTOMER, as_it_was=True)
    return addresses, contact, changes


def _inbound(item: Inbound) -> list[Change]:
    addresses, contact, changes = _person(item.address, item.user_id)
    if not addresses:
        log.warning("webhook.nobody", item=item.dedupe_key)
        return []
    inbound = conversations.receive(
        conversations.Arrival(
            Channel.WHATSAPP,
            key_of(addresses[0]),
            addresses[0].value,
            contact,
            item.message_id,
            item.kind,
            item.text,
            item.payload,
            item.occurred_at,
            item.profile_name,
        )
    )
    heard = Heard(
        Channel.WHATSAPP,
        addresses,
        inbound,
        item.occurred_at,
        contact.id if contact else None,
    )
    return changes + understand(heard)


def _status(item: Status) -> list[Change]:
    status = STATUSES.get(item.status)
    if status is None:
        return []
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
    addresses, _, changes = _person(item.address, item.user_id)
    if asked is None:
        return changes
    wishes = [
        Wish(
            Channel.WHATSAPP,
            address,
            asked,
            Source.PROVIDER,
            PROVIDER,
            item.occurred_at,
            said=f"WhatsApp marketing messages: {item.value}",
        )
        for address in addresses
    ]
    return changes + change_many(wishes)


def _moved(old: str | None, new: str | None) -> list[Change]:
    """A person moved to another address: an opt-out goes along, an opt-in does not."""
    if not old or not new:
        return []
    before, after = provider_address(old), provider_address(new)
    contact = contact_by_key(key_of(before))
    if contact is not None:
        note(contact.id, "address_moved", CUSTOMER, before=before.value, after=after.value)
    return address_changed(key_of(before), before.kind, after, CUSTOMER)
