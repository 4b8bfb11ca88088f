"""Writing messages to people: admission, scheduling, cancelling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from webapp.accounts import settings
from webapp.accounts.rules import Actor
from webapp.consent import queries as consent
from webapp.consent.models import ConsentState
from webapp.consent.rules import Decision, Verdict, deciding_event
from webapp.consent.scenes import SETTING
from webapp.contacts.activities import note
from webapp.contacts.addresses import contact_by_key, key_of
from webapp.contacts.models import Contact
from webapp.contacts.rules import Address, Channel, provider_address
from webapp.conversations.service import opened
from webapp.core.db import db
from webapp.core.dialect import database_now
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.queue import after_commit
from webapp.delivery.content import Content, read_content
from webapp.events.service import publish
from webapp.message_templates.models import Template
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.rules import SENTENCES, Category, Origin, Reason, Status

FURTHEST = timedelta(days=366)


class WarningNeeded(Conflict):
    """A manual send to somebody opted out wants a warning first.

    `override` is what to pass to `compose` when a person has seen it and sends all the same.
    """

    kind = "warning-needed"

    def __init__(self, decision: Decision, override: int) -> None:
        super().__init__("This person opted out of this channel. Send it all the same?")
        self.decision = decision
        self.override = override


@dataclass(frozen=True)
class _Recipient:
    """Who a message is for, as far as anybody has the address, and where it goes."""

    contact: Contact | None
    address: Address
    key: bytes

    def keys(self, channel: Channel) -> list[bytes]:
        """Give the keys of the person on a channel.

        The message's own first: of two that are out, the warning is of the one that the claim asks.
        """
        theirs = self.contact.keys(channel) if self.contact else []
        return list(dict.fromkeys([self.key, *theirs])) if self.key in theirs else [self.key]


def compose(
    contact: Contact | None,
    channel: Channel,
    *,
    text: str | None = None,
    template: Template | None = None,
    variables: dict[str, str] | None = None,
    category: Category | None = None,
    origin: Origin,
    actor: Actor,
    send_at: datetime | None = None,
    override: int | None = None,
    address: Address | None = None,
) -> Message:
    """Admit one message in the open transaction and give its row.

    It goes to `address`, or to the contact's on the channel. It leaves now, or at `send_at`. The
    row is `skipped` with its reason where the table says never; a manual send to somebody opted
    out raises WarningNeeded until `override` carries what the person saw. Raises Invalid for
    what cannot be sent by anybody. Effects: the row, and after the commit its RQ job.
    """
    content = read_content(channel, text, template, variables or {}, category)
    seen = _still_counts(override)
    to = _recipient(contact, channel, address)
    now = database_now(db.session())
    due = _due(send_at, now)
    # Before the judgement: an opt-out that comes between the two makes the number stale, and a
    # stale message never leaves, also when the person opts in again.
    epoch = consent.epoch_of(channel, to.key)
    decision, row = consent.judge(channel, to.keys(channel), content.category, origin, seen)
    if decision.verdict is Verdict.NEVER and origin is Origin.MANUAL:
        _ask_or_refuse(decision, row)
    message = _written(channel, to, content, origin, actor)
    message.epoch, message.override_event_id = epoch, seen
    message.send_at = message.not_before = due
    _write_receipt(message, decision, row, now)
    outbox.admit(message, now)
    if origin is Origin.MANUAL:  # what waits for later may never be said
        opened(channel, to.key, to.address.value, message.contact_id)
    return message


def _still_counts(override: int | None) -> int | None:
    """Give a warning that was seen, but for one before the account made it a block."""
    return None if override is not None and manual_sends_blocked() else override


def _recipient(contact: Contact | None, channel: Channel, address: Address | None) -> _Recipient:
    """Give who a message is for, who stays as they are until it is admitted.

    Raises Invalid where there is no address, NotFound where the contact is gone.
    """
    if contact is not None:
        contact = _as_it_stays(contact)
    address = address or _address(contact, channel)
    key = key_of(address)
    return _Recipient(contact or contact_by_key(key), address, key)


def _written(
    channel: Channel, to: _Recipient, content: Content, origin: Origin, actor: Actor
) -> Message:
    """Write a message, before it is said when it is due and what decides on it."""
    return Message(
        contact_id=to.contact.id if to.contact else None,
        channel=channel,
        key=to.key,
        address=to.address.value,
        origin=origin,
        category=content.category,
        body=content.text,
        template_id=content.template.id if content.template else None,
        variables=content.variables,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )


def _due(send_at: datetime | None, now: datetime) -> datetime:
    """Give when a message is due. Raises Invalid for too far ahead."""
    if send_at is not None and send_at > now + FURTHEST:
        raise Invalid("A message can be scheduled for a year at most.", field="send_at")
    return max(send_at or now, now)


def _write_receipt(
    message: Message, decision: Decision, row: ConsentState | None, now: datetime
) -> None:
    """Write on a message that may not leave what decided so; on one that waits, why it does."""
    if decision.verdict is Verdict.SEND:
        return  # its claim asks again, and writes what lets it go
    message.reason = decision.reason
    if decision.verdict is Verdict.NEVER:
        message.status, message.rule, message.ended_at = Status.SKIPPED, decision.rule, now
        if row is not None:
            message.event_id = deciding_event(decision.rule, row.event_id, row.out_event_id)


def cancel_message(message_id: int, actor: Actor) -> bool:
    """Cancel a message that waits, by a person; gives False where it no longer does."""
    waiting = Message.id == message_id
    cancelled = outbox.end_waiting(waiting, Status.CANCELLED, Reason.BY_PERSON)
    if not cancelled:
        return False
    message = db.session.get_one(Message, message_id, populate_existing=True)
    if message.contact_id:
        note(message.contact_id, "message_cancelled", actor, message_id=message_id)
    publish("messages.moved", message_ids=cancelled)
    after_commit("jobs.delivery.forget", [message.job_id])
    return True


def _as_it_stays(contact: Contact) -> Contact:
    """Read a contact again; who edits or erases them waits until this transaction is through.

    Otherwise a message could be admitted to a number that has just stopped being theirs, where
    the opt-out of the new one would not find it. Raises NotFound where they are gone.
    """
    found = db.session.scalar(
        select(Contact)
        .where(Contact.id == contact.id)
        .options(lazyload(Contact.tags))
        .with_for_update(read=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("That contact is not there any more.")
    return found


def _address(contact: Contact | None, channel: Channel) -> Address:
    value = contact.address(channel) if contact else None
    if not value:
        raise Invalid(f"There is no address on {channel.label}.", field="to")
    return provider_address(value)


def manual_sends_blocked() -> bool:
    """Tell whether the account blocks sends by hand to people who opted out, instead of warning."""
    return bool(settings.read(SETTING).get("manual_sends_blocked"))


def _ask_or_refuse(decision: Decision, row: ConsentState | None) -> None:
    if manual_sends_blocked():
        raise Conflict(SENTENCES[Reason.MANUAL_BLOCKED])
    raise WarningNeeded(decision, (row.out_event_id if row else None) or 0)
