"""Measurements: numbers and ratios of one run on one machine."""
