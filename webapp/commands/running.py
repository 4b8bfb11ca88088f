"""What every command does around its one call: settings, an app, a transaction, a check."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from webapp.core.config import Config

Result = TypeVar("Result")


def config_now() -> Config:
    """Read the settings. Raises ConfigError."""
    from webapp.core.config import load_config

    return load_config()


def check_database(*, hold: bool = True) -> None:
    """Complain where the database has no schema, or was made with other address keys.

    Where it is older than what this machine has seen, all marketing is put on hold, and a line
    on stderr says so; `hold` switches that off.
    """
    from webapp.contacts.keyring import check_keyring
    from webapp.core.db import transaction

    def check() -> str | None:
        from webapp.accounts.rules import SYSTEM
        from webapp.ledger.restoring import hold_if_older

        transaction(check_keyring)
        return hold_if_older(config_now(), SYSTEM) if hold else None

    if line := in_app(check):
        click.echo(line, err=True)


def in_app(work: Callable[[], Result], config: Config | None = None) -> Result:
    """Call a service as the app would, under the settings of the environment or others."""
    from webapp.app import create_app

    with create_app(config or config_now()).app_context():
        return work()


def commit(work: Callable[[], Result]) -> Result:
    """Call a service and commit what it did."""
    from webapp.core.db import transaction

    return in_app(lambda: transaction(work))
