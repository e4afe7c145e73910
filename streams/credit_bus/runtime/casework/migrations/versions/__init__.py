"""One file a revision. A released file never changes."""
