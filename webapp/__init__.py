"""Heed: opt-ins and opt-outs of a business, kept exactly, and the messages they allow."""
