"""A real Chromium, and the app behind a real port."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server

from tests.servers import CHROMIUM_FLAGS, Missing, chromium, needs

# Wide enough that everything stands side by side.
DESK: dict[str, Any] = {
    "locale": "en-GB",
    "timezone_id": "Europe/Berlin",
    "viewport": {"width": 1440, "height": 900},
}
TIMEOUT = 20_000  # milliseconds for anything on a page; machines are shared


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder."""
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file of tests.

    Not for the whole run: while it is open, its event loop counts as running in this thread, and
    a test that runs one of its own (deliveries do) would fail. Run such work in a thread here.
    """
    try:
        path = chromium()
    except Missing as error:
        needs(error)
    with sync_playwright() as playwright:
        expect.set_options(timeout=TIMEOUT)
        launched = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def live_url(app: Flask) -> Iterator[str]:
    """The address of the app under test, served from a thread."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """What opens a page in a context of its own, with the context's options.

    What the console of any of them calls an error, and so a breach of the
    Content-Security-Policy too, fails the test.
    """
    if "live_url" in request.fixturenames:
        request.getfixturevalue("live_url")  # begun before the pages, it ends after them
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A form that is refused is answered so; Chromium calls any such status an error.
        refused = re.search(r"status of (409|422)", message.text)
        if message.type == "error" and not refused:
            errors.append(message.text)

    def open_page(**options: Any) -> Page:
        usual = {"locale": "en-GB", "timezone_id": "Europe/Berlin"}
        contexts.append(browser.new_context(**(usual | options)))
        contexts[-1].set_default_timeout(TIMEOUT)
        page = contexts[-1].new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    with ExitStack() as closing:
        for context in contexts:
            closing.callback(context.close)
        for page in [page for context in contexts for page in context.pages]:
            page.wait_for_load_state()  # what is cut off by closing is no error of the page's
    assert not errors, f"the browser's console: {errors}"


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A fresh page."""
    return new_page()
