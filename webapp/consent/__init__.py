"""The heart: who may be messaged on which channel, and how that is known."""
