"""The provider's status callbacks: signed, several in a post, some late, some repeated."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from random import Random
from typing import Any

from webapp.core import clock

AT_ONCE = 40
PACE = 0.25  # seconds between two posts
LATE, LATE_BY = 100, (2.0, 6.0)  # of a thousand, seconds
REPEATED = 50  # of a thousand posts
PATIENCE = 30.0


@dataclass(frozen=True)
class Taken:
    """A message that the provider took: its own id, Heed's word for it, the number."""

    wamid: str
    correlation: str
    to: str


class Callbacks:
    """Posts statuses to Heed from a thread, each until it is taken, as Meta does."""

    def __init__(self, heed: str, secret: str, number_id: str, seed: int) -> None:
        self.url = f"{heed}/webhooks/whatsapp"
        self.secret = secret
        self.number_id = number_id
        self.posted = 0
        self._random = Random(seed + 1)
        self._lock = threading.Lock()
        self._due: list[tuple[float, Taken]] = []
        self._busy = 0

    @property
    def waiting(self) -> int:
        """How many messages have a status that Heed has not taken yet."""
        with self._lock:
            return len(self._due) + self._busy

    def start(self) -> None:
        """Begin to post."""
        threading.Thread(target=self._run, daemon=True).start()

    def report(self, one: Taken) -> None:
        """Report on a message soon: that it was sent and delivered, in whatever order."""
        late = self._random.randrange(1000) < LATE
        delay = self._random.uniform(*LATE_BY) if late else self._random.uniform(0.05, 1.0)
        with self._lock:
            self._due.append((clock.elapsed() + delay, one))

    def _run(self) -> None:
        while True:
            time.sleep(PACE)
            while some := self._ready():
                body = self._body(some)
                for _ in range(2 if self._random.randrange(1000) < REPEATED else 1):
                    self._post(body)
                with self._lock:
                    self._busy = 0

    def _ready(self) -> list[Taken]:
        now = clock.elapsed()
        with self._lock:
            some = [entry for entry in self._due if entry[0] <= now][:AT_ONCE]
            for entry in some:
                self._due.remove(entry)
            self._busy = len(some)
        return [one for _, one in some]

    def _body(self, some: list[Taken]) -> bytes:
        statuses = [status(one, word) for one in some for word in ("sent", "delivered")]
        self._random.shuffle(statuses)
        return envelope(self.number_id, statuses=statuses)

    def _post(self, body: bytes) -> None:
        """Post until it is taken, however long Heed or its database is away."""
        request = urllib.request.Request(self.url, body, signed(self.secret, body))
        while True:
            try:
                with urllib.request.urlopen(request, timeout=PATIENCE):
                    self.posted += 1
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)


def status(one: Taken, word: str) -> dict[str, Any]:
    """Give one entry of `statuses`."""
    return {
        "id": one.wamid,
        "status": word,
        "timestamp": str(int(time.time())),
        "recipient_id": one.to,
        "biz_opaque_callback_data": one.correlation,
    }


def envelope(number_id: str, **value: Any) -> bytes:
    """Give the body of a notification about one business number."""
    metadata = {"display_phone_number": "15550783881", "phone_number_id": number_id}
    whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    entry = {"id": "102290129340398", "changes": [{"field": "messages", "value": whole}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def signed(secret: str, body: bytes) -> dict[str, str]:
    """Give the headers under which Heed takes a body."""
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
