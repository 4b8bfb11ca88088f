"""Which channels can send here, and the provider of each."""

from __future__ import annotations

from webapp.contacts.rules import Channel
from webapp.core.config import WHATSAPP_NEEDS, Config
from webapp.delivery.providers.base import Provider
from webapp.delivery.providers.whatsapp import WhatsApp


def can_send(channel: Channel, config: Config) -> bool:
    """Tell whether this channel is set up to send."""
    return channel is Channel.WHATSAPP and config.whatsapp_on


def why_off(channel: Channel, config: Config) -> str:
    """Say why a channel does not send here, naming the settings it misses; empty where it does."""
    if can_send(channel, config):
        return ""
    if channel is not Channel.WHATSAPP:
        return "Nothing is sent on it yet; consent is kept."
    missing = [f"HEED_{name.upper()}" for name in WHATSAPP_NEEDS if not getattr(config, name)]
    return f"Not set up: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."


def open_provider(channel: Channel, config: Config) -> Provider | None:
    """Open the provider of a channel for one event loop; None where the channel is off."""
    return WhatsApp.from_config(config) if can_send(channel, config) else None
