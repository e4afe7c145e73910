"""One Kafka node on this machine: its settings, its storage, its command line.

KRaft, broker and controller in one process (KIP-500). Knows nothing of topics, and does not own
the process: `processes` starts it.
"""

import base64
import subprocess
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from credit_bus_deploy.failures import InstallationError, disk_errors
from credit_bus_deploy.ports import LOOPBACK
from credit_bus_deploy.processes import ProcessSpec

HEAP_MEBIBYTES_MAX = 512
MESSAGE_BYTES_MAX = 6 * 1024 * 1024
INTERNAL_TOPIC_PARTITIONS = 4  # of __consumer_offsets and __transaction_state: one node, few groups
CLEANER_BUFFER_BYTES = 16 * 1024 * 1024  # Kafka's own 128 MiB would be a quarter of the heap
NETWORK_THREADS = 3
IO_THREADS = 4
FORMAT_WAIT_SECONDS_MAX = 60.0
START_WAIT_SECONDS_MAX = 60.0
NODE_ID = 1

_LOG4J = """\
Configuration:
  Properties:
    Property:
      - {{name: "folder", value: "{folder}"}}
  Appenders:
    RollingFile:
      - name: File
        fileName: "${{folder}}/kafka-server.log"
        filePattern: "${{folder}}/kafka-server.log.%i"
        PatternLayout: {{pattern: "[%d] %p %m (%c)%n"}}
        SizeBasedTriggeringPolicy: {{size: "8 MB"}}
        DefaultRolloverStrategy: {{max: "3"}}
  Loggers:
    Root:
      level: {level}
      AppenderRef: [{{ref: File}}]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaNode:
    """Where the node keeps its things and on which loopback ports it listens."""

    java: Path
    jars: tuple[Path, ...]
    folder: Path
    log_folder: Path
    port: int
    controller_port: int

    @property
    def address(self) -> str:
        """What clients are given as bootstrap servers."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def storage(self) -> Path:
        """Kafka's `log.dirs`."""
        return self.folder / "storage"

    @property
    def properties_file(self) -> Path:
        """Written anew at each start, since the controller's port may change."""
        return self.folder / "server.properties"

    @property
    def log4j_file(self) -> Path:
        """The configuration of Kafka's own log."""
        return self.folder / "log4j2.yaml"


def server_properties(node: KafkaNode) -> dict[str, str]:
    """Return the node's settings; what is not named here is Kafka's default."""
    return {
        "process.roles": "broker,controller",
        "node.id": str(NODE_ID),
        "controller.quorum.voters": f"{NODE_ID}@{LOOPBACK}:{node.controller_port}",
        "listeners": f"PLAINTEXT://{node.address},CONTROLLER://{LOOPBACK}:{node.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{node.address}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(node.storage),
        "num.network.threads": str(NETWORK_THREADS),
        "num.io.threads": str(IO_THREADS),
        "auto.create.topics.enable": "false",
        "default.replication.factor": "1",
        "min.insync.replicas": "1",
        "offsets.topic.num.partitions": str(INTERNAL_TOPIC_PARTITIONS),
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.num.partitions": str(INTERNAL_TOPIC_PARTITIONS),
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        "message.max.bytes": str(MESSAGE_BYTES_MAX),
        "replica.fetch.max.bytes": str(MESSAGE_BYTES_MAX),
        "replica.fetch.response.max.bytes": str(MESSAGE_BYTES_MAX),
        "log.cleaner.dedupe.buffer.size": str(CLEANER_BUFFER_BYTES),
    }


def java_command(node: KafkaNode, main_class: str, *arguments: str) -> tuple[str, ...]:
    """Return the command line of one of Kafka's main classes, with a bounded heap."""
    return (
        str(node.java),
        f"-Xmx{HEAP_MEBIBYTES_MAX}m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        "-Djava.net.preferIPv4Stack=true",
        f"-Dlog4j2.configurationFile={node.log4j_file}",
        "-cp",
        ":".join(str(jar) for jar in node.jars),
        main_class,
        *arguments,
    )


def prepare_storage(node: KafkaNode) -> None:
    """Write the settings, and format the storage if this is the first start.

    Raises InstallationError with Kafka's own words when the formatting fails.
    """
    with disk_errors(node.folder):
        node.storage.mkdir(parents=True, exist_ok=True)
        properties = server_properties(node)
        node.properties_file.write_text(
            "".join(f"{key}={_escaped(value)}\n" for key, value in properties.items()),
            encoding="utf-8",
        )
        node.log4j_file.write_text(
            _LOG4J.format(folder=str(node.log_folder).replace('"', '\\"'), level="INFO"),
            encoding="utf-8",
        )
    if not (node.storage / "meta.properties").exists():
        _format(node)


def process_spec(node: KafkaNode) -> ProcessSpec:
    """Return the row of the process table that runs the node."""
    argv = java_command(node, "kafka.Kafka", str(node.properties_file))
    return ProcessSpec(name="kafka", argv=argv, folder=node.folder)


def new_cluster_id() -> str:
    """Return a random cluster id in Kafka's form: 16 bytes, base64 for URLs, unpadded."""
    while (text := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="))[0] == "-":
        continue  # a leading hyphen would be read as an option
    return text


def _format(node: KafkaNode) -> None:
    command: Sequence[str] = java_command(
        node,
        "kafka.tools.StorageTool",
        "format",
        "--cluster-id",
        new_cluster_id(),
        "--config",
        str(node.properties_file),
        "--ignore-formatted",
    )
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=FORMAT_WAIT_SECONDS_MAX,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise InstallationError(
            f"Kafka's storage in {node.storage} was not formatted within "
            f"{FORMAT_WAIT_SECONDS_MAX:.0f} seconds: see whether the machine or disk is overloaded"
        ) from error
    if answer.returncode != 0:
        words = (answer.stderr + answer.stdout).strip().splitlines() or ["no message"]
        raise InstallationError(
            f"Kafka's storage in {node.storage} could not be formatted: {words[-1]}; "
            "remove that folder if it holds nothing, and start again"
        )


def _escaped(value: str) -> str:
    """Java properties read a backslash as the start of an escape."""
    return value.replace("\\", "\\\\")
