"""The one-machine installation: embedded Kafka and PostgreSQL, provisioning, supervisor, demo."""
