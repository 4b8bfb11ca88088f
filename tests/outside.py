"""A running Heed as the world around it meets it: its API, its customers' phones, its Redis."""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Flask
from redis import Redis

from tests.heed import running_heed
from tests.servers import wait_until
from webapp import migrate
from webapp.accounts.rules import Role
from webapp.accounts.service import create_token
from webapp.core import queue
from webapp.core.config import Config, load_config
from webapp.core.db import db, transaction
from webapp.core.valkey import embedded_valkey_url
from webapp.demo import SIGN_INS, load
from webapp.outbox.rules import ENDS

CONTACTS = 40
PASSWORDS = {role: (email, password) for role, email, password in SIGN_INS}
EVIDENCE = {"how": "web form", "where": "checkout", "wording": "Send me offers"}
# Lines of the United States that the demo's contacts have none of.
NUMBERS = (f"+16505551{number:03}" for number in itertools.count())


class Reply(NamedTuple):
    """What a server answered; `body` is the JSON, read."""

    status: int
    body: Any


@dataclass(frozen=True)
class Caller:
    """Calls one server with JSON."""

    base: str
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None) -> Reply:
        """Send a request and give the answer, whatever its status."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Reply(answer.status, json.loads(answer.read()))
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, json.loads(error.read() or b"null"))

    def get(self, path: str, **query: Any) -> Any:
        """GET what must be there."""
        return self._right(self.ask("GET", f"{path}?{urlencode(query)}"))

    def post(self, path: str, body: Any) -> Any:
        """POST what must be taken."""
        return self._right(self.ask("POST", path, body))

    def put(self, path: str, body: Any) -> Any:
        """PUT what must be taken."""
        return self._right(self.ask("PUT", path, body))

    @staticmethod
    def _right(reply: Reply) -> Any:
        assert 200 <= reply.status < 300, reply
        return reply.body


@dataclass(frozen=True)
class Customer:
    """Somebody with a phone, who is a contact."""

    id: int
    name: str
    phone: str

    @property
    def switch(self) -> str:
        """The accessible name of their WhatsApp toggle."""
        return f"WhatsApp consent of {self.name}"


class Outside:
    """Everything around a Heed that has a small demo; `tokens` by role. Start it, then stop it."""

    def __init__(self, data: Path, settings: Mapping[str, str]) -> None:
        self.data = data
        self.tokens = seed(data)
        self._settings = settings
        self._running = ExitStack()

    def start(self) -> None:
        """Run all of Heed, on ports of its own."""
        run = running_heed(self.data, demo=True, settings=self._settings)
        self.heed = self._running.enter_context(run)

    def stop(self) -> int:
        """Stop all of Heed as Ctrl-C does; gives the exit code."""
        self.close()
        return self.heed.process.returncode

    def close(self) -> None:
        """Stop what runs, if anything does."""
        self._running.close()

    @property
    def config(self) -> Config:
        """The settings that all of its processes share."""
        return load_config(data=self.data, demo=True)

    @property
    def api(self) -> Caller:
        """The API, as an admin's token sees it."""
        return Caller(f"{self.heed.url}/api/v1", self.tokens["admin"])

    @property
    def sandbox(self) -> Caller:
        """The control of the sandbox."""
        return Caller(f"{self.heed.sandbox_url}/sandbox")

    @contextmanager
    def redis(self) -> Iterator[Redis]:
        """A client of the embedded Valkey."""
        with Redis.from_url(embedded_valkey_url(self.config), decode_responses=True) as client:
            yield client

    def customer(self, name: str, *, wrote: bool = False, tags: Sequence[str] = ()) -> Customer:
        """Add a contact with a number of their own; `wrote`: they may be answered freely."""
        phone = next(NUMBERS)
        reply = self.api.ask("POST", "/contacts", {"name": name, "phone": phone, "tags": [*tags]})
        assert reply.status == 201, reply
        customer = Customer(reply.body["id"], name, phone)
        if wrote:
            self.say(customer, "Hello, is the shop open today?")
        return customer

    def say(self, customer: Customer, text: str) -> None:
        """Write as this customer, and wait until Heed has taken it."""
        self.sandbox.post("/reply", {"from": customer.phone, "text": text, "name": customer.name})
        wait_until(lambda: self.sandbox.get("/webhooks")["waiting"] == 0, f"{text!r} to arrive")

    def consent(self, customer: Customer, state: str, **more: Any) -> Any:
        """Opt a customer in or out of WhatsApp by API."""
        wish = {"channel": "whatsapp", "address": customer.phone, "state": state, **more}
        return self.api.put("/consents", wish)

    def state(self, customer: Customer) -> str:
        """Give a customer's WhatsApp consent."""
        items = self.api.get("/consents", address=customer.phone)["items"]
        return str(next(item["state"] for item in items if item["channel"] == "whatsapp"))

    def send(self, customer: Customer, text: str, at: datetime | None = None) -> int:
        """Send a text on WhatsApp, now or later; gives the message's id."""
        body = {"channel": "whatsapp", "contact_id": customer.id, "text": text}
        sent = self.api.post("/messages", body if at is None else {**body, "send_at": str(at)})
        return int(sent["id"])

    def message(self, message_id: int) -> Any:
        """Give what became of a message."""
        return self.api.get(f"/messages/{message_id}")

    def wait_for_end(self, message_id: int) -> Any:
        """Wait until a message has ended, and give it."""
        last: dict[str, Any] = {}

        def ended() -> bool:
            last.update(self.message(message_id))
            return last["status"] in ENDS

        wait_until(ended, f"the end of message {message_id}")
        return last

    def phone_shows(self, customer: Customer) -> list[str]:
        """Give the texts that arrived on a customer's phone, oldest first."""
        return [message["text"] for message in self.arrived(customer)]

    def arrived(self, customer: Customer) -> list[Any]:
        """Give what arrived on a customer's phone, oldest first; `at` is when."""
        items = self.sandbox.get("/messages", to=customer.phone)["items"]
        return [message for message in items if message["status"] != "failed"]

    @contextmanager
    def rows(self) -> Iterator[sqlite3.Connection]:
        """Its database, for what no page or call shows; commits."""
        path = self.data / "heed.sqlite"
        with closing(sqlite3.connect(path, timeout=30)) as database, database:
            yield database

    def processes(self, part: str = "") -> set[int]:
        """Give the ids of its processes whose command has this part: all that know its folder."""
        found = set()
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and int(process.name) != os.getpid():
                with suppress(OSError):  # it has just ended
                    command = (process / "cmdline").read_bytes().replace(b"\0", b" ")
                    if part.encode() in command and self._is_ours(process):
                        found.add(int(process.name))
        return found

    def _is_ours(self, process: Path) -> bool:
        """Tell by a process's environment; Valkey overwrites its own, but works in our folder."""
        told = f"HEED_DATA={self.data}".encode() in (process / "environ").read_bytes().split(b"\0")
        return told or (process / "cwd").readlink().is_relative_to(self.data)


def seed(data: Path) -> dict[str, str]:
    """Lay a small demo in a fresh data folder, which `heed up --demo` then keeps; gives tokens."""
    config = load_config(data=data, demo=True, argon2_profile="cheapest")
    migrate.upgrade(config.database_url)
    # No whole app: the one under test in this process must keep its limiter.
    app = Flask("seed")
    app.extensions["heed"] = config
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    db.init_app(app)
    queue.init_app(app, embedded_valkey_url(config))
    with app.app_context():
        load(CONTACTS)
        made = transaction(lambda: {role: create_token(f"a {role}", role)[1] for role in Role})
        db.engine.dispose()
    return {role.value: secret for role, secret in made.items()}


@contextmanager
def outside(data: Path, **settings: str) -> Iterator[Outside]:
    """Run all of Heed with a small demo until the block ends, and stand outside of it."""
    world = Outside(data, settings)
    try:
        world.start()
        yield world
    finally:
        world.close()
