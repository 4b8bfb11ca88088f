"""Erasure, merging duplicates, and what proves the state of an address."""
