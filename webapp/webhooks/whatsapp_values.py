"""Reading values out of JSON that may hold anything: never raises, never guesses."""

from __future__ import annotations

import hashlib
import json
import math
import re
from datetime import UTC, datetime
from typing import Any

PHONE = re.compile(r"\+?([0-9]{5,20})")
# A business-scoped user id, wider than Meta's description: one that is not recognised would
# leave a STOP without its person.
USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9._-]{1,140}")
EARLIEST = datetime(2009, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
LONGEST_KEY = 300
DEEPEST = 50
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: Any, depth: int = 0) -> Any:
    """Copy JSON without what no database takes.

    NUL and lone surrogates become U+FFFD; numbers that are not finite, and what is nested deeper
    than anything of Meta's, become null.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict | list) and depth >= DEEPEST:
        return None
    if isinstance(value, dict):
        return {storable(key): storable(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [storable(part, depth + 1) for part in value]
    return value


def table(value: Any) -> dict[str, Any]:
    """Give `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def tables(value: Any) -> list[dict[str, Any]]:
    """Give the objects in a list; one object alone counts as a list of it."""
    if isinstance(value, dict):
        return [value]
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def word(value: Any, longest: int = 255) -> str:
    """Give a string, or a number as one, cut to `longest`; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        return str(value)[:longest]
    except ValueError:  # an integer of thousands of digits
        return ""


def phone(value: Any) -> str | None:
    """Read a WhatsApp number ("16505551234", with or without plus) as "+16505551234"."""
    found = PHONE.fullmatch(word(value).strip())
    return "+" + found.group(1) if found else None


def user_id(value: Any) -> str | None:
    """Read a business-scoped user id, which also appears where a number used to be."""
    found = word(value).strip()
    return found if USER_ID.fullmatch(found) else None


def moment(value: Any) -> datetime | None:
    """Read a Unix time in seconds, given as text or number.

    Milliseconds and microseconds are seen by their size. What lies outside 2009 to 2100, or is
    no time at all, is None.
    """
    try:
        seconds = float(word(value, 40))
    except ValueError:
        return None
    for unit in (1, 1_000, 1_000_000):
        if EARLIEST <= seconds / unit <= LATEST:
            return datetime.fromtimestamp(seconds / unit, UTC)
    return None


def errors(value: Any) -> tuple[tuple[str, str], ...]:
    """Read a list of Meta's error objects as (code, detail)."""
    return tuple(
        (
            word(error.get("code"), 20),
            word(table(error.get("error_data")).get("details"))
            or word(error.get("message"))
            or word(error.get("title")),
        )
        for error in tables(value)
    )


def key(*parts: str) -> str:
    """Join the parts of a dedupe key; one too long for its column becomes a hash."""
    joined = ":".join(parts)
    return joined if len(joined) <= LONGEST_KEY else f"{parts[0]}:{_digest(joined)}"


def key_of(kind: str, phone_number_id: str | None, raw: dict[str, Any]) -> str:
    """Make the dedupe key of something without an id: a hash of what it says."""
    canonical = json.dumps(raw, sort_keys=True, separators=(",", ":"))
    return f"{kind}:{_digest(f'{phone_number_id}:{canonical}')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
