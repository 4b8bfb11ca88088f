"""Delivering webhooks: one thread that looks, a few that post, signed as Meta signs."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import chain
from typing import Any
from urllib.parse import urlencode, urlsplit

from webapp.sandbox import queue
from webapp.sandbox.store import Store

ANSWER_TIMEOUT = 10.0
IDLE = 1.0
SENDERS = 4
BATCH = 64


class Deliveries:
    """Posts what is queued to one address until each was answered with 200."""

    def __init__(self, store: Store, callback: str, app_secret: str) -> None:
        """`callback` is the full address of Heed's webhook; `app_secret` signs."""
        self.callback = callback
        self._store = store
        self._secret = app_secret.encode()
        self._wake = threading.Event()
        self._ending = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to deliver, also what waited from before."""
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="deliveries", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the posts in hand; the rest waits for the next start."""
        self._ending = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(ANSWER_TIMEOUT + IDLE)
            self._thread = None

    def wake(self) -> None:
        """Look now: something was queued."""
        self._wake.set()

    def verify(self, token: str) -> bool:
        """Ask the callback for Meta's handshake; True where it repeats the challenge."""
        challenge = str(time.time_ns())
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}
        try:
            status, body = self._ask("GET", "?" + urlencode(query), None, {})
        except (OSError, http.client.HTTPException):
            return False
        return status == 200 and body == challenge.encode()

    def _run(self) -> None:
        with ThreadPoolExecutor(SENDERS, "sender") as pool:
            while not self._ending:
                self._wake.clear()
                with self._store.read() as db:
                    batch = queue.due(db, time.time(), BATCH)
                if batch:
                    self._note(chain.from_iterable(pool.map(self._send_all, batch.values())))
                else:
                    self._wake.wait(self._pause())

    def _note(self, results: Iterable[tuple[dict[str, Any], str]]) -> None:
        """Write down what became of a batch. After a crash before this it is delivered again."""
        noted = list(results)
        with self._store.write() as db:
            for row, problem in noted:
                if problem:
                    queue.failed(db, row, problem, time.time())
                else:
                    queue.delivered(db, row["id"])

    def _pause(self) -> float:
        now = time.time()
        with self._store.read() as db:
            moment = queue.next_due(db, now)
        return IDLE if moment is None else min(moment - now, IDLE)

    def _send_all(self, rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
        """Send one phone's webhooks in order; the first that fails holds the others back."""
        results: list[tuple[dict[str, Any], str]] = []
        for row in rows:
            if self._ending or (results and results[-1][1]):
                break
            results.append((row, self._send(row["body"])))
        return results

    def _send(self, body: bytes) -> str:
        """Post one webhook; give what went wrong, or nothing."""
        signature = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": f"sha256={signature}",
            "User-Agent": "Heed-Sandbox",
        }
        try:
            status, _ = self._ask("POST", "", body, headers)
        except (OSError, http.client.HTTPException) as error:
            return f"{type(error).__name__}: {error}"[:200]
        return "" if status == 200 else f"HTTP {status}"

    def _ask(
        self, method: str, query: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        url = urlsplit(self.callback)
        secure = url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        with closing(kind(url.hostname or "", url.port, timeout=ANSWER_TIMEOUT)) as connection:
            connection.request(method, url.path + query, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read(65_536)
