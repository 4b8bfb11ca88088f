"""What happened, written in the same transaction as the fact itself."""
