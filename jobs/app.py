"""The one app of a worker or scheduler process, and the context that every job runs in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, has_app_context

from webapp.app import create_app

P = ParamSpec("P")
R = TypeVar("R")


@cache
def app() -> Flask:
    """Build this process's app on first use."""
    return create_app()


def job(work: Callable[P, R]) -> Callable[P, R]:
    """Run a job inside the app's context: the current one, else this process's own."""

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        chosen: Flask = current_app._get_current_object() if has_app_context() else app()  # type: ignore[attr-defined]
        with chosen.app_context():
            return work(*args, **kwargs)

    return run
