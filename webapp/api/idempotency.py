"""Idempotency-Key: the same POST sent twice has one effect and one answer.

The remembered answer is a row that commits together with the effect, so there is no moment at
which one stands without the other. Errors have no effect and are not remembered: what was
refused is judged again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

from flask import Response, g, request
from pydantic import BaseModel
from sqlalchemy import CursorResult, delete

from webapp.accounts.models import IdempotentAnswer
from webapp.core import clock
from webapp.core.db import db, transaction
from webapp.core.dialect import lock, try_lock
from webapp.core.errors import Conflict, Invalid

HEADER = "Idempotency-Key"
SPELLING = re.compile(r"[\x21-\x7e]{1,200}")

Work = Callable[[], tuple[BaseModel, int]]


class InProgress(Conflict):
    """The same call is being answered at this moment."""

    kind = "idempotency-in-progress"


class KeyReused(Invalid):
    """The key came with another request before."""

    kind = "idempotency-key-reused"


def answer_once(work: Work, *, again: bool = False) -> Response:
    """Run `work` in one transaction and answer with the model and status that it gives.

    With an Idempotency-Key a repeat gets the first answer and `work` does not run, save with
    `again`, where the answer is of the moment and only the key's use is remembered. Raises
    InProgress or KeyReused. `work` may run more than once before its transaction commits.
    """
    key = given_key()
    digest = request_digest()

    def run() -> Response:
        if key is None:
            return _response(*work())
        claim(key)
        if (kept := remembered(key, digest)) is not None and not again:
            return _replay(kept)
        response = _response(*work())
        if kept is None:
            remember(key, digest, response.status_code, response.get_data(as_text=True))
        return response

    return transaction(run)


def given_key() -> str | None:
    """Give this request's key, or None without one. Raises Invalid for one that is misspelt."""
    key = request.headers.get(HEADER)
    if key is not None and not SPELLING.fullmatch(key):
        raise Invalid(f"{HEADER} has 1 to 200 visible ASCII characters.", field=HEADER)
    return key


def request_digest() -> bytes:
    """Give what a repeat must have in common: method, path and body, JSON in whatever order."""
    body = request.get_data()
    with suppress(ValueError, RecursionError):  # NDJSON, or nothing at all, counts as it stands
        body = json.dumps(json.loads(body), sort_keys=True).encode()
    said = f"{request.method} {request.path}\n".encode() + body
    return hashlib.sha256(said).digest()


def claim(key: str, *, wait: bool = False) -> None:
    """Hold this token's key until the open transaction ends.

    Raises InProgress where somebody else holds it, unless `wait` says to wait for them. On
    SQLite the transaction holds the only write lock, so a second call always waits.
    """
    named = f"{g.api_token.id} {key}".encode()
    number = int.from_bytes(hashlib.blake2b(named, digest_size=8).digest(), signed=True)
    if wait:
        lock(db.session(), [number], shared=False)
    elif not try_lock(db.session(), number):
        raise InProgress(f"A call with this {HEADER} is being answered. Try again in a moment.")


def remembered(key: str, digest: bytes) -> IdempotentAnswer | None:
    """Give the answer kept for this token's key, if any. Raises KeyReused."""
    kept = db.session.get(IdempotentAnswer, (g.api_token.id, key), populate_existing=True)
    if kept is not None and kept.request_digest != digest:
        raise KeyReused(f"This {HEADER} came with another request before.")
    return kept


def remember(key: str, digest: bytes, status: int, body: str) -> None:
    """Keep an answer in the open transaction, beside its effect."""
    db.session.add(
        IdempotentAnswer(
            token_id=g.api_token.id, key=key, request_digest=digest, status=status, body=body
        )
    )


def forget_old(older_than: timedelta) -> int:
    """Delete remembered answers of this age in the open transaction; gives how many."""
    result = db.session.execute(
        delete(IdempotentAnswer).where(IdempotentAnswer.created_at < clock.now() - older_than)
    )
    return cast(CursorResult[Any], result).rowcount


def _response(model: BaseModel, status: int) -> Response:
    return Response(model.model_dump_json() + "\n", status, mimetype="application/json")


def _replay(kept: IdempotentAnswer) -> Response:
    response = Response(kept.body or "", kept.status or 200, mimetype="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    return response
