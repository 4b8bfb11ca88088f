"""After a restored backup: nothing of marketing leaves until somebody has looked.

A backup does not know who opted out since it was made. This machine's files do know how far the
ledger had come, by the last seal and by the newest event of the last minute: a database without
either is older than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, true

from webapp.accounts.rules import Actor
from webapp.audit.service import record
from webapp.consent.models import MarketingHold
from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.core.config import Config
from webapp.core.db import db, transaction
from webapp.core.dialect import insert_or_ignore
from webapp.core.errors import Invalid
from webapp.events.service import publish
from webapp.ledger import exported, newest
from webapp.ledger.exported import Exported
from webapp.ledger.models import LedgerSeal
from webapp.ledger.sealing import seal
from webapp.outbox import service as outbox
from webapp.outbox.models import Message
from webapp.outbox.rules import Reason, Status

HELD = (
    "All marketing is on hold until `heed ledger released`; docs/ledger.md says what to do before."
)


@dataclass(frozen=True)
class Hold:
    """All marketing waits, since when."""

    since: datetime


def standing() -> Hold | None:
    """Tell whether all marketing is held after a restore, and since when."""
    since = db.session.scalar(select(func.min(MarketingHold.since)))
    return Hold(since) if since is not None else None


def hold(actor: Actor, because: str) -> bool:
    """Hold the marketing of all channels in the open transaction; tells whether it was not yet.

    What was due already ends: it may have left since the backup was made, and nothing is sent
    twice.
    """
    now = clock.now()
    rows = [{"channel": channel, "since": now} for channel in Channel]
    if not insert_or_ignore(db.session(), MarketingHold, rows):
        return False
    ended = outbox.end_waiting(Message.send_at <= now, Status.CANCELLED, Reason.BEFORE_RESTORE)
    record(actor, "marketing.held", because=because, cancelled=len(ended))
    publish("marketing.held")
    return True


def release(actor: Actor, because: str) -> bool:
    """Let marketing go on in the open transaction; tells whether it was held.

    What waits for that alone is due again, each message still judged by itself. Raises Invalid
    where nobody says why.
    """
    if not because.strip():
        raise Invalid("Say why marketing may go on: what was taken in.", field="because")
    held = db.session.scalars(delete(MarketingHold).returning(MarketingHold.channel)).all()
    if not held:
        return False
    outbox.wake(true(), Reason.HELD_AFTER_RESTORE)
    record(actor, "marketing.released", because=because.strip())
    publish("marketing.released")
    return True


def hold_if_older(config: Config, actor: Actor) -> str | None:
    """Hold all marketing, and commit, where the database lacks what was seen here last.

    Gives a line for the operator where marketing is held, or where the file cannot be read.
    """
    try:
        older = _why_older(config)
    except (Invalid, OSError, UnicodeDecodeError) as error:
        return f"{config.data / exported.NAME} cannot be read, so nothing is held: {error}"
    if older is not None and transaction(lambda: hold(actor, older)):
        return f"{older}: it is older than what this machine has seen. {HELD}"
    held = standing()
    db.session.rollback()
    return HELD if held else None


def _why_older(config: Config) -> str | None:
    """Say what this machine has seen and the database lacks; None where it lacks nothing."""
    missing = lacking(config)
    if missing is not None:
        return f"The database lacks seal {missing.id} of {missing.at:%Y-%m-%d %H:%M} UTC"
    seen = newest.kept(config)
    if seen is not None and not newest.is_here(seen):
        return f"The database lacks event {seen.id}, seen at {seen.at:%Y-%m-%d %H:%M} UTC"
    return None


def keep_newest(config: Config) -> None:
    """Keep how far the ledger has come, unless the database is older than what was kept."""
    seen = newest.kept(config)
    if seen is None or newest.is_here(seen):
        newest.keep(config)


def lacking(config: Config) -> Exported | None:
    """Give the last seal that was seen here, where the database does not have it. Raises Invalid."""
    seen = exported.kept(config)
    if not seen:
        return None
    found = db.session.scalar(select(LedgerSeal.id).where(LedgerSeal.hash == seen[-1].hash))
    db.session.rollback()
    return seen[-1] if found is None else None


def seal_and_keep(config: Config) -> LedgerSeal | None:
    """Seal what is new, and add every seal that is not there yet to this machine's file.

    Gives the new seal, if there was anything to seal. The file is left as it is while it tells of
    a later ledger than the database's: it is what shows that. Raises Delayed, Invalid, OSError.
    """
    made = seal()
    if lacking(config) is None:
        seen = exported.kept(config)
        later = select(LedgerSeal).where(LedgerSeal.id > (seen[-1].id if seen else 0))
        rows = list(db.session.scalars(later.order_by(LedgerSeal.id)))
        if rows:
            exported.append(config.data / exported.NAME, rows)
        db.session.rollback()
    return made


def begin_anew(config: Config) -> None:
    """After a release: put the file of the lost ledger aside and begin one of the database's."""
    if lacking(config) is not None:
        exported.begin_anew(config, clock.now())
    newest.keep(config)
    seal_and_keep(config)
