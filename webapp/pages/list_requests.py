"""What a request for a list of contacts asks, and what its answer tells the browser."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from flask import Response, request

from webapp.contacts.definitions import definitions
from webapp.contacts.filters import Filters, parse_filters
from webapp.core.errors import Invalid
from webapp.core.web import wants_fragment
from webapp.pages.list_view import Definitions, ListView


def asked_for() -> tuple[Filters, Definitions]:
    """Read the request's filters and the attributes that they may name. Raises Invalid."""
    return parse_filters(request.args.to_dict(flat=False)), definitions()


def typing_on(filters: Filters) -> bool:
    """Tell whether nothing but the searched text differs from what the browser shows."""
    shown_at = urlsplit(request.headers.get("HX-Current-URL", "")).query
    try:
        shown = parse_filters(parse_qs(shown_at))
    except Invalid:
        return False
    same = replace(shown, search="") == replace(filters, search="")
    return same and bool(shown.search and filters.search)


def with_address(response: Response, view: ListView) -> Response:
    """Put the address of what is shown into the browser's bar, unless the page fetched itself.

    A longer search takes the place of the shorter one, so that one step back leaves it.
    """
    if wants_fragment() and request.headers.get("HX-Source") != "section#results":
        header = "HX-Replace-Url" if typing_on(view.filters) else "HX-Push-Url"
        response.headers[header] = view.here
    return response
