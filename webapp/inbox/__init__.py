"""The inbox: conversations with customers, what was said in each, and what may be answered."""
