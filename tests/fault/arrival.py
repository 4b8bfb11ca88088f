"""When bytes arrived, by the kernel: no busy process makes them look later than they came.

Two processes on two cores look at their sockets when their turn comes, which may be tens of
milliseconds late. Linux notes on each packet when it came (socket(7), SO_TIMESTAMPNS); between
two sockets of one machine that is the moment of the other side's write. Elsewhere the moment of
reading has to do, which makes a request look later than it began, never earlier.
"""

from __future__ import annotations

import socket
import struct
import sys
import time

from webapp.core import clock

SO_TIMESTAMPNS = 35  # <asm-generic/socket.h>; Python has no name for it
SECOND = 1_000_000_000
ROOM = 65536
_STAMP = struct.Struct("qq")


def stamp(sock: socket.socket) -> None:
    """Ask the kernel to note when bytes come; sockets accepted by this one do so too."""
    if sys.platform == "linux":
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


def receive(sock: socket.socket) -> tuple[bytes, float]:
    """Read what has come; gives it, and when it came, in seconds of clock.elapsed()."""
    data, notes, _, _ = sock.recvmsg(ROOM, socket.CMSG_SPACE(_STAMP.size))
    for level, kind, content in notes:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS) and len(content) == _STAMP.size:
            seconds, nanoseconds = _STAMP.unpack(content)
            # The kernel stamps with the time of day: what has passed since then counts back.
            ago = (time.time_ns() - seconds * SECOND - nanoseconds) / SECOND
            return data, clock.elapsed() - ago
    return data, clock.elapsed()
