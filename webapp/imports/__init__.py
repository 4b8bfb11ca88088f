"""Lists from elsewhere: uploaded, read and shown first, then recorded."""
