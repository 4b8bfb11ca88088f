"""A file that a command writes: whole or not at all, and never over another by accident."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


@contextmanager
def whole_file(path: str, *, force: bool) -> Iterator[IO[str]]:
    """Give a text file to write; `-` is standard output. At the end of the block it is at `path`.

    Until then it stands beside it under another name, and goes where the block raises. What was
    at `path` stays until it is replaced, which needs `force`. Raises Invalid where something is
    there already, or nothing can be written.
    """
    from webapp.core.errors import Invalid

    if path == "-":
        yield sys.stdout
        return
    target = Path(path)
    try:
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
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror or error}.") from None


def _refuse(target: Path, force: bool) -> None:
    from webapp.core.errors import Invalid

    if target.exists() and not force:
        raise Invalid(f"{target} is there already. Choose another name, or --force to replace it.")
