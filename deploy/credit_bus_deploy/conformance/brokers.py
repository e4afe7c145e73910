"""The broker of an exchange: one of the kit's own, or a given one on which no bus runs."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from kafka.errors import KafkaError

from credit_bus.domain.registry import Registry
from credit_bus_deploy import jars, java, kafka, ports, processes, ready
from credit_bus_deploy.broker_admin import admin_of
from credit_bus_deploy.choices import PARTITIONS_DEFAULT, require_free
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.provision import apply_topics
from credit_bus_deploy.table import STAGES, group_of

Told = Callable[[str], None]


@contextmanager
def own_broker(
    home: Path, registry: Registry, party: str, *, port: int | None, told: Told
) -> Iterator[str]:
    """Yield the address of a broker with the party's topics, which ends with the block."""
    alone = replace(registry, parties={party: registry.parties[party]})
    chosen = port or ports.free_port()
    require_free(chosen, what="Kafka", remedy="give another --kafka-port")
    told("正在启动检测用的 Kafka")
    node = kafka.KafkaNode(
        java=java.find_java(),
        jars=jars.ensure_jars(jars.locked_jars(), jars.cache_folder()),
        folder=home / "kafka",
        log_folder=home,
        port=chosen,
        controller_port=ports.free_port(),
    )
    kafka.prepare_storage(node)
    spec = kafka.process_spec(node)
    with ExitStack() as stack:
        child = processes.spawn(spec, log_folder=home)
        stack.callback(processes.stop, child, spec.stop_signal)
        ready.wait_for_broker(
            node.address, alive=lambda: child.poll() is None, log=home / "kafka-server.log"
        )
        apply_topics(node.address, alone, partitions=PARTITIONS_DEFAULT, replication=1)
        yield node.address


def require_no_bus(broker: str) -> None:
    """Raise InstallationError when a gate or a router works on the broker.

    It would answer beside the kit; and made-up statements must not reach a bus in use.
    """
    with admin_of(broker) as admin:
        for stage in STAGES:
            group = group_of(f"worker-{stage}")
            assert group is not None, "every stage has a group"
            try:
                members = admin.describe_groups([group])[group].get("members")
            except KafkaError:  # no such group
                continue
            if members:
                raise InstallationError(
                    f"a bus runs on the broker at {broker} ({group}): give a broker for tests, or "
                    "leave --broker out"
                )
