"""Metrics and health of a process: what is measured, whether it lives, and where one may ask."""
