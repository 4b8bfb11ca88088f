"""Drills: a synthetic customer says STOP through the real inbound path."""
