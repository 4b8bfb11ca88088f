"""A guard: no test talks to another machine, whatever library it talks through."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

attempts: list[str] = []
"""The addresses of other machines that were asked for since the guard last looked."""


class NotLocal(AssertionError):
    """A test wanted to reach another machine."""


def _is_local(host: object, *, look_up: bool) -> bool:
    """Tell whether this stays here; to look an address up that is one already does."""
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if not isinstance(host, str) or host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback or look_up
    except ValueError:
        return False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        # The address of a unix socket is a path.
        host = arguments[1][0] if isinstance(arguments[1], tuple) else ""
    else:
        return
    if not _is_local(host, look_up=event == "socket.getaddrinfo"):
        attempts.append(f"{event} {host}")
        raise NotLocal(attempts[-1])


def guard() -> None:
    """Refuse connections and look-ups that leave this machine, for the rest of this process."""
    # An audit hook sees what every library does with Python's sockets, and cannot be undone.
    sys.addaudithook(_watch)
