"""Faults on demand, so that tests and demos can see what Heed makes of them."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Behaviour:
    """How the next sends are answered.

    `latency_ms` before each answer. `error_code`: one of Meta's codes (for SMS, of Twilio's), in
    the answer or, on WhatsApp with `as_status`, as a failed status after a 200. `http_status`: that status with a page that is
    no JSON, as a gateway gives it. `drop`: the connection is cut without an answer; `taken`
    says whether the message had been taken all the same (so for `http_status`).
    `times`: for how many sends the fault lasts, None for ever; latency and `status_delay_ms`
    (until a message is reported delivered) stay until they are set anew.
    """

    latency_ms: int = 0
    status_delay_ms: int = 300
    error_code: int | None = None
    http_status: int | None = None
    drop: bool = False
    taken: bool = False
    as_status: bool = False
    times: int | None = None

    @property
    def faulty(self) -> bool:
        """Whether anything goes wrong."""
        return self.drop or self.error_code is not None or self.http_status is not None


class Switchboard:
    """Holds the behaviour of this process; any thread may ask or set."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = Behaviour()

    def set(self, wanted: dict[str, Any]) -> Behaviour:
        """Replace the behaviour. Raises ValueError for a name or value that is none."""
        names = {one.name: one for one in dataclasses.fields(Behaviour)}
        for name, value in wanted.items():
            if name not in names:
                raise ValueError(f"{name} is not one of {', '.join(names)}")
            flag = isinstance(names[name].default, bool)
            optional = names[name].default is None
            fits = isinstance(value, bool) if flag else type(value) is int and value >= 0
            if not fits and not (optional and value is None):
                raise ValueError(f"{name} takes {'true or false' if flag else 'a whole number'}")
        with self._lock:
            self._now = Behaviour(**wanted)
            return self._now

    def show(self) -> Behaviour:
        """Give the behaviour as it is."""
        return self._now

    def take(self) -> Behaviour:
        """Give the behaviour for one send, and count it."""
        with self._lock:
            now = self._now
            if now.faulty and now.times is not None:
                left = now.times - 1
                healthy = Behaviour(now.latency_ms, now.status_delay_ms)
                self._now = dataclasses.replace(now, times=left) if left > 0 else healthy
                if now.times <= 0:
                    now = healthy
            return now
