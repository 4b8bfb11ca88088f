"""The way back from a contact's page to where somebody came from, as the link there named it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request, url_for

from webapp.core.web import local_path

# What the link is called, by the page; the first whose address begins the way is meant.
PLACES = (
    ("contact_duplicates.show", "Duplicates"),
    ("contact_list.show", "Contacts"),
    ("exclusions.show", "Exclusion list"),
    ("audience.show", "Opt-In/Opt-Out"),
    ("inbox.show", "Inbox"),
    ("opportunities.show", "Opportunities"),
    ("reviews.show", "Review"),
)


@dataclass(frozen=True)
class WayBack:
    """Where it leads, always a path of this site, and what to call it."""

    href: str
    label: str


def way_back() -> WayBack:
    """Give the way that `next` of the address asks for; the plain list for none of this site."""
    href = local_path(request.args.get("next"), url_for("contact_list.show"))
    return WayBack(href, _label(urlsplit(href).path))


def _label(path: str) -> str:
    for endpoint, label in PLACES:
        place = url_for(endpoint)
        if path == place or path.startswith(f"{place}/"):
            return label
    return "Back"
