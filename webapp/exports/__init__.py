"""Lists as files: exactly what is shown, streamed, or made in a task; also by email on a plan."""
