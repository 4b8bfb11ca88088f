"""Segments: saved filters, resolved when they are used."""
