"""What the pages of a person's links say, and what is kept of it as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from webapp.contacts.rules import AddressKind, Channel, Source, State
from webapp.core import clock
from webapp.core.zones import exact, reader_zone
from webapp.outbox.rules import Origin
from webapp.receipts.allowing import SENTENCES
from webapp.receipts.people import Person
from webapp.receipts.rules import Why
from webapp.receipts.telling import Part, Preference, Receipt

ONE_CLICK = "One-click unsubscribe (RFC 8058)"
KINDS = {
    AddressKind.PHONE: "your number",
    AddressKind.EMAIL: "your email address",
    AddressKind.WHATSAPP_ID: "your WhatsApp account",
}
THROUGH = {
    Source.MANUAL: "Somebody at {business}",
    Source.KEYWORD: "Your reply",
    Source.BUTTON: "A button that was tapped in a message to you",
    Source.LINK: "A link that was sent to you",
    Source.API: "A system of {business}",
    Source.IMPORT: "A list that {business} took in",
    Source.PROVIDER: "Your {channel} provider, which told {business}",
    Source.REVIEW: "Somebody at {business}, who read your reply",
    Source.CORRECTION: "Somebody at {business}, who took back a change",
}
# What a person agrees to by the buttons that allow; the page shows it, the evidence keeps it.
LOOSENING = {
    "allow": "I want marketing messages from {business} here. I can stop them at any time.",
    "undo": (
        "That was not me, or I have changed my mind: I want marketing messages from {business} "
        "here. I can stop them at any time."
    ),
    "narrow": (
        "I meant that one channel only: I want marketing messages from {business} on the others. "
        "I can stop them at any time."
    ),
}
CANCELLED = {
    Origin.MANUAL: "written by a person",
    Origin.SCHEDULED: "scheduled",
    Origin.API: "from a system",
    Origin.AUTOMATION: "automatic",
    Origin.CAMPAIGN: "of a campaign",
    Origin.CONFIRMATION: "confirmation",
}
AT_PROVIDER = {
    Channel.EMAIL: "Your mail provider reported it. Write to {business} to get emails again.",
    Channel.SMS: "Your provider keeps this stop. Text START to the number that wrote to you.",
    Channel.VOICE: "Your provider keeps this stop. Ask {business} to take it back there.",
    Channel.WHATSAPP: (
        "You stopped this in WhatsApp, and only there it can be taken back: open the chat, tap the "
        "name of {business}, and allow offers and announcements again."
    ),
}


def whom(person: Person) -> str:
    """Name whom a link is about: the masked address, or what sort of address it is."""
    return person.masked or KINDS[person.token.kind]


def through(part: Part, business: str) -> str:
    """Say how a change came in."""
    event = part.event
    return THROUGH[event.source].format(business=business, channel=event.channel.label)


def headline(receipt: Receipt) -> str:
    """Say in one line what was changed."""
    event = receipt.first.event
    channel = event.channel.label
    if event.source is Source.CORRECTION:
        return f"{channel}: a change was taken back"
    if event.to_state is not event.asked:
        return f"{channel}: this changed nothing"
    verb = "are" if receipt.now is event.to_state else "were"
    done = "stopped" if event.to_state is State.OPTED_OUT else "allowed"
    others = (part.event.channel.label for part in receipt.elsewhere)
    return f"{_listed(dict.fromkeys([channel, *others]))} messages {verb} {done}"


def when(receipt: Receipt) -> str:
    """Say when the change took effect, in the reader's zone."""
    return exact(receipt.first.event.effective_at, reader_zone())


def also(receipt: Receipt) -> str:
    """Name what went along with the change."""
    return _listed(
        f"{part.event.channel.label}{'' if part.own else ' at another address of yours'}"
        for part in receipt.elsewhere
    )


def stays(part: Part, business: str) -> str:
    """Say why an opt-out cannot be taken back by this link."""
    if part.why is Why.PROVIDER:
        return AT_PROVIDER[part.event.channel].format(business=business)
    return SENTENCES[part.why] if part.why else ""


def fixed(receipt: Receipt) -> str:
    """Say what this link cannot take back, since it is about another address of the person."""
    channels = _listed({part.event.channel.label: None for part in receipt.fixed})
    said = f"What is stopped at another address of yours stays so: {channels}."
    return f"{said} {SENTENCES[Why.OTHER_ADDRESS]}"


def narrow_label(receipt: Receipt) -> str:
    """Give the words on the button that keeps a stop to where it was said."""
    return f"Keep it to {receipt.first.event.channel.label}"


def allow_label(channel: Channel) -> str:
    """Give the words on the button that allows a channel."""
    return f"Allow {channel.label} messages"


def _listed(names: Iterable[str]) -> str:
    *some, last = names
    return f"{', '.join(some)} and {last}" if some else last


def cancelled(receipt: Receipt) -> str:
    """Say which messages were cancelled: how many, and of what kind."""
    if not receipt.cancelled:
        return "None was waiting"
    kinds = ", ".join(f"{count} {CANCELLED[origin]}" for origin, count in receipt.cancelled)
    return f"{receipt.cancelled_count} ({kinds})"


def still_comes(preference: Preference) -> str:
    """Say what may come on a channel although it is stopped."""
    if preference.exempt:
        return (
            f"On {preference.channel.label}, messages about an order, an appointment or a sign-in "
            "may still come. They are not advertising."
        )
    return (
        f"On {preference.channel.label}, nothing is sent automatically any more. A person may "
        "still answer you."
    )


def state_words(preference: Preference) -> str:
    """Say what stands on a channel."""
    if not preference.reached:
        return "No address of yours is known here"
    if preference.held:
        return "Waits: somebody reads a reply of yours first"
    if preference.state is State.UNKNOWN:
        return "Nothing sent without your yes" if preference.needs_opt_in else "Not stopped"
    return "Stopped" if preference.state is State.OPTED_OUT else "Allowed"


def why_not(preference: Preference, business: str) -> str:
    """Say why this link cannot allow a channel that is not allowed; empty where it can."""
    if preference.state is State.OPTED_IN or not preference.reached:
        return ""
    if preference.why is Why.PROVIDER:
        return AT_PROVIDER[preference.channel].format(business=business)
    if preference.why is Why.OTHER_ADDRESS:
        return (
            "It reaches you at another address. To allow it, use a link that was sent there, or "
            "answer START there."
        )
    if preference.why is Why.TOO_SOON:
        return "Stopped a moment ago. Load this page again in a minute to allow it."
    if preference.stopped_elsewhere:
        return "Another address of yours is stopped here. Answer START there to allow it."
    return ""


def evidence(person: Person, how: str, where: str, wording: str) -> dict[str, str]:
    """Write down what a person did by link; never their network address.

    `wording` is what the page said beside the button, `where` the page's address without its
    token.
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


def stop_label(channel: Channel | None) -> str:
    """Give the words on the button that stops a channel, or everything."""
    return f"Stop {channel.label} messages" if channel else "Stop everything"


def stop_promise(channel: Channel | None) -> str:
    """Give what the page promises beside the button that stops."""
    there = f"on {channel.label}" if channel else "on any channel"
    return f"No more marketing messages to you {there}. What waits is cancelled."


def stop_wording(path: str, form: Mapping[str, str], channel: Channel | None) -> str:
    """Give the words that somebody stopped by, as the evidence keeps them."""
    if is_one_click(form):
        return "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    label = stop_label(channel)
    return f"{label}: {stop_promise(channel)}" if path.startswith("/u/") else label
