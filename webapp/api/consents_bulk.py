"""POST /consents/bulk: many wishes in one call, each with a result of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from apiflask import APIBlueprint
from flask import Response, request
from pydantic import ValidationError

from webapp.accounts.access import actor, requires
from webapp.accounts.rules import Actor, Right
from webapp.api import idempotency
from webapp.api.bodies import parse_object
from webapp.api.consents import ConsentIn, outcome, wish_of
from webapp.api.ndjson import Line, lines_of, streamed, write
from webapp.api.problems import details, details_of
from webapp.consent.service import change_many, check, settle
from webapp.consent.wishes import Change, Wish
from webapp.core.db import transaction
from webapp.core.errors import HeedError
from webapp.outbox.service import BEGIN_WITHIN

blueprint = APIBlueprint("consents_bulk", __name__, tag="Consents")

log = structlog.get_logger(__name__)

MOST = 10_000
TOGETHER = 25  # lines a transaction: a lock for each, and others want their turn


@dataclass(frozen=True)
class Call:
    """Who calls, and with which key for a repeat, if any."""

    actor: Actor
    key: str | None
    digest: bytes


@blueprint.post("/consents/bulk")
@requires(Right.OPT_OUT)
def bulk() -> Response:
    """Opt up to 10,000 addresses in or out

    NDJSON in and out: each line is the body of PUT /consents, each answer line has the number of
    its `line` and either that call's answer or a `problem`. Answers come as the lines are done;
    a line that was answered stays done, whatever becomes of the ones after it.
    """
    lines = lines_of(request.get_data(), MOST)
    call = Call(actor(), idempotency.given_key(), idempotency.request_digest())
    parts = [lines[start : start + TOGETHER] for start in range(0, len(lines), TOGETHER)]
    # The first part is done before the answer begins, so that a misused key has its own status.
    first = _recorded(parts[0], call, wait=False) if parts else ""
    return streamed(_answers(first, parts[1:], call))


def _answers(first: str, parts: Sequence[list[Line]], call: Call) -> Iterator[str]:
    """Record part after part; also those that a caller who went away no longer waits for."""
    todo = iter(parts)
    try:
        yield first
        for part in todo:
            yield _attempted(part, call)
    finally:
        for part in todo:
            _attempted(part, call)


def _attempted(part: list[Line], call: Call) -> str:
    """Record a part; where it fails as a whole, its lines one by one, so one cannot harm others."""
    try:
        return _recorded(part, call, wait=True)
    except Exception:
        log.exception("consents.bulk_failed", lines=len(part), first=part[0].number)
        if len(part) > 1:
            return "".join(_attempted([line], call) for line in part)
        failed = details(500, "internal", "This line was not recorded. Send it again.")
        return write([{"line": part[0].number, "problem": failed}])


def _recorded(part: list[Line], call: Call, *, wait: bool) -> str:
    """Record a part in one transaction, once under its key, and wait until its stops hold."""

    def run() -> tuple[str, list[Change]]:
        if call.key is None:
            return _record(part, call.actor)
        # The space cannot stand in a caller's key, so no other call has this one.
        key = f"{call.key} {part[0].number}-{part[-1].number}"
        idempotency.claim(key, wait=wait)
        kept = idempotency.remembered(key, call.digest)
        if kept is not None:
            # What it recorded may not have settled yet: no claim begins later than this.
            time.sleep(BEGIN_WITHIN.total_seconds())
            return kept.body or "", []
        text, changes = _record(part, call.actor)
        idempotency.remember(key, call.digest, 200, text)
        return text, changes

    text, changes = transaction(run)
    settle(changes)
    return text


def _record(part: list[Line], who: Actor) -> tuple[str, list[Change]]:
    """Record the lines that can be, in their order, in the open transaction."""
    wishes: dict[int, Wish] = {}
    answers: dict[int, dict[str, Any]] = {}
    for line in part:
        try:
            wish = wish_of(ConsentIn.model_validate(parse_object(line.content)), who)
            check(wish)
        except (HeedError, ValidationError) as error:
            answers[line.number] = {"line": line.number, "problem": _problem(error)}
        else:
            wishes[line.number] = wish
    changes = change_many(list(wishes.values()))
    for number, change in zip(wishes, changes, strict=True):
        answers[number] = {"line": number, **outcome(change).model_dump(mode="json")}
    return write(answers[line.number] for line in part), changes


def _problem(error: HeedError | ValidationError) -> dict[str, Any]:
    if isinstance(error, HeedError):
        return details_of(error)
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    message = first["msg"].removeprefix("Value error, ")
    return details(422, "invalid", f"{field}: {message}" if field else message, field=field)
