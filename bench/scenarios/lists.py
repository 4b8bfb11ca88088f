"""Addresses of the list, and works that ask Heed and the bare app for the same rows."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench.browser import Answer, Browser, expect
from bench.timing import Work

ROW = re.compile(r'<tr\b[^>]*\bid="contact-(\d+)"')
NEXT = re.compile(r'<a\b[^>]*\brel="next"[^>]*>')
HREF = re.compile(r'\bhref="([^"]+)"')
PAGE = 50
FIRST_PAGE = "/audience?channel=whatsapp"


@dataclass(frozen=True)
class Asked:
    """The same rows by two addresses: Heed's page and the bare view."""

    heed: str
    floor: str


def ids_of(answer: Answer) -> list[int]:
    """Give the ids of the contacts that a list shows, in its order."""
    return [int(found) for found in ROW.findall(answer.text)]


def next_of(answer: Answer) -> str | None:
    """Give the address of the next page, as its link has it."""
    link = NEXT.search(answer.text)
    href = HREF.search(link[0]) if link else None
    return html.unescape(href[1]) if href else None


def crawl(browser: Browser, pages: int) -> list[Asked]:
    """Follow the list's own next links; gives its full pages from the second on."""
    found: list[Asked] = []
    answer = browser.get(FIRST_PAGE, htmx=True)
    while (address := next_of(answer)) and len(found) < pages - 1:
        last = ids_of(answer)[-1]
        answer = browser.get(address, htmx=True)
        if len(ids_of(answer)) == PAGE:
            found.append(Asked(address, bare("/page", id=last)))
    assert found, "the list has one page"
    return found


def bare(path: str, **values: Any) -> str:
    """Give an address of the bare app."""
    return f"{path}?{urlencode(values)}"


def audience(**values: Any) -> str:
    """Give an address of Heed's list."""
    return f"/audience?{urlencode({'channel': 'whatsapp', **values})}"


def contacts(**values: Any) -> str:
    """Give an address of Heed's list of all contacts."""
    return f"/contacts?{urlencode(values)}"


Address = Callable[..., str]


def works(
    heed: Browser, floor: Browser, asked: Sequence[Asked], *, htmx: bool = False
) -> tuple[Work, Work]:
    """Give both works over the same addresses, once both are seen to show the same rows."""
    rows = [_same(heed, floor, each) for each in asked]
    ours = showing(heed, [each.heed for each in asked], rows, htmx=htmx)
    return ours, showing(floor, [each.floor for each in asked], rows)


def showing(
    browser: Browser, addresses: Sequence[str], rows: Sequence[int], *, htmx: bool = False
) -> Work:
    """Give the work of fetching one address after the other, each with so many rows."""

    def prepare(turn: int) -> Callable[[], Answer]:
        return browser.ready(addresses[turn % len(addresses)], htmx=htmx)

    def check(turn: int, answer: Answer) -> None:
        expect(answer)
        assert answer.body.count(b'id="contact-') >= rows[turn % len(rows)], "rows are missing"

    return Work(prepare, check)


def _same(heed: Browser, floor: Browser, asked: Asked) -> int:
    """Hold both answers against each other; gives how many rows they show."""
    ours, theirs = ids_of(heed.get(asked.heed)), ids_of(floor.get(asked.floor))
    assert ours == theirs, f"{asked.heed} shows {ours[:5]}…, its floor {theirs[:5]}…"
    assert ours, f"{asked.heed} shows nobody"
    return len(ours)
