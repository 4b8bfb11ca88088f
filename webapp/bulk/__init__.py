"""What is done to many contacts at once: chosen one by one, or all that match some filters."""
