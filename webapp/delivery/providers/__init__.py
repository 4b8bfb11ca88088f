"""One file a vendor: how a message is handed over, and what the vendor's answer means."""
