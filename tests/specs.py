"""Providers' own OpenAPI files, where they are at hand, and a mock server that judges by one."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import free_port, wait_until

DATA = Path(os.environ.get("HEED_TEST_DATA") or Path(__file__).resolve().parents[2] / "shared/data")
SPECS = DATA / "specs"
PRISM = shutil.which("prism")


def judged_by(spec: Path) -> list[pytest.MarkDecorator]:
    """Give the marks of tests that ask a mock server of this file: skipped where it cannot run."""
    return [
        pytest.mark.slow,
        pytest.mark.skipif(
            PRISM is None, reason="no prism on the path (npm: @stoplight/prism-cli)"
        ),
        pytest.mark.skipif(not spec.is_file(), reason=f"no {spec} (HEED_TEST_DATA names another)"),
    ]


@contextmanager
def mocked(spec: Path) -> Iterator[str]:
    """Run a server that refuses with 422 what does not fit the file; gives its base address."""
    port = free_port()
    process = subprocess.Popen(
        [str(PRISM), "mock", "-h", "127.0.0.1", "-p", str(port), "--errors", str(spec)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(lambda: _answers(port), "the mock to listen")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
