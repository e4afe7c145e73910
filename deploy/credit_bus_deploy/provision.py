"""Makes a broker's topics what the topic files and the registry say.

The comparison is `credit_bus.contracts.topics`; the requests are `broker_admin`. This is the order
of the two, and the refusals of both in one form.
"""

import time
from pathlib import Path

from kafka.admin import KafkaAdminClient

from credit_bus.contracts.topics import (
    Plan,
    TopicFilesError,
    TopicSpec,
    describe,
    desired_topics,
    load_topic_files,
    plan,
)
from credit_bus.domain.registry import Registry
from credit_bus_deploy.broker_admin import actual_topics, admin_of, change_configs, create_topics
from credit_bus_deploy.failures import InstallationError

PREFIX = "credit."
SEEN_SECONDS_MAX = 10.0
POLL_SECONDS = 0.1


def wanted_topics(
    registry: Registry, *, partitions: int, replication: int, topic_folder: Path | None = None
) -> dict[str, TopicSpec]:
    """Return every topic the registry's parties need. Raises InstallationError for bad files."""
    try:
        files = load_topic_files(topic_folder)
        return desired_topics(files, registry.parties, partitions, replication)
    except TopicFilesError as error:
        raise InstallationError(str(error)) from error
    except ValueError as error:
        raise InstallationError(f"the topics cannot be planned: {error}") from error


def plan_topics(broker: str, registry: Registry, *, partitions: int, replication: int) -> Plan:
    """Return what separates the broker's topics from the files. Changes nothing."""
    wanted = wanted_topics(registry, partitions=partitions, replication=replication)
    with admin_of(broker) as admin:
        return plan(wanted, actual_topics(admin, prefix=PREFIX))


def apply_topics(broker: str, registry: Registry, *, partitions: int, replication: int) -> Plan:
    """Make the broker's topics as the files say; return what was done.

    Raises InstallationError when the plan holds a refusal (then nothing is changed), and when the
    broker, asked again, is still not as wanted.
    """
    wanted = wanted_topics(registry, partitions=partitions, replication=replication)
    with admin_of(broker) as admin:
        found = plan(wanted, actual_topics(admin, prefix=PREFIX))
        if found.refused:
            raise InstallationError("; ".join(found.refused))
        create_topics(admin, found.create)
        change_configs(admin, found.change)
        if found.is_done:
            return found
        left = _left_after_a_while(admin, wanted)
    if not left.is_done:
        raise InstallationError(
            "the broker took the changes and still shows other topics; apply again, and look for "
            f"another program that changes them:\n{describe(left)}"
        )
    return found


def _left_after_a_while(admin: KafkaAdminClient, wanted: dict[str, TopicSpec]) -> Plan:
    """Return what is still not as wanted.

    The controller has taken the changes; the broker that is asked shows them a moment later.
    """
    deadline = time.monotonic() + SEEN_SECONDS_MAX
    while True:
        left = plan(wanted, actual_topics(admin, prefix=PREFIX))
        if left.is_done or time.monotonic() >= deadline:
            return left
        time.sleep(POLL_SECONDS)
