"""Reading ahead: while one part of a list is used, a thread reads the next."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from flask import Flask, current_app

from webapp.core.db import db

Item = TypeVar("Item")


def read_ahead(items: Iterable[Item]) -> Generator[Item, None, None]:
    """Give items, each made by a thread, in a session of its own, while the one before is used.

    For work that mostly waits for the database. What is made must be right whatever is committed
    before it is used. Each time the next one is asked for, and at the end, the caller's transaction
    ends: on SQLite the thread would wait for it. Raises what making an item raises.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    source, end = iter(items), object()

    def make() -> Any:
        with app.app_context():
            return next(source, end)

    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(make)
        try:
            while True:
                db.session.rollback()
                item = making.result()
                if item is end:
                    return
                making = pool.submit(make)
                yield item
        finally:
            db.session.rollback()
