"""The exclusion list as a file: rows a second, the first row, memory; from a running server."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from time import perf_counter
from typing import IO
from urllib.parse import urlencode

from bench.browser import signed_in
from bench.figures import Figure, Target
from bench.floors.export import write_bare
from bench.places import Place
from bench.served import HEED, Download, Served, served, watched

TARGETS = {
    "export": Target("Export of 300,000 opt-outs by date", 0.5, at_least=True),
    "export-first": Target("Its first row, against its last", 0.75),
    "export-memory": Target("Its memory above idle, against 60 MB", 1.0),
}
TURNS = 3
ALLOWED = 60.0  # MB
SETTLING = 8


def run(places: Sequence[Place]) -> list[Figure]:
    """Measure on the largest list alone: three of ten contacts are in the file."""
    place = places[-1]
    cookie = signed_in(place.app).cookie
    days = {"from": place.filled["first"], "to": place.filled["last"]}
    path = f"/audience/exclusions.csv?{urlencode({'channel': 'sms', **days})}"
    with served(place, HEED) as server:
        for _ in range(SETTLING):
            server.ready("/audience", cookie)()
        idle, downloads, bare = server.memory(), [], []
        with watched(server) as seen, open(os.devnull, "wb") as nowhere:
            rows = _same(place, server, path, cookie)
            for _ in range(TURNS):
                downloads.append(server.download(path, cookie, nowhere))
                bare.append(_timed(place, nowhere))
    assert all(download.lines == rows + 1 for download in downloads), "rows are missing"
    return _figures(place, rows, downloads, bare, max(seen) - idle)


def _figures(
    place: Place, rows: int, downloads: Sequence[Download], bare: Sequence[float], above: float
) -> list[Figure]:
    first = median(download.first_row for download in downloads)
    whole = median(download.all_rows for download in downloads)
    named = (place.database, place.contacts)
    return [
        Figure("export", *named, "rows/s", rows / whole, rows / median(bare), turns=TURNS),
        Figure("export-first", *named, "ms", first * 1000, whole * 1000, turns=TURNS),
        Figure("export-memory", *named, "MB", above, ALLOWED, turns=TURNS),
    ]


def _same(place: Place, server: Served, path: str, cookie: str) -> int:
    """Hold both files against each other, row by row; gives how many rows they have."""
    ours, theirs = io.BytesIO(), io.BytesIO()
    server.download(path, cookie, ours)
    _write(place, theirs)
    lists = [_rows(ours), _rows(theirs)]
    assert lists[0] == lists[1], "the file is not the floor's"
    assert len(lists[0]) - 1 >= place.contacts * 3 // 10, f"{len(lists[0])} rows are too few"
    return len(lists[0]) - 1


def _timed(place: Place, file: IO[bytes]) -> float:
    start = perf_counter()
    _write(place, file)
    return perf_counter() - start


def _rows(file: io.BytesIO) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"))))


def _write(place: Place, file: IO[bytes]) -> None:
    first, last = (date.fromisoformat(place.filled[name]) for name in ("first", "last"))
    since = datetime.combine(first, time.min, UTC)
    until = datetime.combine(last + timedelta(days=1), time.min, UTC)
    write_bare(place, since, until, file)
