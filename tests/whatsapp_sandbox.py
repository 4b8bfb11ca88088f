"""A sandbox on a real port, and somebody in Heed's place who takes its webhooks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.serving import make_server

from tests.servers import wait_until
from webapp.core.config import Config, load_config
from webapp.sandbox import create_sandbox
from webapp.webhooks.whatsapp_items import AnyItem
from webapp.webhooks.whatsapp_payload import parse, verify_signature

OFFER = {
    "name": "offer",
    "language": "en_US",
    "category": "marketing",
    "header": "Sale",
    "body": "Hi {{1}}, {{2}} off.",
    "footer": "Tap Stop to stop",
    "buttons": ["Stop promotions", {"text": "Shop", "type": "URL", "url": "https://example.org"}],
}
UPDATE = {
    "name": "order_update",
    "language": "en_US",
    "category": "utility",
    "body": "Order {{1}} is on its way.",
}


def settings(data: Path, **more: Any) -> Config:
    """Give the settings of a demo in this folder."""
    return load_config(data=data, demo=True, **more)


@dataclass
class Receiver:
    """Takes webhooks as Heed does: checks the signature, reads the items, answers."""

    secret: str
    answers: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    items: list[AnyItem] = field(default_factory=list)

    def take(self) -> Response:
        """Answer one request; `answers` holds statuses to give before all is well."""
        if request.method == "GET":
            return Response(request.args["hub.challenge"])
        body = request.get_data()
        assert verify_signature(self.secret, body, request.headers["X-Hub-Signature-256"])
        self.bodies.append(body)
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.items += parse(body)
        return Response(status=status)

    def wait(self, count: int) -> list[AnyItem]:
        """Wait for that many items, and give all."""
        wait_until(lambda: len(self.items) >= count, f"{count} items, after {self.items}", 20)
        return self.items


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an app on a free port; gives its base address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def received(secret: str) -> Iterator[tuple[Receiver, str]]:
    """Run somebody in Heed's place; gives them, and their host and port."""
    receiver = Receiver(secret)
    app = Flask("heed")
    app.add_url_rule("/webhooks/whatsapp", "take", receiver.take, methods=["GET", "POST"])
    with served(app) as bind:
        yield receiver, bind


@contextmanager
def delivering(app: Flask) -> Iterator[Flask]:
    """Let a sandbox deliver its webhooks."""
    deliveries = app.extensions["sandbox"].deliveries
    deliveries.start()
    try:
        yield app
    finally:
        deliveries.stop()


def build(data: Path, **more: Any) -> tuple[Flask, Config]:
    """Build a sandbox that does not deliver, with its settings."""
    config = settings(data, **more)
    app = create_sandbox(config)
    app.testing = True
    return app, config
