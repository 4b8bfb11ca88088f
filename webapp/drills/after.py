"""STOP, and the steps after it: what it must have done by the time that it is answered."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from webapp.accounts.rules import SYSTEM
from webapp.consent.answers import answer
from webapp.consent.rules import Rule
from webapp.contacts.rules import Source, State
from webapp.core.db import db, transaction
from webapp.core.dialect import database_now
from webapp.core.queue import jobs
from webapp.delivery.claims import claim
from webapp.drills.before import STOP, TEXT, admit, said_start
from webapp.drills.rules import Failed
from webapp.drills.scene import CHANNEL, Scene
from webapp.keywords import service as keywords
from webapp.outbox.models import Message
from webapp.outbox.rules import ENDS, SENTENCES, Category, Origin, Reason, Status, job_id

SENT = (Status.SENT, Status.DELIVERED, Status.READ)


def stop(scene: Scene) -> str:
    """Say STOP. The 200 means settled, so the time until it is the time until it is enforced."""
    scene.next_second(or_same=True)
    scene.stop, reply = scene.say(STOP)
    scene.enforced_ms = math.ceil(reply.seconds * 1000)
    return f"Answered 200 after {scene.enforced_ms} ms"


def flipped(scene: Scene) -> str:
    """Look for the one event and the state."""
    events, row = scene.events(), scene.state()
    if len(events) != 1:
        raise Failed(f"{len(events)} events were recorded in place of one.")
    event = events[0]
    if (event.asked, event.source) != (State.OPTED_OUT, Source.KEYWORD):
        raise Failed(f"Event {event.id} is {event.asked.label} by {event.source}.")
    if row is None or (row.state, row.event_id) != (State.OPTED_OUT, event.id):
        raise Failed(f"The state is {row.state.label if row else 'missing'}.")
    if row.epoch != scene.epoch + 1:
        raise Failed(f"The epoch went from {scene.epoch} to {row.epoch}.")
    scene.stop_event = event.id
    return f"Opted out by consent event {event.id}, source keyword"


def cancelled(scene: Scene) -> str:
    """Look at the message that waited, and for its RQ job, which a worker takes away."""
    row = scene.message(scene.waiting_id)
    if (row.status, row.reason) != (Status.CANCELLED, Reason.OPTED_OUT):
        raise Failed(f"The message that waited is {row.status}.")
    if row.event_id != scene.stop_event:
        raise Failed(f"It names consent event {row.event_id}, not {scene.stop_event}.")
    gone = f"Cancelled, naming event {row.event_id}"
    scene.wait(lambda: jobs().holds(job_id(row.id)) is False, f"{gone}, but its RQ job is there")
    return f"{gone}; its RQ job is gone"


def refused(scene: Scene) -> str:
    """Try to send again: asked, admitted, and slipped past admission."""
    judged = answer(CHANNEL, [scene.key], Category.MARKETING, Origin.API)
    db.session.rollback()
    if judged.decision.allowed or judged.event_id != scene.stop_event:
        raise Failed(f"“May this be sent?” is answered by rule {judged.decision.rule}.")
    row = scene.message(transaction(lambda: admit(scene).id))
    if (row.status, row.event_id) != (Status.SKIPPED, scene.stop_event):
        raise Failed(f"A message admitted now is {row.status}, by rule {row.rule}.")
    _expect_dead(scene, Rule.OPTED_OUT)
    return "Asked: no. Admitted now: skipped. Slipped past admission: not claimed"


def confirmed(scene: Scene) -> str:
    """Wait until the one confirmation has left, through the real worker, to the sink."""
    ours = [row for row in scene.messages() if row.confirms_event_id == scene.stop_event]
    newer = [row for row in scene.messages() if row.id > scene.newest_message]
    every = [row for row in newer if row.origin is Origin.CONFIRMATION]
    if not keywords.load().confirmation.strip():
        db.session.rollback()
        if every:
            raise Failed("The account has no text for it, and yet one is queued.")
        return "The account has no text for one, so there is none"
    db.session.rollback()
    if len(ours) != 1 or len(every) != 1:
        raise Failed(f"{len(every)} are queued in place of one.")
    message_id = ours[0].id
    scene.wait(lambda: scene.message(message_id).status in ENDS, "It has not left")
    row = scene.message(message_id)
    if row.reason is Reason.SAFE_MODE:
        return f"One was queued and kept in: {SENTENCES[row.reason]}"
    if row.status not in SENT:
        why = f": {SENTENCES[row.reason]}" if row.reason else ""
        raise Failed(f"It is {row.status} after {row.attempts} tries{why}")
    return f"It left once through a worker, {_after(row)} ms after it was queued"


def repeated(scene: Scene) -> str:
    """Post the same bytes again, as Meta does when in doubt."""
    before = _counted(scene)
    scene.post(scene.stop)
    if (after := _counted(scene)) != before:
        raise Failed(f"Events, epoch and messages went from {before} to {after}.")
    return "Answered 200; no event, no message, no epoch more"


def opted_in_again(scene: Scene) -> str:
    """Say START. What was admitted before STOP stays dead all the same."""
    if not said_start(scene):
        return "The account has no word to opt in by; its words are left as they are"
    row = scene.state()
    if row is None or row.state is not State.OPTED_IN:
        raise Failed(f"The state is {row.state.label if row else 'missing'}.")
    _expect_dead(scene, Rule.STALE_EPOCH)
    return "Opted in; a message admitted before STOP was not claimed"


def _after(row: Any) -> int:
    waited: timedelta = row.sent_at - row.created_at
    return round(waited / timedelta(milliseconds=1))


def _counted(scene: Scene) -> tuple[int, int, int]:
    row = scene.state()
    return len(scene.events()), row.epoch if row else 0, len(scene.messages())


def _expect_dead(scene: Scene, rule: Rule) -> None:
    """Put a message in as if it had been admitted before STOP, and try to claim it."""
    message_id = transaction(lambda: _slip(scene))
    if claim([message_id]):
        raise Failed("A message admitted before STOP was claimed: it would have been sent.")
    scene.wait(
        lambda: scene.message(message_id).status in ENDS,
        "A message admitted before STOP is not claimed, but it still waits",
    )
    row = scene.message(message_id)
    if (row.status, row.rule, row.attempts) != (Status.CANCELLED, rule, 0):
        raise Failed(f"A message admitted before STOP is {row.status}, by rule {row.rule}.")


def _slip(scene: Scene) -> int:
    """Add a row past admission, which is due now; gives its id."""
    now = database_now(db.session())
    message = Message(
        channel=CHANNEL,
        key=scene.key,
        address=scene.address.value,
        origin=Origin.SCHEDULED,
        category=Category.MARKETING,
        body=TEXT,
        epoch=scene.epoch,
        send_at=now,
        not_before=now,
        actor_kind=SYSTEM.kind,
    )
    db.session.add(message)
    db.session.flush()
    return message.id
