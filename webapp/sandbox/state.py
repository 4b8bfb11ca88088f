"""The parts of one running sandbox, reached from a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from webapp.core.config import Config
from webapp.sandbox.behaviour import Switchboard
from webapp.sandbox.deliveries import Deliveries
from webapp.sandbox.notices import Business
from webapp.sandbox.store import Store, open_store


@dataclass(frozen=True)
class Sandbox:
    """The database, who the business is, the way back to Heed, and the faults asked for.

    `token` and `verify_token` are Meta's, `account_sid`, `auth_token` and `sms_from` Twilio's.
    """

    store: Store
    business: Business
    token: str
    verify_token: str
    deliveries: Deliveries
    switchboard: Switchboard
    account_sid: str
    auth_token: str
    sms_from: str
    sms_switchboard: Switchboard

    @classmethod
    def from_config(cls, config: Config) -> Sandbox:
        """Put the parts together; nothing runs yet."""
        store = open_store(config)
        # To listen on 0.0.0.0 is to listen everywhere; as a destination it means nothing.
        heed = config.public_url.replace("//0.0.0.0", "//127.0.0.1").replace("//[::]", "//[::1]")
        callback = f"{heed}/webhooks/whatsapp"
        return cls(
            store=store,
            business=Business(config.whatsapp_business_id, config.whatsapp_phone_number_id),
            token=config.whatsapp_token,
            verify_token=config.whatsapp_verify_token,
            deliveries=Deliveries(store, callback, config.whatsapp_app_secret),
            switchboard=Switchboard(),
            account_sid=config.twilio_account_sid,
            auth_token=config.twilio_auth_token,
            sms_from=config.twilio_from,
            sms_switchboard=Switchboard(),
        )


def sandbox() -> Sandbox:
    """Give the sandbox of the request at hand."""
    return cast(Sandbox, current_app.extensions["sandbox"])
