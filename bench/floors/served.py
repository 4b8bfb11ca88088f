"""The bare app behind the server that Heed has, with as many processes and threads."""

from __future__ import annotations

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from sqlalchemy import create_engine

from bench.floors.bare import bare_app
from webapp import server as heed
from webapp.core.config import Config, load_config
from webapp.core.preflight import split_bind


def serve(config: Config) -> None:
    """Serve until a signal asks to stop."""
    host, port = split_bind(config.bind)
    server = Server(
        "bench.floors.bare",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=heed.PROCESSES,
        blocking_threads=config.web_threads,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=_load, wrap_loader=False)


def _load() -> Flask:
    engine = create_engine(load_config().database_url)
    return bare_app(engine)


if __name__ == "__main__":
    serve(load_config())
