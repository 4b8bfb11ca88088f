"""A provider that writes down when each request begins: `python -m tests.fault.provider`.

A small server at the level of the wire, in a process of its own. It speaks the part of the Graph
API that Heed sends by (POST /<version>/<number id>/messages), and it is no easy partner: it is
slow at times, refuses some requests for now, and of some it takes the message and never answers.
Each request is a line in its log before it is answered. POST /control/report names messages whose
status is to be reported now; GET /control tells what is still to be done.
"""

from __future__ import annotations

import heapq
import json
import selectors
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import IO, Any

from tests.fault.arrival import receive, stamp
from tests.fault.callbacks import Callbacks, Taken
from webapp.core import clock

# How often a request meets each fate, of a thousand; the rest is taken and answered.
FATES = {"busy": 20, "throttled": 10, "cut off": 3, "gateway": 3, "slow": 20}
REFUSALS = {"busy": (500, 131000), "throttled": (429, 130429)}
NOT_ANSWERED = ("cut off", "gateway")


@dataclass(frozen=True)
class Manner:
    """How the provider behaves. `latency` in seconds, from and to; `reported` of a thousand that
    it took get their status callbacks as they come; without `fates` it takes everything."""

    heed: str
    secret: str
    number_id: str
    seed: int
    latency: tuple[float, float] = (0.02, 0.05)
    reported: int = 200
    fates: bool = True


class Connection:
    """One connection: what has come of a request that is not whole yet, and when it began."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.pending = b""
        self.begun = 0.0
        self.closed = False


class Provider:
    """The server: one thread that reads requests and answers each when its time has come."""

    def __init__(self, port: int, log: IO[str], manner: Manner) -> None:
        self.manner = manner
        self.log = log
        self.random = Random(manner.seed)
        self.callbacks = Callbacks(manner.heed, manner.secret, manner.number_id, manner.seed)
        self.taken: dict[int, list[Taken]] = {}
        self.open = 0
        self._count = 0
        self._order = 0
        self._due: list[tuple[float, int, Connection, bytes | None]] = []
        self._selector = selectors.DefaultSelector()
        listener = socket.create_server(("127.0.0.1", port), backlog=1024)
        stamp(listener)
        self._selector.register(listener, selectors.EVENT_READ)

    def serve(self) -> None:
        """Serve until the process ends."""
        self.callbacks.start()
        while True:
            wait = max(0.0, self._due[0][0] - clock.elapsed()) if self._due else 1.0
            for key, _ in self._selector.select(wait):
                if key.data is None:
                    self._accept(key.fileobj)
                else:
                    self._read(key.data)
            while self._due and self._due[0][0] <= clock.elapsed():
                _, _, connection, answer = heapq.heappop(self._due)
                self._answer(connection, answer)

    def _accept(self, listener: Any) -> None:
        sock, _ = listener.accept()
        sock.setblocking(False)
        self._selector.register(sock, selectors.EVENT_READ, Connection(sock))

    def _read(self, connection: Connection) -> None:
        try:
            data, at = receive(connection.sock)
        except OSError:
            data, at = b"", 0.0
        if not data:
            self._close(connection)
            return
        if not connection.pending:
            connection.begun = at
        connection.pending += data
        while not connection.closed and (end := whole(connection.pending)) is not None:
            request, connection.pending = connection.pending[:end], connection.pending[end:]
            self._take(connection, request)

    def _take(self, connection: Connection, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        if b" /control" in head[:40]:
            connection.sock.send(self._control(body))
            self._close(connection)
            return
        asked = json.loads(body)
        fate = self._fate()
        latency = self.random.uniform(*self.manner.latency)
        if fate == "slow":
            latency = self.random.uniform(0.3, 0.8)
        self._count += 1
        wamid = f"wamid.{self.manner.seed}.{self._count}"
        correlation = str(asked.get("biz_opaque_callback_data"))
        line = {
            "at": connection.begun,
            "to": str(asked.get("to")),
            "correlation": correlation,
            "fate": fate,
            "wamid": wamid,
        }
        self.log.write(json.dumps(line) + "\n")
        self.log.flush()
        self.open += 1
        self._plan(connection, latency, self._word(fate, asked, wamid))
        if fate not in REFUSALS:
            self._took(Taken(wamid, correlation, str(asked.get("to"))), fate)

    def _took(self, one: Taken, fate: str) -> None:
        """Keep what was taken. What got no answer is always reported, the rest in part."""
        self.taken.setdefault(int(one.correlation.partition("-")[0]), []).append(one)
        if fate in NOT_ANSWERED or self.random.randrange(1000) < self.manner.reported:
            self.callbacks.report(one)

    def _fate(self) -> str:
        drawn = self.random.randrange(1000) if self.manner.fates else 999
        for fate, share in FATES.items():
            drawn -= share
            if drawn < 0:
                return fate
        return "taken"

    def _word(self, fate: str, asked: dict[str, Any], wamid: str) -> bytes | None:
        """Give the answer; None closes the connection without one."""
        if fate == "cut off":
            return None
        if fate == "gateway":
            return answer(502, b"<html>bad gateway</html>")
        if fate in REFUSALS:
            status, code = REFUSALS[fate]
            error = {"message": f"(#{code}) Not now", "type": "OAuthException", "code": code}
            return answer(status, json.dumps({"error": error}).encode())
        document = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": asked.get("to"), "wa_id": asked.get("to")}],
            "messages": [{"id": wamid}],
        }
        return answer(200, json.dumps(document).encode())

    def _control(self, body: bytes) -> bytes:
        asked = json.loads(body or b"{}")
        found = [one for number in asked.get("report", ()) for one in self.taken.get(number, ())]
        for one in found:
            self.callbacks.report(one)
        state = {
            "open": self.open,
            "waiting": self.callbacks.waiting,
            "begun": self._count,
            "posted": self.callbacks.posted,
        }
        return answer(200, json.dumps(state).encode())

    def _plan(self, connection: Connection, delay: float, said: bytes | None) -> None:
        self._order += 1
        heapq.heappush(self._due, (clock.elapsed() + delay, self._order, connection, said))

    def _answer(self, connection: Connection, said: bytes | None) -> None:
        self.open -= 1
        if connection.closed:
            return
        try:
            if said is None:
                self._close(connection)
            else:
                connection.sock.send(said)
        except OSError:
            self._close(connection)

    def _close(self, connection: Connection) -> None:
        if not connection.closed:
            connection.closed = True
            self._selector.unregister(connection.sock)
            connection.sock.close()


def whole(data: bytes) -> int | None:
    """Give the length of the first request in `data`, or None while it is not all there."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return None
    said = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    length = int(said or 0)
    return len(head) + 4 + length if len(body) >= length else None


def answer(status: int, body: bytes) -> bytes:
    """Write an HTTP answer."""
    kind = b"application/json" if body.startswith(b"{") else b"text/html"
    head = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body)}\r\nContent-Type: "
    return head.encode() + kind + b"\r\n\r\n" + body


def command(port: int, log: Path, manner: Manner) -> list[str]:
    """Give the command that runs this provider."""
    told = json.dumps(asdict(manner))
    return [sys.executable, "-m", "tests.fault.provider", str(port), str(log), told]


def main(port: str, log: str, told: str) -> None:
    """Run until the process is ended."""
    with Path(log).open("w") as lines:
        Provider(int(port), lines, Manner(**json.loads(told))).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
