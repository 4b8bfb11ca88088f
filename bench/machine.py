"""Where and when a run was made: machine, versions, settings, commit."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.places import Place
from webapp.core.config import ROOT

PACKAGES = ("flask", "granian", "jinja2", "psycopg", "rq", "sqlalchemy", "werkzeug")
SETTINGS = {
    "postgresql": ("server_version", "fsync", "synchronous_commit", "shared_buffers", "work_mem"),
    "sqlite": ("journal_mode", "synchronous", "cache_size"),
}


def about() -> dict[str, Any]:
    """Give the date, the commit, the machine and the versions of what was measured."""
    commit = _git("rev-parse", "HEAD")
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit + ("" if not _git("status", "--porcelain") else " and changes"),
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        },
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            **{name: version(name) for name in PACKAGES},
        },
    }


def settings_of(places: Sequence[Place]) -> dict[str, str]:
    """Give how the database keeps and caches what is written, as it says itself."""
    place = places[0]
    ask = "SHOW" if place.postgres else "PRAGMA"
    with place.engine.connect() as connection:
        return {
            name: str(connection.execute(text(f"{ask} {name}")).scalar())
            for name in SETTINGS[place.database]
        }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _git(*words: str) -> str:
    said = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()
