"""Numbers that take long to count, kept for a while, each with when it was counted."""
