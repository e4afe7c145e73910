"""Kafka's transactions as KIP-890 has them: one producer for all lanes of a process."""
