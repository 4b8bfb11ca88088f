"""Which channels can send here, and the provider of each."""

from __future__ import annotations

from webapp.contacts.rules import Channel
from webapp.core.config import Config
from webapp.delivery.providers.base import Provider
from webapp.delivery.providers.whatsapp import WhatsApp


def can_send(channel: Channel, config: Config) -> bool:
    """Tell whether this channel is set up to send."""
    return channel is Channel.WHATSAPP and config.whatsapp_on


def open_provider(channel: Channel, config: Config) -> Provider | None:
    """Open the provider of a channel for one event loop; None where the channel is off."""
    return WhatsApp.from_config(config) if can_send(channel, config) else None
