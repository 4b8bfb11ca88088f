"""Newline-delimited JSON in and out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, stream_with_context

from webapp.core.errors import HeedError

MIMETYPE = "application/x-ndjson"


class TooManyLines(HeedError):
    """The body has more lines than a call may have."""

    status = 413
    kind = "too-many-lines"


@dataclass(frozen=True)
class Line:
    """One line of a body, by its number from 1."""

    number: int
    content: bytes


def lines_of(body: bytes, most: int) -> list[Line]:
    """Give the lines of a body that are not blank. Raises TooManyLines."""
    lines = [
        Line(number, content)
        for number, content in enumerate(body.split(b"\n"), 1)
        if content.strip()
    ]
    if len(lines) > most:
        raise TooManyLines(f"A call has {most:,} lines at most; this one has {len(lines):,}.")
    return lines


def write(objects: Iterable[dict[str, Any]]) -> str:
    """Write objects, each on its own line."""
    return "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in objects)


def streamed(parts: Iterator[str]) -> Response:
    """Answer with texts as they come; the request's context lasts until the last one."""
    return Response(stream_with_context(parts), mimetype=MIMETYPE)
