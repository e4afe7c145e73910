"""Asks a broker what topics and groups it has, and changes topics. Kafka's admin API, no decisions.

Every answer is bounded by the client's own time-outs, named here.
"""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import KafkaError

from credit_bus.contracts.topics import ConfigChange, TopicSpec
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.ports import answers
from credit_bus_deploy.ready import split_address

BOOTSTRAP_MILLISECONDS_MAX = 10_000
REQUEST_MILLISECONDS_MAX = 30_000
TOPICS_READY_MILLISECONDS_MAX = 30_000
TOPICS_PER_REQUEST = 100
POLL_SECONDS = 0.2


@contextmanager
def admin_of(address: str) -> Iterator[KafkaAdminClient]:
    """Yield a client of the broker. Raises InstallationError when it is not there or refuses."""
    host, port = split_address(address)
    if not answers(host, port):  # asked first: the client's own log would fill the screen
        raise InstallationError(
            f"no broker listens at {address}: start it with `credit-bus up`, or give --broker"
        )
    logging.getLogger("kafka").setLevel(logging.ERROR)
    try:
        with KafkaAdminClient(
            bootstrap_servers=address,
            bootstrap_timeout_ms=BOOTSTRAP_MILLISECONDS_MAX,
            request_timeout_ms=REQUEST_MILLISECONDS_MAX,
        ) as admin:
            yield admin
    except KafkaError as error:
        raise InstallationError(
            f"the broker at {address} refused or did not answer ({error}): read the broker's log"
        ) from error


def actual_topics(admin: KafkaAdminClient, *, prefix: str) -> dict[str, TopicSpec]:
    """Return the topics whose names begin with `prefix`, with every setting in force."""
    names = sorted(name for name in admin.list_topics() if name.startswith(prefix))
    found: dict[str, TopicSpec] = {}
    for batch in _batches(names):
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in batch]
        configs = admin.describe_configs(resources, config_filter="all")["topic"]
        for topic in admin.describe_topics(batch):
            name = topic["name"]
            found[name] = TopicSpec(
                name=name,
                partitions=len(topic["partitions"]),
                replication=min(len(each["replica_nodes"]) for each in topic["partitions"]),
                config={key: each["value"] for key, each in configs[name].items()},
            )
    return found


def create_topics(admin: KafkaAdminClient, specs: Sequence[TopicSpec]) -> None:
    """Create the topics, and return when every partition has a leader."""
    by_name = {spec.name: spec for spec in specs}
    for batch in _batches(list(by_name)):
        admin.create_topics({name: _creation(by_name[name]) for name in batch})
        admin.wait_for_topics(batch, timeout_ms=TOPICS_READY_MILLISECONDS_MAX)


def change_configs(admin: KafkaAdminClient, changes: Sequence[ConfigChange]) -> None:
    """Set what differs, and nothing else."""
    by_topic: dict[str, dict[str, str]] = {}
    for change in changes:
        by_topic.setdefault(change.topic, {})[change.setting] = change.after
    for batch in _batches(list(by_topic)):
        admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name, by_topic[name]) for name in batch]
        )


def wait_for_groups(
    address: str, groups: Sequence[str], *, wait_seconds_max: float, logs: Path
) -> None:
    """Return when every consumer group is stable with members. Raises InstallationError if not."""
    deadline = time.monotonic() + wait_seconds_max
    with admin_of(address) as admin:
        while waiting := [group for group in groups if not _is_stable(admin, group)]:
            if time.monotonic() >= deadline:
                raise InstallationError(
                    f"{', '.join(waiting)} did not join within {wait_seconds_max:g} seconds: read "
                    f"the files of their processes in {logs}"
                )
            time.sleep(POLL_SECONDS)


def _is_stable(admin: KafkaAdminClient, group: str) -> bool:
    try:
        found = admin.describe_groups([group])[group]
    except KafkaError:  # no such group yet, or its coordinator is not there yet
        return False
    return found.get("group_state") == "Stable" and bool(found.get("members"))


def _creation(spec: TopicSpec) -> Mapping[str, object]:
    return {
        "num_partitions": spec.partitions,
        "replication_factor": spec.replication,
        "configs": dict(spec.config),
    }


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), TOPICS_PER_REQUEST):
        yield list(names[start : start + TOPICS_PER_REQUEST])
