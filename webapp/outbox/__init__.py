"""The queue of record: one row for each outbound message, and its life."""
