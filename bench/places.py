"""The databases to measure on: made, filled once, opened together so that turns can alternate."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from redis import Redis
from sqlalchemy import Engine, create_engine, make_url

from bench.fill import fill
from tests.postgres import database_url, postgres_in
from tests.servers import running_valkey
from webapp import migrate
from webapp.app import create_app
from webapp.core.config import Config, load_config
from webapp.core.db import db

SECRET = "bench-app-secret"
NUMBER_ID = "106540352242922"
DATABASES = ("postgresql", "sqlite")


@dataclass(frozen=True)
class Place:
    """Heed on one database with so many contacts, and an engine of the floors' own beside it.

    `filled` is what `fill` said.
    """

    database: str
    contacts: int
    config: Config
    app: Flask
    engine: Engine
    filled: Mapping[str, Any]

    @property
    def postgres(self) -> bool:
        """True on PostgreSQL, false on SQLite."""
        return self.database == "postgresql"


class Busy(Exception):
    """Another bench uses the folder."""


@contextmanager
def places_in(
    folder: Path, database: str, sizes: Sequence[int], say: Callable[[str], None]
) -> Iterator[list[Place]]:
    """Open Heed on a database of each size, smallest first; those that lie there are used again.

    Effects: servers that run until the end of the block; databases in `folder`, which stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_alone(folder))
        redis_url = stack.enter_context(running_valkey(load_config(data=folder / "queue")))
        with Redis.from_url(redis_url) as redis:
            redis.flushall()
        make = None
        if database == "postgresql":
            make = stack.enter_context(postgres_in(folder / "postgresql"))
        yield [
            stack.enter_context(_place(folder, database, size, redis_url, make, say))
            for size in sorted(sizes)
        ]


@contextmanager
def _place(
    folder: Path,
    database: str,
    size: int,
    redis_url: str,
    make: Callable[[str], str] | None,
    say: Callable[[str], None],
) -> Iterator[Place]:
    name = f"{database}-{size}"
    data = folder / name
    filled = data / "filled.json"
    if not filled.exists():
        shutil.rmtree(data, ignore_errors=True)
    url = f"sqlite:///{data / 'heed.sqlite'}"
    if make is not None:
        url = database_url(folder / database, name) if filled.exists() else make(name)
    config = _config(data, url, redis_url)
    migrate.upgrade(config.database_url)
    app = create_app(config)
    engine = create_engine(make_url(config.database_url))
    if not filled.exists():
        say(f"Filling {database} with {size:,} contacts.")
        filled.write_text(json.dumps(fill(app, engine, size)))
    try:
        yield Place(database, size, config, app, engine, json.loads(filled.read_text()))
    finally:
        engine.dispose()
        with app.app_context():
            db.engine.dispose()


def _config(data: Path, url: str, redis_url: str) -> Config:
    """Give the settings of a Heed on WhatsApp whose sends would reach nobody."""
    return load_config(
        data=data,
        database_url=url,
        redis_url=redis_url,
        argon2_profile="cheapest",
        whatsapp_phone_number_id=NUMBER_ID,
        whatsapp_business_id="102290129340398",
        whatsapp_token="bench-token",
        whatsapp_app_secret=SECRET,
        whatsapp_verify_token="bench-verify-token",
        whatsapp_api_url="http://127.0.0.1:9/v23.0",
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder for this process. Raises Busy."""
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(f"another bench uses {folder}; copy it, or name another") from None
        yield
