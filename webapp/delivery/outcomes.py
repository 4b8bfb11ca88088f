"""What a provider's answer does to a message, and to the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import uniform

from sqlalchemy import select

from webapp.accounts.rules import PROVIDER
from webapp.consent.by_key import change_by_key
from webapp.consent.locks import lock_keys
from webapp.consent.service import change
from webapp.consent.wishes import Change, Wish
from webapp.contacts.addresses import key_of
from webapp.contacts.rules import Channel, Source, State, provider_address
from webapp.core.db import db, transaction
from webapp.core.dialect import database_now
from webapp.delivery.claims import Claim
from webapp.delivery.providers.base import Answer, Outcome
from webapp.events.service import publish
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.rules import Reason, Status

MOST_TRIES = 8
ACCOUNT_PAUSE = timedelta(minutes=5)
WINDOW_CLOSED = {"131047", "63016"}


def record(results: list[tuple[Claim, Answer | None]]) -> None:
    """Record what became of claims, in one transaction of its own.

    No answer at all means that the request was never begun: the message waits again.
    """
    transaction(lambda: _record_all(results))


def _record_all(results: list[tuple[Claim, Answer | None]]) -> None:
    now = database_now(db.session())
    # Opt-outs first: they take exclusive locks, and nothing else may be locked before those.
    for claim, answer in results:
        if answer is not None and answer.outcome is Outcome.OPTED_OUT:
            _provider_says_stop(claim)
    for claim, answer in results:
        if answer is None:
            outbox.release(claim.message_id, claim.token, not_before=now, reason=None)
        else:
            _record(claim, answer, now)
    publish("messages.moved", message_ids=[claim.message_id for claim, _ in results])


def _provider_says_stop(claim: Claim) -> None:
    """The provider knows of an opt-out that we did not: it is one (source `provider`)."""
    said = f"The provider refused message {claim.message_id}: the person opted out there"
    opted_out_there(claim.message_id, claim.channel, claim.key, said)


def opted_out_there(message_id: int, channel: Channel, key: bytes, said: str) -> list[Change]:
    """Record in the open transaction that whoever a message went to opted out at the provider.

    Where the person was erased meanwhile, it is the key's opt-out, and brings no address back.
    """
    lock_keys([key])
    found = select(Message.address).where(Message.id == message_id)
    address = provider_address(db.session.scalar(found) or "")
    wish = Wish(channel, address, State.OPTED_OUT, Source.PROVIDER, PROVIDER, reason=said)
    known = key_of(address) == key
    return [change(wish)] if known else change_by_key([wish], address.kind, key)


def _record(claim: Claim, answer: Answer, now: datetime) -> None:
    told = {"code": answer.code, "detail": answer.detail[:2000]}
    match answer.outcome:
        case Outcome.ACCEPTED:
            _finish(
                claim,
                Status.SENT,
                now,
                provider_message_id=answer.provider_message_id,
                sent_at=now,
                **told,
            )
        case Outcome.REFUSED:
            reason = (
                Reason.WINDOW_CLOSED if answer.code in WINDOW_CLOSED else Reason.PROVIDER_REFUSED
            )
            _finish(claim, Status.FAILED, now, reason=reason, **told)
        case Outcome.OPTED_OUT:
            _finish(claim, Status.FAILED, now, reason=Reason.PROVIDER_OPTED_OUT, **told)
        case Outcome.UNKNOWN:
            _finish(claim, Status.UNCONFIRMED, now, reason=Reason.NO_ANSWER, **told)
        case Outcome.ACCOUNT:
            outbox.pause_channel(claim.channel, "account", answer.detail, now + ACCOUNT_PAUSE)
            _again(claim, now + ACCOUNT_PAUSE, Reason.PROVIDER_ACCOUNT, answer.detail)
        case Outcome.NOT_TAKEN | Outcome.THROTTLED:
            _back_off(claim, answer, now)


def _back_off(claim: Claim, answer: Answer, now: datetime) -> None:
    if claim.attempts >= MOST_TRIES:
        _finish(
            claim, Status.FAILED, now, reason=Reason.GAVE_UP, code=answer.code, detail=answer.detail
        )
        return
    # Meta asks for 4^n seconds after a pair limit; 2^n serves the rest. Jitter spreads the herd.
    base = 4.0 if answer.pair else 2.0
    wait = max(answer.retry_after or 0.0, min(base**claim.attempts, 3600.0))
    again = now + timedelta(seconds=wait * uniform(1.0, 1.25))
    _again(claim, again, Reason.PROVIDER_BUSY, answer.detail)


def _again(claim: Claim, moment: datetime, reason: Reason, detail: str) -> None:
    outbox.release(
        claim.message_id, claim.token, not_before=moment, reason=reason, detail=detail[:2000]
    )


def _finish(claim: Claim, status: Status, now: datetime, **values: object) -> None:
    outbox.finish(claim.message_id, claim.token, status, ended_at=now, **values)
