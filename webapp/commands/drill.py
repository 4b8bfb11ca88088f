"""`heed drill`: does an opt-out of a customer stop everything here, and how soon?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from webapp.commands.running import config_now, in_app

if TYPE_CHECKING:
    from webapp.core.config import Config
    from webapp.drills.models import Drill
    from webapp.drills.rules import Step


@click.command()
@click.option("--url", default="", help="Where Heed runs; HEED_PUBLIC_URL where it is not given.")
@click.option(
    "--wait",
    type=click.FloatRange(0.1, 45.0),
    default=15.0,
    show_default=True,
    help="How many seconds a step waits for a worker.",
)
@click.option("--demo", is_flag=True, help="Drill a Heed that was started with `heed up --demo`.")
def drill(url: str, wait: float, demo: bool) -> None:
    """Let a made-up customer say STOP, and check what must follow.

    It needs a running Heed, and goes in by the webhook as WhatsApp does. Nothing leaves for a
    provider, and nothing of it is counted anywhere. Exit code 1 where a step failed, 2 for a
    wrong setting.
    """
    from webapp.core.config import load_config

    config = load_config(demo=True) if demo else config_now()
    passed, said = in_app(lambda: _drilled(config, url, wait), config)
    click.echo(said)
    sys.exit(0 if passed else 1)


def _drilled(config: Config, url: str, wait: float) -> tuple[bool, str]:
    """Run the drill; tells whether it passed, and what to say of it as a whole."""
    from webapp.contacts.keyring import check_keyring
    from webapp.core.db import transaction
    from webapp.drills.service import run
    from webapp.webhooks.whatsapp_line import WhatsAppLine

    transaction(check_keyring)
    return _summary(run(WhatsAppLine(url or config.public_url, config), wait, _tell))


def _tell(step: Step) -> None:
    """Print a line of the table as soon as its step is done."""
    sign = {True: "ok", False: "FAILED", None: "-"}[step.passed]
    took = "" if step.milliseconds is None else f"{step.milliseconds:,} ms"
    click.echo(f"{sign:<7} {step.name:<34} {took:>9}  {step.found}")


def _summary(done: Drill) -> tuple[bool, str]:
    """Say what the whole came to; read while the session that stored it is there."""
    enforced = "" if done.enforced_ms is None else f" STOP was enforced in {done.enforced_ms} ms."
    steps = sum(1 for step in done.steps if step["passed"])
    total = sum(step["milliseconds"] or 0 for step in done.steps)
    word = "Passed" if done.passed else "FAILED"
    return done.passed, f"{word}: {steps} of {len(done.steps)} steps in {total:,} ms.{enforced}"
