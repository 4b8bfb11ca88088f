"""A relay before a server that can leave new connections hanging, as a network does."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

LOOK_AGAIN = 0.02  # seconds
ROOM = 128


class Relay:
    """Passes TCP connections on to `port` of this machine; `url` is its own address.

    While it is held, whoever connects waits for the connection to stand: Linux lets a handshake
    hang as long as the listener's queue is full, and tries it again after 1, 3 and 7 seconds.
    """

    def __init__(self) -> None:
        self.port = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=ROOM)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads: list[threading.Thread] = []
        self._going = threading.Event()
        self._resting = threading.Event()
        self._ended = False
        self._going.set()
        self._start(self._accept)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no new connection stand until the block ends."""
        self._going.clear()
        self._resting.wait()
        self._listener.listen(0)
        fillers = self._fill()
        try:
            yield
        finally:
            self._listener.listen(ROOM)
            for filler in fillers:
                filler.close()
            self._resting.clear()
            self._going.set()

    def close(self) -> None:
        """Take no more connections, and wait for the end of those that stand."""
        self._ended = True
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _fill(self) -> list[socket.socket]:
        """Connect until a connection hangs; gives those that stand in the queue."""
        fillers: list[socket.socket] = []
        while True:
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(self._listener.getsockname())
            if not select.select([], [filler], [], 0.1)[1]:
                filler.close()
                return fillers
            fillers.append(filler)

    def _accept(self) -> None:
        while not self._ended:
            if not self._going.is_set():
                self._resting.set()
                self._going.wait()
            if select.select([self._listener], [], [], LOOK_AGAIN)[0]:
                caller, _ = self._listener.accept()
                self._start(self._pass_on, caller)

    def _pass_on(self, caller: socket.socket) -> None:
        with (
            caller,
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port)) as server,
        ):
            ends = {caller: server, server: caller}
            while ends and not self._ended:
                for one in select.select(list(ends), [], [], LOOK_AGAIN)[0]:
                    if data := one.recv(65536):
                        ends[one].sendall(data)
                        continue
                    # One side has said all; the other may still answer.
                    ends.pop(one).shutdown(socket.SHUT_WR)

    def _start(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()


@contextmanager
def relay() -> Iterator[Relay]:
    """Run a relay until the block ends."""
    running = Relay()
    try:
        yield running
    finally:
        running.close()
