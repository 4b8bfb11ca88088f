"""A drill: a synthetic customer says STOP through the real inbound path, and all is looked at."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import structlog
from flask import current_app

from webapp.core import clock
from webapp.core.config import Config, ConfigError
from webapp.core.db import db, transaction
from webapp.core.errors import HeedError
from webapp.delivery.channels import why_off
from webapp.drills import after, before, clearing
from webapp.drills import lease as leases
from webapp.drills.lease import Lease
from webapp.drills.models import Drill
from webapp.drills.rules import Failed, Line, Step, passed
from webapp.drills.scene import CHANNEL, Scene
from webapp.events.service import publish

log = structlog.get_logger(__name__)
PATIENCE = 15.0  # seconds; less than a lease is held

# Each step, what does it, and whether the rest says nothing without it.
STEPS: tuple[tuple[str, Callable[[Scene], str], bool], ...] = (
    ("Heed answers, and STOP is a word", before.reach, True),
    ("The sink starts opted in", before.begin_clean, True),
    ("A marketing message waits for it", before.schedule, True),
    ("STOP comes in", after.stop, True),
    ("State flipped by one event", after.flipped, True),
    ("Queued message cancelled", after.cancelled, False),
    ("Next send refused", after.refused, False),
    ("One confirmation left", after.confirmed, False),
    ("The same webhook changes nothing", after.repeated, False),
    ("START opts in and revives nothing", after.opted_in_again, False),
)
CLEARED = "Nothing of it is left"


def run(
    line: Line, patience: float = PATIENCE, told: Callable[[Step], None] | None = None
) -> Drill:
    """Run one drill over `line`, store what it came to and give it; `told` hears of each step.

    `patience` is how many seconds a step waits for a worker. Raises Conflict where a drill runs
    already, ConfigError where WhatsApp is not set up; then nothing is stored. Effects: lines of the ledger for the
    sink, which stay; messages, a conversation and webhooks, which are taken away at the end.
    """
    config: Config = current_app.extensions["heed"]
    if off := why_off(CHANNEL, config):
        raise ConfigError(
            f"{CHANNEL.label} cannot be drilled. {off} (With `heed up --demo`: heed drill --demo)"
        )
    clearing.clear_left_behind()
    scene = Scene(line, transaction(leases.take), patience)
    began, steps = clock.now(), []
    try:
        for step in _steps(scene):
            steps.append(step)
            if told:
                told(step)
    finally:
        steps.append(cleared := _cleared(scene.lease))
        if told:
            told(cleared)
    return transaction(lambda: _keep(scene, steps, began))


def _steps(scene: Scene) -> Iterator[Step]:
    """Do one step after the other, until one fails without which the rest says nothing."""
    over = False
    for name, act, vital in STEPS:
        step = Step(name, None, "Not come to") if over else _done(name, partial(act, scene))
        over = over or (vital and not step.passed)
        yield step


def _done(name: str, act: Callable[[], str]) -> Step:
    """Do a step and say what it found. A fault is a finding: the drill goes on to its end."""
    began = time.monotonic()
    try:
        right, found = True, act()
    except Failed as failure:
        right, found = False, str(failure)
    except HeedError as error:
        right, found = False, error.message
    except Exception as error:
        log.exception("drill.step_failed", step=name)
        right, found = False, f"{type(error).__name__}: {error}"
    finally:
        db.session.rollback()
    return Step(name, right, found, round((time.monotonic() - began) * 1000))


def _cleared(lease: Lease) -> Step:
    def clear() -> str:
        clearing.clear(lease)
        return "Its messages, conversation and webhooks are gone; the ledger keeps its events"

    return _done(CLEARED, clear)


def _keep(scene: Scene, steps: list[Step], began: datetime) -> Drill:
    drill = Drill(
        at=began,
        passed=passed(steps),
        enforced_ms=scene.enforced_ms,
        steps=[step.kept() for step in steps],
    )
    db.session.add(drill)
    db.session.flush()
    publish("drill.ended", drill_id=drill.id, passed=drill.passed)
    return drill
