"""What a broker answers instead of yes: what passes by waiting, who is fenced, what is refused."""

from kafka.errors import for_code  # knows codes that aiokafka's table lacks

# Kafka's error codes; source: clients, `Errors.java`.
NO_ERROR = 0
LEADER_NOT_AVAILABLE = 5
CONCURRENT_TRANSACTIONS = 51
_PASSING = {
    3: "UNKNOWN_TOPIC_OR_PARTITION",
    LEADER_NOT_AVAILABLE: "LEADER_NOT_AVAILABLE",
    6: "NOT_LEADER_OR_FOLLOWER",
    7: "REQUEST_TIMED_OUT",
    13: "NETWORK_EXCEPTION",
    14: "COORDINATOR_LOAD_IN_PROGRESS",
    15: "COORDINATOR_NOT_AVAILABLE",
    16: "NOT_COORDINATOR",
    19: "NOT_ENOUGH_REPLICAS",
    20: "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
    CONCURRENT_TRANSACTIONS: "CONCURRENT_TRANSACTIONS",
    56: "KAFKA_STORAGE_ERROR",
    88: "UNSTABLE_OFFSET_COMMIT",
}
_FENCED = {
    22: "ILLEGAL_GENERATION",
    25: "UNKNOWN_MEMBER_ID",
    47: "INVALID_PRODUCER_EPOCH",
    82: "FENCED_INSTANCE_ID",
    90: "PRODUCER_FENCED",
}


class FencedError(Exception):
    """The partitions have another owner: nothing of this transaction will be seen."""


class RefusedError(Exception):
    """The broker refused, and would refuse again."""


class PassingError(Exception):
    """It passes by waiting; how long is the caller's to bound."""

    def __init__(self, code: int) -> None:
        super().__init__(_PASSING[code])
        self.code = code


def raise_for(code: int) -> None:
    """Raise what an error code means; nothing for none."""
    if code in _PASSING:
        raise PassingError(code)
    if code in _FENCED:
        raise FencedError(_FENCED[code])
    if code != NO_ERROR:
        raise RefusedError(f"Kafka's error {code}, {for_code(code).__name__}")
