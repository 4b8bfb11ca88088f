"""Deals with contacts: their stage, what they are worth, and who looks after them."""
