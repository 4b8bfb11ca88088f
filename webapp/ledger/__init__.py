"""Proving the ledger: seals over all chains, verifying, rebuilding, the journal."""
