"""The bare work, as a good engineer writes it by hand for the same tables; README.md names each."""
