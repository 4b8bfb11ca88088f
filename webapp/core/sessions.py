"""Flask's signed sessions, with what signs them made once and not twice a request."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


class Sessions(SecureCookieSessionInterface):
    """The session in a signed cookie, of one app."""

    _made: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        """Give what signs and reads the cookie."""
        if self._made is None:
            self._made = super().get_signing_serializer(app)
        return self._made
