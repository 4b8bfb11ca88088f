"""The address keys belong to the database."""

from __future__ import annotations

import pytest
from flask import Flask

from webapp.contacts.keyring import check_keyring
from webapp.core.config import Config, ConfigError
from webapp.core.db import transaction

pytestmark = pytest.mark.usefixtures("context")


def test_a_start_with_other_address_keys_is_refused(app: Flask) -> None:
    transaction(check_keyring)
    transaction(check_keyring)
    ours: Config = app.extensions["heed"]
    app.extensions["heed"] = ours.model_copy(update={"address_keys": ("another key of mine",)})
    try:
        with pytest.raises(ConfigError, match="HEED_ADDRESS_KEYS"):
            transaction(check_keyring)
    finally:
        app.extensions["heed"] = ours
