"""Steps: pure functions from an event to what follows from it."""
