"""What must hold before anything is started; each failure is one line for the operator."""

from __future__ import annotations

import errno
import fcntl
import socket
from typing import IO

from webapp.core.config import Config, ConfigError


def split_bind(bind: str) -> tuple[str, int]:
    """Split `host:port`; an IPv6 host stands in brackets."""
    host, _, port = bind.rpartition(":")
    return host.strip("[]"), int(port)


def check_free(bind: str, setting: str) -> None:
    """Raise ConfigError that names `setting` where nothing can listen on `bind`."""
    host, port = split_bind(bind)
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            # As a server does it, so that a port left a moment ago counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigError(f"{setting}: {bind} is taken; choose another port") from None
        raise ConfigError(f"{setting}: cannot listen on {bind}: {error.strerror}") from None


def hold_data(config: Config) -> IO[str]:
    """Reserve the data folder for this process, until the file that it gives is closed.

    Raises ConfigError where another `heed up` holds it. The kernel frees it when a holder dies.
    """
    file = (config.data / "up.lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise ConfigError(f"HEED_DATA: another heed up runs on {config.data}") from None
    return file
