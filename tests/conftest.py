"""What every test may ask for: an app on each database, a client, a queue, a look at Redis."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.ctx import AppContext
from flask.testing import FlaskClient
from hypothesis import settings
from redis import Redis

from tests import network
from tests.database import Rows
from tests.postgres import running_postgres
from tests.servers import Missing, free_port, needs, running_valkey
from tests.whatsapp_wire import Wire
from webapp.core.config import Config, load_config
from webapp.core.db import db

network.guard()

# Machines are shared: how long one example takes says nothing.
settings.register_profile("heed", deadline=None)
settings.load_profile("heed")

# The settings of whoever runs the tests are not the tests' settings.
for name in {name for name in os.environ if name.startswith("HEED_")} - {"HEED_TEST_DATA"}:
    del os.environ[name]

WHATSAPP = {
    "whatsapp_phone_number_id": "106540352242922",
    "whatsapp_business_id": "102290129340398",
    "whatsapp_token": "test-token",
    "whatsapp_app_secret": "test-app-secret",
    "whatsapp_verify_token": "test-verify-token",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--db`: which databases the tests run on."""
    parser.addoption("--db", choices=["sqlite", "postgres", "both"], default="both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs a database on each; a browser test on the first, for the time it takes."""
    if "db_kind" not in metafunc.fixturenames:
        return
    chosen = metafunc.config.getoption("--db")
    kinds = ["sqlite", "postgres"] if chosen == "both" else [chosen]
    if "browser" in metafunc.fixturenames:
        kinds = kinds[:1]
    if metafunc.definition.get_closest_marker("postgres"):
        kinds = ["postgres"] if "postgres" in kinds else []
    marks = {"postgres": [pytest.mark.postgres]}
    metafunc.parametrize(
        "db_kind",
        [pytest.param(kind, marks=marks.get(kind, [])) for kind in kinds],
        scope="session",
    )


@pytest.fixture(autouse=True)
def _patient_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a claim's transaction pause as long as it likes: no test may depend on time."""
    monkeypatch.setattr("webapp.consent.locks.CLAIM_IDLE", None)


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fail a test that wanted to reach another machine, even if it swallowed the error."""
    network.attempts.clear()
    yield
    assert not network.attempts, f"the test wanted to leave this machine: {network.attempts}"


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Valkey of this test process's own."""
    with running_valkey(load_config(data=tmp_path_factory.mktemp("valkey"))) as url:
        yield url


@pytest.fixture(scope="session")
def make_database() -> Iterator[Callable[[str], str]]:
    """What makes a PostgreSQL database of a name and tells its URL."""
    with ExitStack() as stack:
        try:
            make = stack.enter_context(running_postgres())
        except Missing as error:
            needs(error)
        yield make


@pytest.fixture(scope="session")
def database_url(
    db_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The URL of a database of this kind, with our schema."""
    if db_kind == "postgres":
        url: str = request.getfixturevalue("make_database")("heed")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'heed.sqlite'}"
    from webapp import migrate

    migrate.upgrade(url)
    return url


@pytest.fixture(scope="session")
def config(database_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The settings of the app under test; WhatsApp's address is a port where nobody listens."""
    return load_config(
        data=tmp_path_factory.mktemp("data"),
        database_url=database_url,
        redis_url=redis_url,
        argon2_profile="cheapest",
        whatsapp_api_url=f"http://127.0.0.1:{free_port()}/v23.0",
        **WHATSAPP,
    )


@pytest.fixture(scope="session")
def _app_and_rows(config: Config) -> Iterator[tuple[Flask, Rows]]:
    from webapp.app import create_app

    app = create_app(config)
    app.testing = True
    app.test_client_class = Client
    with app.app_context():
        rows = Rows(db.engine)
    yield app, rows
    rows.engine.dispose()


@pytest.fixture
def rows(_app_and_rows: tuple[Flask, Rows]) -> Rows:
    """What empties the database in the middle of a test that goes through many scenes."""
    return _app_and_rows[1]


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """A client of the test's Valkey, which is empty before and after."""
    with Redis.from_url(redis_url) as client:
        client.flushall()
        yield client
        client.flushall()


@pytest.fixture
def app(_app_and_rows: tuple[Flask, Rows], redis: Redis) -> Iterator[Flask]:
    """The app, its database as a fresh one, its Redis empty; what it commits is committed."""
    app, rows = _app_and_rows
    yield app
    with app.app_context():
        rows.restore()


@pytest.fixture
def context(app: Flask) -> Iterator[AppContext]:
    """An app context around the whole test, for calls of services."""
    with app.app_context() as pushed:
        yield pushed
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a screen: cookies, no sign-in yet."""
    return app.test_client()


class Client(FlaskClient):
    """Ends the test's own transaction first: a request must see what the test has written."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request."""
        if has_app_context():
            db.session.commit()
        return super().open(*args, **kwargs)


@pytest.fixture
def wire(app: Flask, context: AppContext) -> Iterator[Wire]:
    """WhatsApp at the level of the wire, in place of the address where nobody listens."""
    before: Config = app.extensions["heed"]
    with Wire() as listening:
        app.extensions["heed"] = before.model_copy(update={"whatsapp_api_url": listening.url})
        yield listening
    app.extensions["heed"] = before
