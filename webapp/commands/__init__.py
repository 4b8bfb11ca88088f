"""Groups of `heed` commands, one module each."""
