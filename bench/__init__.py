"""What Heed costs, as a ratio to the bare work measured in the same run; see README.md here."""
