"""A peer: Kafka Streams 4.4.0 with `exactly_once_v2`, in Java, with the same steps written for it.

Compiles the sources in `streams/` with the JDK at hand, against jars from a lock file of its own.
`python -m benchmarks.peers.kafka_streams lock` writes that file anew.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.peers.contracts import write_contracts
from benchmarks.peers.peer import Command, NotHereError, Worker
from credit_bus.contracts.wire import VALUE_BYTES_MAX
from credit_bus_deploy import jars
from credit_bus_deploy.java import JAVA_MAJOR_MIN, find_java

COORDINATES = (
    "org.apache.kafka:kafka-streams:4.4.0",
    "org.apache.avro:avro:1.12.1",
    "org.slf4j:slf4j-simple",
)
LOCK_COMMAND = "python -m benchmarks.peers.kafka_streams lock"
LOCK_FILE = Path(__file__).with_name("streams.lock.toml")
SOURCES = Path(__file__).with_name("streams")
COMPILE_SECONDS_MAX = 120.0

# A heap of one size; the throughput collector (on two cores as fast as the serial one, and ahead of
# G1); quiet logs; and no text longer than a body may be: Avro for Java makes room for whatever
# length a message claims.
JVM_OPTIONS = (
    "-Xms512m",
    "-Xmx512m",
    "-XX:+UseParallelGC",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    f"-Dorg.apache.avro.limits.string.maxLength={VALUE_BYTES_MAX}",
    f"-Dorg.apache.avro.limits.bytes.maxLength={VALUE_BYTES_MAX}",
    f"-Dorg.apache.avro.limits.collectionItems.maxLength={VALUE_BYTES_MAX}",
)


def prepare(folder: Path, *, threads: int, commit_ms: int) -> Command:
    """Compile the peer into the folder; return how a worker is started. Raises NotHereError."""
    javac = find_javac(os.environ)
    java = find_java()  # the one that runs the broker: the packaged one is newer and the faster
    libraries = jars.ensure_jars(
        jars.parse_lock(LOCK_FILE.read_text(encoding="utf-8")), jars.cache_folder()
    )
    classes = folder / "classes"
    classes.mkdir()
    class_path = os.pathsep.join(map(str, (classes, *libraries)))
    options = ["-Xlint:all", "-Werror", "--release", str(JAVA_MAJOR_MIN), "-encoding", "UTF-8"]
    sources = sorted(map(str, SOURCES.rglob("*.java")))
    subprocess.run(
        [str(javac), *options, "-cp", class_path, "-d", str(classes), *sources],
        check=True,
        timeout=COMPILE_SECONDS_MAX,
    )

    def command(worker: Worker) -> list[str]:
        contracts = worker.state / "contracts.json"
        write_contracts(contracts, worker.registry)
        return [
            *(str(java), *JVM_OPTIONS, "-cp", class_path, "gate.Main", *worker.options()),
            *("--contracts", str(contracts)),
            *("--threads", str(threads), "--commit-ms", str(commit_ms)),
        ]

    return command


def find_javac(environment: Mapping[str, str]) -> Path:
    """Return the compiler of a JDK that is new enough. Raises NotHereError."""
    home = environment.get("JAVA_HOME")
    on_path = shutil.which("javac", path=environment.get("PATH", ""))
    found = [Path(home) / "bin/javac"] if home else []
    found += [Path(on_path)] if on_path else []
    for javac in found:
        if javac.is_file() and _major(javac) >= JAVA_MAJOR_MIN:
            return javac
    raise NotHereError(
        f"no JDK of Java {JAVA_MAJOR_MIN} or newer: neither JAVA_HOME nor PATH has a javac of one"
    )


def _major(javac: Path) -> int:
    """Return the major version that a compiler says it has: `javac 17.0.15`."""
    said = subprocess.run([str(javac), "-version"], capture_output=True, text=True, check=False)
    version = said.stdout.removeprefix("javac ").split(".")[0].strip()
    return int(version) if version.isdigit() else 0


def main() -> None:
    """Run from the command line."""
    if sys.argv[1:] != ["lock"]:
        sys.exit(f"usage: {LOCK_COMMAND}")
    text = jars.resolve_lock(COORDINATES, command=LOCK_COMMAND)
    LOCK_FILE.write_text(text, encoding="utf-8")
    print(f"{len(jars.parse_lock(text))} jars locked in {LOCK_FILE}")


if __name__ == "__main__":
    main()
