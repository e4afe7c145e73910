"""What a worker asks the cluster before it begins."""

from kafka import KafkaAdminClient

from credit_bus.domain.channels import RECORDS

TRANSACTION_VERSION_MIN = 2  # of the cluster's features (KIP-890)


def cluster_of(broker: str) -> tuple[str, int]:
    """Return the cluster's id and the partition count of the log of record.

    Raises RuntimeError when the cluster has no transactions of KIP-890.
    """
    admin = KafkaAdminClient(bootstrap_servers=broker)
    try:
        cluster = str(admin.describe_cluster()["cluster_id"])
        _, level = admin.describe_features().get("transaction.version", {}).get("finalized", (0, 0))
        if level < TRANSACTION_VERSION_MIN:
            raise RuntimeError(
                f"the cluster's transaction.version is {level}, workers need"
                f" {TRANSACTION_VERSION_MIN}: run Kafka 4.0 or newer, and raise it with"
                " `kafka-features.sh upgrade --feature transaction.version=2`"
            )
        (topic,) = admin.describe_topics([RECORDS])
        return cluster, len(topic["partitions"])
    finally:
        admin.close()
