"""Named texts with variables, languages and categories."""
