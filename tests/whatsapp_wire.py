"""A server at the level of the wire, for what a well-behaved HTTP server cannot do."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from tests.servers import wait_until

Reply = Callable[[socket.socket], None]


def says(status: int, body: Any = b"", *, headers: str = "") -> Reply:
    """Answer with a status and a body: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(content)}\r\n{headers}\r\n"
    return lambda sock: sock.sendall(head.encode() + content)


def accepts(wamid: str = "wamid.1", **more: str) -> Reply:
    """Answer as WhatsApp does when it takes a message."""
    return says(
        200,
        {
            "messaging_product": "whatsapp",
            "contacts": [{"input": "16505551234", "wa_id": "16505551234"}],
            "messages": [{"id": wamid, **more}],
        },
    )


def refuses(code: int, status: int = 400, **more: Any) -> Reply:
    """Answer with one of WhatsApp's error bodies."""
    error = {"message": f"(#{code}) No", "type": "OAuthException", "code": code, **more}
    return says(status, {"error": error})


def cuts_off(sock: socket.socket) -> None:
    """Close without an answer."""
    sock.shutdown(socket.SHUT_RDWR)


class Wire:
    """Listens on a free port and answers each request with the next reply; keeps what came.

    `received` holds all bytes of each connection, `bodies` each request's in order, and
    `requests` those of JSON, read. `knock` answers each HEAD, by which a provider's client sees
    that connections stand, as often as it asks; without it a HEAD gets the next reply.
    """

    def __init__(self, *replies: Reply, knock: Reply | None = None) -> None:
        self.replies = list(replies)
        self.knock = knock
        self.received: list[bytes] = []
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.requests: list[dict[str, Any]] = []
        self.asked = threading.Event()
        self.released = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._socket.getsockname()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []

    @property
    def url(self) -> str:
        """The base address, as HEED_WHATSAPP_API_URL has it."""
        return f"http://127.0.0.1:{self.address[1]}/v23.0"

    def __enter__(self) -> Wire:
        self._run(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.released.set()
        for sock in (self._socket, *self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(5)

    def all_bytes(self) -> bytes:
        """Give everything that ever came, once a client has connected and gone again."""
        wait_until(lambda: len(self._threads) > 1, "a connection", 10)
        for thread in self._threads[1:]:
            thread.join(10)
            assert not thread.is_alive()
        return b"".join(self.received)

    def hangs(self, sock: socket.socket) -> None:
        """Give no answer until the wire is released."""
        self.released.wait(30)

    def waits(self, reply: Reply) -> Reply:
        """Answer with `reply`, but not before the wire is released."""

        def later(sock: socket.socket) -> None:
            self.released.wait(30)
            reply(sock)

        return later

    def _run(self, target: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            self._sockets.append(sock)
            self.received.append(b"")
            self._run(self._serve, sock, len(self.received) - 1)

    def _serve(self, sock: socket.socket, index: int) -> None:
        pending = b""
        try:
            while data := sock.recv(65536):
                self.received[index] += data
                pending += data
                while (request := _whole(pending)) is not None:
                    pending = pending[request:]
                    self._answer(sock, self.received[index])
        except OSError:
            return

    def _answer(self, sock: socket.socket, seen: bytes) -> None:
        head, _, body = seen.rpartition(b"\r\n\r\n")
        if self.knock and head.rpartition(b"\r\n\r\n")[2].startswith(b"HEAD "):
            return self.knock(sock)
        self.heads.append(head.decode())
        self.bodies.append(body)
        if b"Content-Type: application/json" in head.rpartition(b"\r\n\r\n")[2]:
            self.requests.append(json.loads(body))
        self.asked.set()
        self.replies.pop(0)(sock)


def _whole(data: bytes) -> int | None:
    """Give the length of the first request in `data`, or None while it is incomplete."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return None
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
    return len(head) + 4 + length if len(body) >= length else None
