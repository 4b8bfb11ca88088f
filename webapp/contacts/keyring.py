"""The account's address keys belong to its database: consent is found by them alone."""

from __future__ import annotations

import hashlib

import structlog
from flask import current_app

from webapp.accounts import settings
from webapp.core.config import Config, ConfigError

log = structlog.get_logger(__name__)

SETTING = "address_keys"


def fingerprint(keys: tuple[str, ...]) -> str:
    """Give what a keyring is recognised by, without telling any key."""
    return hashlib.sha256("\0".join(("heed address keys", *keys)).encode()).hexdigest()


def check_keyring() -> None:
    """Hold this process's keyring against the database's, which keeps the first it sees.

    In the open transaction. A ring with new keys before all of the known ones is a rotation, and
    the database keeps that from now on. Raises ConfigError where it is any other: without a key
    that addresses are known by, every opt-out under it would be lost.
    """
    config: Config = current_app.extensions["heed"]
    settings.lock(SETTING)
    ring, known = config.address_keys, settings.read(SETTING).get("fingerprint")
    if known not in (None, *(fingerprint(ring[newer:]) for newer in range(len(ring)))):
        raise ConfigError(
            "HEED_ADDRESS_KEYS: this database was made with other address keys; with these, every "
            "opt-out in it would be lost. Set the keys it was made with (part of every backup); "
            "a new key goes before them, and they stay."
        )
    if known != fingerprint(ring):
        settings.write(SETTING, {"fingerprint": fingerprint(ring)})
        if known is not None:
            log.info("address_keys.rotated", keys=len(ring))
