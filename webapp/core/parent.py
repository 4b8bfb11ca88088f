"""A process that ends when its parent does, however that ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

# The request's number in Linux' <linux/prctl.h>.
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process as soon as `parent` (a process id) is gone.

    Linux only; elsewhere it does nothing. SIGKILL, because nobody is left who could insist after
    a milder signal: whatever a process does here must survive that anyway. Fit to run between
    fork and exec; it outlives the exec.
    """
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # It may have ended before the request was made.
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
