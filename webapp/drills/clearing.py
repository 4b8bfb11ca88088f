"""Taking away what a drill left, so that its address stands on no list. The ledger stays."""

from __future__ import annotations

from sqlalchemy import delete

from webapp.accounts.rules import SYSTEM
from webapp.consent import queries as consent
from webapp.consent.holds import release
from webapp.consent.locks import lock_keys
from webapp.consent.models import Review
from webapp.consent.rules import SELF_EVIDENT
from webapp.consent.service import change
from webapp.consent.wishes import Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Address, Channel, Source, State
from webapp.conversations.models import Conversation, HandledItem, StoredWebhook
from webapp.core.db import db, transaction
from webapp.core.queue import jobs
from webapp.drills import lease as leases
from webapp.drills.lease import Lease
from webapp.events.service import publish
from webapp.outbox.models import Message
from webapp.outbox.rules import job_id

PROVIDER = Channel.WHATSAPP.value
ENDED = "Ends a drill"


def clear(lease: Lease) -> None:
    """Take away all that a drill left but its lines of the ledger; in a transaction of its own.

    Its address is opted in again wherever it is opted out. Effects: rows of messages,
    conversations, reviews and webhooks deleted, their RQ jobs cancelled, the lease ended.
    """
    # At once and not by a job: SQLite may give the next message an id that has become free.
    jobs().cancel(transaction(lambda: _clear(lease)))


def clear_left_behind() -> bool:
    """Clear what a killed drill left, if one did. Tells whether."""
    lease = transaction(leases.left_behind)
    if lease is not None:
        clear(lease)
    return lease is not None


def _clear(lease: Lease) -> list[str]:
    """Clear in the open transaction; gives the ids of the RQ jobs that are of no use now."""
    if not leases.holds(lease):
        return []  # another drill took over, and cleared it
    key = key_of(lease.address)
    lock_keys([key])
    _let_go(lease.address, key)
    db.session.execute(delete(Review).where(Review.key == key))
    gone = list(db.session.scalars(delete(Message).where(Message.key == key).returning(Message.id)))
    db.session.execute(delete(Conversation).where(Conversation.key == key))
    _forget_webhooks(lease)
    publish("messages.moved", message_ids=gone)
    leases.end()
    return [job_id(message_id) for message_id in gone]


def _let_go(address: Address, key: bytes) -> None:
    """Opt the sink in where it is out, and release what is held; all channels are locked."""
    rows = consent.states_of([(channel, key) for channel in Channel])
    for row in (row for found in rows.values() for row in found):
        if row.held:
            release(row.channel, [key])
        if row.state is State.OPTED_OUT:
            # As the synthetic customer would by START: the drill ends with it, unless it was cut
            # short or the account has no word for it.
            source = row.source if row.source in SELF_EVIDENT else Source.KEYWORD
            change(Wish(row.channel, address, State.OPTED_IN, source, SYSTEM, reason=ENDED))


def _forget_webhooks(lease: Lease) -> None:
    digests = [bytes.fromhex(digest) for digest in lease.webhooks]
    db.session.execute(delete(StoredWebhook).where(StoredWebhook.digest.in_(digests)))
    marks = [f"message:{message_id}" for message_id in lease.message_ids()]
    db.session.execute(
        delete(HandledItem).where(HandledItem.provider == PROVIDER, HandledItem.item.in_(marks))
    )
