"""Real servers for the tests: how they are started, waited for and ended; Valkey; a browser."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, NoReturn

import pytest

from webapp.core import valkey
from webapp.core.config import Config
from webapp.core.parent import die_with_parent

PATIENCE = 60.0  # seconds; two shared cores can be slow, and nothing waits this long when well
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Missing(Exception):
    """This machine lacks something; the text says what, and how to get it."""


def needs(error: Missing) -> NoReturn:
    """Skip for want of something, or fail where nothing may be wanting (CI)."""
    if os.environ.get("CI"):
        pytest.fail(str(error))
    pytest.skip(str(error))


def wait_until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait for a condition, looking often. Raises AssertionError that names `what`."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience:.0f} s for {what}")
        time.sleep(0.02)


def free_port() -> int:
    """Give a TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def free_port_row(count: int) -> int:
    """Give the first of so many ports in a row that nobody listens on at this moment."""
    while True:
        port = free_port()
        with ExitStack() as probes, suppress(OSError, OverflowError):
            for following in range(port + 1, port + count):
                probe = probes.enter_context(socket.socket())
                probe.bind(("127.0.0.1", following))
            return port


def launch(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    account: pwd.struct_passwd | None = None,
    output: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server that ends with this process at the latest, as `account` where given."""
    with warnings.catch_warnings():
        # What runs between fork and exec is one call to the kernel: no lock, no thread.
        warnings.simplefilter("ignore", DeprecationWarning)
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, os.getpid()),
        )


def end(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> None:
    """Stop a server, if need be by force."""
    process.send_signal(number)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def running_valkey(config: Config) -> Iterator[str]:
    """Run the embedded Valkey as Heed does; gives its URL."""
    server = launch(valkey.command(config), folder=valkey.data_folder(config))
    try:
        wait_until(lambda: valkey.answers(config), "Valkey")
        yield valkey.embedded_valkey_url(config)
    finally:
        end(server)
        folder = valkey.socket_path(config).parent
        if folder != valkey.data_folder(config):
            folder.rmdir()


def chromium() -> str:
    """Give the path of the browser. Raises Missing."""
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return found
    raise Missing("Chromium is missing (Debian: apt install chromium)")
