"""Reading what callers send: JSON and query strings that a database can store."""

from __future__ import annotations

import json
import math
from typing import Any

from flask import current_app, request

from webapp.api.problems import Malformed
from webapp.core.errors import Invalid

DEEPEST = 24  # levels of JSON inside each other; nothing here needs more than four


def check_input() -> None:
    """Refuse what no part of Heed can store, before a view runs; for `before_request`.

    Raises Malformed where the body is no JSON, Invalid where it is no object or holds text that
    a database refuses.
    """
    for name, values in request.args.lists():
        check_text([name, *values], name)
    spec = getattr(current_app.view_functions[request.endpoint or ""], "_spec", {})
    if not spec.get("body"):
        return
    try:
        body = request.get_json(force=True)
    except RecursionError:
        raise Malformed("The body is nested too deeply.") from None
    check_object(body)


def parse_object(line: bytes) -> dict[str, Any]:
    """Read one JSON object. Raises Malformed or Invalid."""
    try:
        body = json.loads(line)
    except (ValueError, RecursionError):
        raise Malformed("This is not JSON.") from None
    check_object(body)
    found: dict[str, Any] = body
    return found


def check_object(body: Any) -> None:
    """Raise Invalid unless `body` is an object that a database can store."""
    if not isinstance(body, dict):
        raise Invalid("The body is a JSON object.")
    for name, value in body.items():
        check_text([name, value], name)


def check_text(value: Any, field: str) -> None:
    """Raise Invalid where `value`, or anything in it, cannot be stored.

    PostgreSQL's text has no NUL, UTF-8 no half surrogate pairs, and JSON no NaN or infinity
    (RFC 8259, 6), though Python reads them.
    """
    todo = [(value, 0)]
    while todo:
        item, depth = todo.pop()
        if isinstance(item, str):
            if "\0" in item or not _is_unicode(item):
                raise Invalid("Text holds no NUL and no half characters.", field=_safe(field))
        elif isinstance(item, float) and not math.isfinite(item):
            raise Invalid("A number is finite.", field=field)
        elif isinstance(item, (dict, list)):
            if depth > DEEPEST:
                raise Invalid("This is nested too deeply.", field=_safe(field))
            inner = [*item, *item.values()] if isinstance(item, dict) else item
            todo += [(part, depth + 1) for part in inner]


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _safe(field: str) -> str:
    return field.encode(errors="replace").decode().replace("\0", "?")
