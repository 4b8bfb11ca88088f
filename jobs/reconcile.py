"""Finding what was left behind; every step is harmless to repeat."""

from __future__ import annotations

from datetime import timedelta

import structlog
from flask import current_app

from jobs.app import job
from webapp.api.idempotency import forget_old
from webapp.conversations.service import unprocessed_webhooks
from webapp.core.db import db, transaction
from webapp.delivery import sweeps
from webapp.delivery.forbidden import end_forbidden
from webapp.drills.clearing import clear_left_behind
from webapp.exports import turns
from webapp.figures import service as figures
from webapp.ledger import restoring
from webapp.ledger.exported import as_said
from webapp.tasks import service as tasks
from webapp.tasks import waking
from webapp.webhooks import whatsapp

log = structlog.get_logger(__name__)

STALE_WEBHOOK = timedelta(seconds=30)
ANSWERS_KEPT = timedelta(hours=24)


@job
def every_second() -> None:
    """Wake what is overdue without a job."""
    sweeps.wake_due()


@job
def every_few_seconds() -> None:
    """Wake the jobs of events that nobody handled, and forgotten tasks; end lost claims."""
    sweeps.wake_events()
    sweeps.end_lost_claims()
    waking.wake_forgotten()


@job
def every_minute() -> None:
    """Top up jobs, end what may never leave, finish stored webhooks, forget what is old, begin
    planned exports, clear what a killed drill left, keep how far the ledger has come."""
    sweeps.top_up()
    end_forbidden()
    sweeps.end_hopeless()
    stored = [(row.id, row.body) for row in unprocessed_webhooks(STALE_WEBHOOK)]
    db.session.rollback()
    for webhook_id, body in stored:
        whatsapp.process(webhook_id, body)
    transaction(lambda: forget_old(ANSWERS_KEPT))
    transaction(tasks.forget_old)
    transaction(figures.forget_old)
    turns.start_due()
    clear_left_behind()
    restoring.keep_newest(current_app.extensions["heed"])


@job
def every_hour() -> None:
    """Seal what is new in the ledger, and let the seal leave the database: for a file and the log."""
    made = restoring.seal_and_keep(current_app.extensions["heed"])
    if made is not None:
        log.info("ledger.sealed", **as_said(made))
