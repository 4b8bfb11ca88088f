"""What is kept as evidence of what a person did by link."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.contacts.rules import Channel
from webapp.core import clock
from webapp.pages.links_words import Words
from webapp.receipts.people import Person

ONE_CLICK = "One-click unsubscribe (RFC 8058)"


def evidence(person: Person, how: str, where: str, wording: str) -> dict[str, str]:
    """Write down what a person did by link; never their network address.

    `wording` is what the page said beside the button, in the language that it was shown in,
    `where` the page's address without its token.
    """
    said = {
        "how": how,
        "when": clock.now().isoformat(timespec="seconds"),
        "where": where,
        "wording": wording,
    }
    message_id = person.token.message_id
    return said | ({"message": str(message_id)} if message_id else {})


def how(path: str, form: Mapping[str, str]) -> str:
    """Name the way by which a request came, as the evidence keeps it."""
    if is_one_click(form):
        return ONE_CLICK
    return "Unsubscribe link" if path.startswith("/u/") else "Preferences link"


def is_one_click(form: Mapping[str, str]) -> bool:
    """Tell whether a mail program asks on the person's behalf (RFC 8058, section 3.2)."""
    return form.get("List-Unsubscribe") == "One-Click"


def stop_wording(words: Words, path: str, form: Mapping[str, str], channel: Channel | None) -> str:
    """Give the words that somebody stopped by, as the evidence keeps them."""
    if is_one_click(form):
        return "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    label = words.stop_label(channel)
    return f"{label}: {words.stop_promise(channel)}" if path.startswith("/u/") else label
