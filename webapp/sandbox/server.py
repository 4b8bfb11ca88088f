"""Running the sandbox as a server of its own."""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from webapp.core.config import Config, ConfigError
from webapp.core.preflight import split_bind
from webapp.sandbox.app import create_sandbox
from webapp.sandbox.guard import is_loopback
from webapp.sandbox.smtp import taking_mail


class _Quiet(WSGIRequestHandler):
    """A handler that does not write a line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def serve(config: Config) -> None:
    """Serve the sandbox at `HEED_SANDBOX_BIND`, and take email at `HEED_SANDBOX_SMTP_BIND`, until
    a signal asks to stop.

    Raises ConfigError where an address is taken, or open to others and HEED_SANDBOX_PUBLIC does
    not say that it may be: whoever reaches the sandbox can write as any customer.
    """
    for setting in ("sandbox_bind", "sandbox_smtp_bind"):
        _near(config, setting)
    host, port = split_bind(config.sandbox_bind)
    app = create_sandbox(config)
    try:
        server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
    except (OSError, SystemExit) as error:  # werkzeug exits where the address is taken
        raise ConfigError(f"HEED_SANDBOX_BIND: cannot listen on {config.sandbox_bind}") from error
    signal.signal(signal.SIGTERM, _stop)
    deliveries = app.extensions["sandbox"].deliveries
    try:
        with taking_mail(app.extensions["sandbox"].store, config.sandbox_smtp_bind):
            deliveries.start()
            with suppress(KeyboardInterrupt):
                server.serve_forever()
    finally:
        server.server_close()
        deliveries.stop()


def _near(config: Config, setting: str) -> None:
    bind: str = getattr(config, setting)
    if not is_loopback(split_bind(bind)[0]) and not config.sandbox_public:
        raise ConfigError(
            f"HEED_{setting.upper()}: {bind} is open to other machines and the sandbox"
            " has no sign-in; use 127.0.0.1, or set HEED_SANDBOX_PUBLIC=1"
        )


def _stop(number: int, frame: Any) -> None:
    raise KeyboardInterrupt
