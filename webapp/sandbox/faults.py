"""Cutting a connection in place of an answer."""

from __future__ import annotations

import socket
from typing import NoReturn

from flask import request


def cut_off() -> NoReturn:
    """Cut the connection of the request at hand, without an answer."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("dropped on request")
