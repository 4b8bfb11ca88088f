"""Which channels can send here, and the provider of each."""

from __future__ import annotations

from collections.abc import Callable

from webapp.contacts.rules import Channel
from webapp.core.config import EMAIL_NEEDS, TWILIO_NEEDS, WHATSAPP_NEEDS, Config
from webapp.delivery.providers.base import Provider
from webapp.delivery.providers.smtp import Smtp
from webapp.delivery.providers.twilio import Twilio
from webapp.delivery.providers.whatsapp import WhatsApp

# The settings that a channel needs, and what opens its provider. Voice has none: its consent is
# kept for whoever calls.
SENDERS: dict[Channel, tuple[tuple[str, ...], Callable[[Config], Provider]]] = {
    Channel.EMAIL: (EMAIL_NEEDS, Smtp.from_config),
    Channel.SMS: (TWILIO_NEEDS, Twilio.from_config),
    Channel.WHATSAPP: (WHATSAPP_NEEDS, WhatsApp.from_config),
}

# Characters of a text: what WhatsApp and Twilio take in one message, and far more than people read.
LONGEST = {Channel.WHATSAPP: 4096, Channel.SMS: 1600, Channel.EMAIL: 50_000}


def can_send(channel: Channel, config: Config) -> bool:
    """Tell whether this channel is set up to send."""
    return channel in SENDERS and not _missing(channel, config)


def why_off(channel: Channel, config: Config) -> str:
    """Say why a channel does not send here, naming the settings it misses; empty where it does."""
    if channel not in SENDERS:
        return "Nothing is sent on it yet; consent is kept."
    missing = [f"HEED_{name.upper()}" for name in _missing(channel, config)]
    if not missing:
        return ""
    return f"Not set up: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."


def open_provider(channel: Channel, config: Config) -> Provider | None:
    """Open the provider of a channel for one event loop; None where the channel is off."""
    return SENDERS[channel][1](config) if can_send(channel, config) else None


def _missing(channel: Channel, config: Config) -> list[str]:
    return [name for name in SENDERS[channel][0] if not getattr(config, name)]
