"""What customers wrote: conversations, inbound messages, stored webhooks."""
