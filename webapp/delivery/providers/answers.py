"""Reading HTTP answers of providers: bytes in, plain values out. Pure, never raises."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

LONGEST_WAIT = 86_400.0
DETAIL_LENGTH = 300


def json_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object; an empty one where the body is anything else."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def seconds(header: str | None) -> float | None:
    """Read Retry-After, seconds or a date (RFC 9110, 10.2.3); None where it is neither."""
    if not header:
        return None
    try:
        wait = float(header)
    except ValueError:
        try:
            wait = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return None if math.isnan(wait) else min(max(wait, 0.0), LONGEST_WAIT)
