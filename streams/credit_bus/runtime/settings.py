"""What a worker is started with, and its bounds. Nothing here reads the environment."""

from dataclasses import dataclass, field
from pathlib import Path

from credit_bus.flows.limit import QuarantinePolicy

_GROUP_PREFIX = "credit-bus."


def group_of(stage: str) -> str:
    """Return the consumer group under which a stage keeps its offsets."""
    return _GROUP_PREFIX + stage


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """One worker process: one stage, any number of partitions of its topics."""

    stage: str
    broker: str
    registry_folder: Path
    state_folder: Path
    log_level: str = "INFO"
    records_per_fetch_max: int = 2_000
    fetches_queued_max: int = 2  # then the fetcher waits
    session_timeout_seconds: float = 10.0
    transaction_timeout_seconds: float = 30.0
    commit_wait_seconds_max: float = 25.0  # less than the transaction's own time-out
    catch_up_wait_seconds_max: float = 60.0  # without any progress
    stop_wait_seconds_max: float = 15.0
    stuck_seconds_max: float = 90.0  # lag stays and the committed offset does not move
    watch_interval_seconds: float = 10.0
    quarantine: QuarantinePolicy = field(default_factory=QuarantinePolicy)
