"""Rate limits for sign-in and public pages: counted in Redis, in this process while it is away."""

from __future__ import annotations

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# Limits never refuse a valid stop: nothing that takes an opt-out is decorated with one.
limiter = Limiter(
    get_remote_address,
    swallow_errors=True,
    in_memory_fallback_enabled=True,
    in_memory_fallback=[],
    strategy="fixed-window",
)

# Where a limit stands; a test holds it to the views. Of nothing else is any limit looked for.
LIMITED = frozenset({"accounts.enter"})


@limiter.request_filter
def _has_no_limit() -> bool:
    return request.endpoint not in LIMITED
