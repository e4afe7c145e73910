"""Adapters that departments speak through, and connectors that deliver to platforms."""
