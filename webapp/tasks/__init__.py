"""Long work that somebody started and may leave: its progress, its result, its file."""
