"""The steps before STOP: Heed is there, the sink starts clean, a message waits for it."""

from __future__ import annotations

from datetime import timedelta

from webapp.accounts.rules import SYSTEM
from webapp.contacts.rules import State
from webapp.core.db import db, transaction
from webapp.core.dialect import database_now
from webapp.core.errors import HeedError
from webapp.core.queue import jobs
from webapp.delivery.service import compose
from webapp.drills.rules import Failed
from webapp.drills.scene import CHANNEL, Scene, said_at
from webapp.keywords import service as keywords
from webapp.keywords.rules import Verdict
from webapp.outbox.models import Message
from webapp.outbox.rules import SENTENCES, Origin, Status

STOP = "STOP"
TEXT = "A drill: this goes to nobody."
# Soon enough to have an RQ job of its own, too late to leave during the drill.
IN_TIME = timedelta(minutes=10)


def reach(scene: Scene) -> str:
    """Ask the running Heed whether this is its webhook, and whether STOP is a word there."""
    try:
        reply = scene.line.ask()
    except OSError as error:
        raise Failed(
            f"Nothing answers at {scene.line.url} ({error or type(error).__name__}). Is Heed "
            "running there? --url names another address."
        ) from None
    if reply.status != 200:
        raise Failed(
            f"{scene.line.url} answered {reply.status} where Meta asks whether it is Heed's webhook. "
            "Is it another program, or has it another HEED_WHATSAPP_VERIFY_TOKEN?"
        )
    if _verdict(STOP) is not Verdict.OPT_OUT:
        raise Failed(
            "A STOP opts nobody out here: the account has switched its words off or changed them. "
            "It is held for review."
        )
    return f"{scene.line.url} answered"


def begin_clean(scene: Scene) -> str:
    """Bring the sink to opted in, by its own START where the account has a word for that."""
    found, row = "Nothing stood against it", scene.state()
    if (row is None or row.state is not State.OPTED_IN) and said_start(scene):
        found = "START answered 200; opted in"
        scene.let_leave()
    row = scene.state()
    if row is not None and (row.state is State.OPTED_OUT or row.held):
        raise Failed(f"It is {row.state.label if not row.held else 'held for review'} already.")
    scene.epoch = row.epoch if row else 0
    scene.newest_event = max((event.id for event in scene.events()), default=0)
    return found


def said_start(scene: Scene) -> bool:
    """Write START, where the account has a word for it; tells whether it has."""
    word = start_word()
    if word:
        scene.next_second()
        scene.say(word)
    return bool(word)


def start_word() -> str:
    """Give the word by which a customer opts in again; empty where there is none."""
    words = ("START", *keywords.load().opt_in)
    return next((word for word in words if _verdict(word) is Verdict.OPT_IN), "")


def schedule(scene: Scene) -> str:
    """Admit a marketing message to the sink, as any scheduled one."""
    try:
        scene.waiting_id = transaction(lambda: admit(scene).id)
    except HeedError as error:
        raise Failed(f"It was not taken: {error.message}") from None
    row = scene.message(scene.waiting_id)
    if row.status is not Status.SCHEDULED:
        why = f": {SENTENCES[row.reason]}" if row.reason else "."
        raise Failed(f"It did not wait, it was {row.status}{why}")
    held = jobs().holds(f"send-{row.id}")
    scene.newest_message = row.id
    return f"It waits until {said_at(row.not_before)}" + _job(held)


def admit(scene: Scene) -> Message:
    """Admit a marketing message for in ten minutes, in the open transaction."""
    return compose(
        None,
        CHANNEL,
        text=TEXT,
        origin=Origin.SCHEDULED,
        actor=SYSTEM,
        send_at=database_now(db.session()) + IN_TIME,
        address=scene.address,
    )


def _job(held: bool | None) -> str:
    return {True: ", with its RQ job", False: ", without an RQ job", None: "; Redis is away"}[held]


def _verdict(text: str) -> Verdict:
    found = keywords.judge(CHANNEL, "text", text, "").verdict
    db.session.rollback()
    return found
