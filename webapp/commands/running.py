"""What every command does around its one call: settings, an app, a transaction, a check."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from webapp.core.config import Config

Result = TypeVar("Result")


def config_now() -> Config:
    """Read the settings. Raises ConfigError."""
    from webapp.core.config import load_config

    return load_config()


def check_database() -> None:
    """Complain where the database has no schema, or was made with other address keys."""
    from webapp.contacts.keyring import check_keyring

    commit(check_keyring)


def in_app(work: Callable[[], Result]) -> Result:
    """Call a service as the app would."""
    from webapp.app import create_app

    with create_app(config_now()).app_context():
        return work()


def commit(work: Callable[[], Result]) -> Result:
    """Call a service and commit what it did."""
    from webapp.core.db import transaction

    return in_app(lambda: transaction(work))
