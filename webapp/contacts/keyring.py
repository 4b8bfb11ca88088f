"""The account's address keys belong to its database: consent is found by them alone."""

from __future__ import annotations

import hashlib

from flask import current_app

from webapp.accounts import settings
from webapp.core.config import Config, ConfigError

SETTING = "address_keys"


def fingerprint(keys: tuple[str, ...]) -> str:
    """Give what a keyring is recognised by, without telling any key."""
    return hashlib.sha256("\0".join(("heed address keys", *keys)).encode()).hexdigest()


def check_keyring() -> None:
    """Hold this process's keyring against the database's, which keeps the first it sees.

    In the open transaction. Raises ConfigError where it is another: under other keys every
    address would look as if nothing were known of it, and every opt-out would be lost.
    """
    config: Config = current_app.extensions["heed"]
    settings.lock(SETTING)
    ours, known = fingerprint(config.address_keys), settings.read(SETTING).get("fingerprint")
    if known is None:
        settings.write(SETTING, {"fingerprint": ours})
    elif known != ours:
        raise ConfigError(
            "HEED_ADDRESS_KEYS: this database was made with other address keys; with these, every "
            "opt-out in it would be lost. Set the keys it was made with (part of every backup)."
        )
