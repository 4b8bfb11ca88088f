"""Taking messages out of the outbox: admission, the claim and its lock, send, record."""
