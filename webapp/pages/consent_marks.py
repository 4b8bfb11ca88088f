"""The four marks of a contact: how they stand on each channel, in little room and in words."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from webapp.contacts.rules import Channel, State
from webapp.contacts.standings import Stand, Stands

UNKNOWN = Stand(State.UNKNOWN, False)
NOWHERE = "nowhere"  # the channel does not reach them

_MARK = Markup('<span class="channel-mark on-{channel} {look}" role="img" title="{words}"></span>')


class Marks(NamedTuple):
    """The marks of all channels: their elements, the same in words, and what a script reads.

    `states` are words like `sms-opted_out` and `sms-held`, by which a row's menu knows what it may
    offer.
    """

    html: Markup
    words: str
    states: str


def marks_of(stands: Stands, phone: str | None, email: str | None, other: str | None) -> Marks:
    """Give somebody's marks; `other` is the WhatsApp id, where they have one."""
    shown = tuple([stands.get(channel, UNKNOWN) for channel in Channel])
    return _marks(shown, bool(phone), bool(email), bool(other))


@lru_cache(maxsize=5000)
def _marks(stands: tuple[Stand, ...], phone: bool, email: bool, other: bool) -> Marks:
    """Make them; a page of people has few that differ."""
    reached = {Channel.EMAIL: email, Channel.WHATSAPP: phone or other}
    pairs = zip(Channel, stands, strict=True)
    marks = [_mark(channel, stand, reached.get(channel, phone)) for channel, stand in pairs]
    html, words, states = zip(*marks, strict=True)
    return Marks(Markup("").join(html), ", ".join(words), " ".join(states))


def _mark(channel: Channel, stand: Stand, reached: bool) -> tuple[Markup, str, str]:
    nowhere = not reached and stand.state is State.UNKNOWN
    word = "no address" if nowhere else stand.state.label
    words = f"{channel.label}: {word}{', on hold' if stand.held else ''}"
    look = NOWHERE if nowhere else stand.state.value
    classes = f"is-{look} is-held" if stand.held else f"is-{look}"
    html = _MARK.format(channel=channel.value, look=classes, words=words)
    held = f" {channel}-held" if stand.held else ""
    return html, words, f"{channel}-{look}{held}"
