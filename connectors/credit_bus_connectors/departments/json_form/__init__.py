"""The one JSON form of an event, for adapters that take JSON: over HTTP, in an outbox table."""
