"""The addresses of the pages before and after one page of a list."""

from __future__ import annotations

from typing import Any, Protocol

from webapp.core.paging import Page


class _Shown(Protocol):
    """What a view says of itself: its page, and the address at which another one is."""

    @property
    def page(self) -> Page[Any]: ...

    def page_at(self, cursor: str) -> str: ...


class PagesAround:
    """What a view of a list has beside its `page`, given `page_at(cursor)`."""

    @property
    def newer(self: _Shown) -> str:
        """The address of the page before, or nothing."""
        cursor = self.page.previous_cursor
        return self.page_at(cursor) if cursor else ""

    @property
    def older(self: _Shown) -> str:
        """The address of the next page, or nothing."""
        cursor = self.page.next_cursor
        return self.page_at(cursor) if cursor else ""
