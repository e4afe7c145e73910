"""The wire: Avro bodies, CloudEvents headers, topic and registry files. Knows domain, not Kafka."""
