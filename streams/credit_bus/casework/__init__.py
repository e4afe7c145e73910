"""Casework: the life of actions, objections and repairs, and who holds what of them. Pure."""
