"""A file that a command writes: whole or not at all, and never over another by accident."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


@contextmanager
def whole_file(path: str, *, force: bool) -> Iterator[IO[str]]:
    """Give a text file to write, in UTF-8. At the end of the block it is at `path`.

    Until then it stands beside it under another name, and goes where the block raises. What was
    at `path` stays until it is replaced, which needs `force`; of a symbolic link, what it leads
    to. Standard output (`-`, /dev/stdout), pipes and character devices are written as they are.
    Raises Invalid where something is there already, or nothing can be written.
    """
    from webapp.core.errors import Invalid

    if _is_standard_output(path):
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # whatever the locale says
        yield sys.stdout
        return
    try:
        with _as_it_is(path) if _is_stream(path) else _beside(path, force) as file:
            yield file
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror or error}.") from None


def _is_standard_output(path: str) -> bool:
    """Tell whether a path is standard output, by whichever name."""
    try:
        return path == "-" or os.path.samestat(os.stat(path), os.fstat(1))
    except OSError:
        return False


def _is_stream(path: str) -> bool:
    """Tell whether a path leads to a pipe or a character device, which nothing may replace."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def _as_it_is(path: str) -> IO[str]:
    return open(os.open(path, os.O_WRONLY), "w", encoding="utf-8")


@contextmanager
def _beside(path: str, force: bool) -> Iterator[IO[str]]:
    """Give a file beside that of `path`, which it becomes at the end of the block."""
    target = Path(os.path.realpath(path))
    _refuse(target, force)
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=target.parent, prefix=f".{target.name}.", delete=False
    ) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _refuse(target, force)  # also what came meanwhile
            os.replace(file.name, target)
        except BaseException:
            os.unlink(file.name)
            raise


def _refuse(target: Path, force: bool) -> None:
    from webapp.core.errors import Invalid

    if target.exists() and not target.is_file():
        raise Invalid(f"{target} is no file.")
    if target.exists() and not force:
        raise Invalid(f"{target} is there already. Choose another name, or --force to replace it.")
