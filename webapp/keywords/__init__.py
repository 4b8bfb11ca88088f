"""Keywords: what a customer's reply means, the words for it, and what it sets in motion."""
