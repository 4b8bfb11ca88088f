"""Making rows in a process of its own, while this one inserts what was made before."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection

from webapp.core.parent import die_with_parent
from webapp.demo.making import Batch, Plan, batches

# Below that a process costs more than it saves.
WORTH_A_PROCESS = 10_000


def batches_apart(plan: Plan, *, postgres: bool) -> Iterator[Batch]:
    """Give what `making.batches` gives, made by a new process, one batch ahead.

    It is a fresh interpreter, so it has none of our connections, and ends when we do. Raises
    EOFError where it failed; it has said why on stderr.
    """
    ours, theirs = get_context("spawn").Pipe(duplex=False)
    maker = get_context("spawn").Process(
        target=_make, args=(theirs, os.getpid(), plan, postgres), daemon=True
    )
    maker.start()
    theirs.close()
    try:
        while (batch := ours.recv()) is not None:
            yield batch
    finally:
        ours.close()
        maker.join()


def _make(out: Connection, parent: int, plan: Plan, postgres: bool) -> None:
    """Send all batches, then None. A full pipe holds this up until its reader is ready."""
    die_with_parent(parent)
    gc.disable()  # rows refer to each other in one direction only
    try:
        for batch in batches(plan, postgres=postgres):
            out.send(batch)
        out.send(None)
    except BrokenPipeError:
        return  # nobody wants them any more
