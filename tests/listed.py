"""The rows of a page of contacts, as a visitor finds them."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

from tests.visitor import Visitor

ROW = re.compile(r'<tr id="contact-(\d+)".*?data-name="([^"]*)"', re.S)


def ids_in(text: str) -> list[str]:
    """Give the ids of the contacts that a page lists, in order."""
    return [contact_id for contact_id, _ in ROW.findall(text)]


def names_in(text: str) -> list[str]:
    """Give the names that a page lists, in order."""
    return [name for _, name in ROW.findall(text)]


def names_at(visitor: Visitor, path: str) -> Callable[..., list[str]]:
    """Give what gives the names that a query of the list at `path` finds, in order."""

    def listed(query: str = "", **more: str) -> list[str]:
        return names_in(
            visitor.text(f"{path}?{query}{'&' if query and more else ''}{urlencode(more)}")
        )

    return listed
