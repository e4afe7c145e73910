"""The shell of the conformance kit: topics, the adapter's process, the clock, the page."""
