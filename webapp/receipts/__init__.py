"""Pages for the person themselves: links without a sign-in, and what they took."""
