"""Who is compared: this project first, then its peers."""

import subprocess
import sys
from functools import partial
from pathlib import Path

from benchmarks.peers import kafka_streams
from benchmarks.peers.peer import Command, NotHereError, Peer, Worker

OURS = "credit-bus"
IMPORT_SECONDS_MAX = 60.0


def roster(*, peers_python: Path, threads: int, commit_ms: int) -> tuple[Peer, ...]:
    """Return the peers, ours first; `peers_python` has those that contradict our own pins."""
    ours = partial(_in_python, Path(sys.executable), "aiokafka")
    others = partial(_in_python, peers_python, "quixstreams")
    return (
        Peer(name=OURS, prepare=lambda _: _ours),
        Peer(name="aiokafka by hand", prepare=partial(ours, "by_hand")),
        Peer(
            name="Kafka Streams",
            prepare=partial(kafka_streams.prepare, threads=threads, commit_ms=commit_ms),
        ),
        Peer(name="Quix Streams", prepare=partial(others, "quix")),
        Peer(name="plain Faust", prepare=partial(ours, "plain_faust"), share=0.1),
    )


def _ours(worker: Worker) -> list[str]:
    return [
        *(sys.executable, "-m", "credit_bus_deploy", "worker", worker.stage),
        *("--broker", worker.broker, "--state", str(worker.state)),
        *("--registry", str(worker.registry), "--log-level", "WARNING"),
    ]


def _in_python(python: Path, needs: str, module: str, _: Path) -> Command:
    """Return how a peer of this package is started. Raises NotHereError without its library."""
    if not python.is_file():
        raise NotHereError(f"no {python}; make it with `make peers`")
    said = subprocess.run(
        [str(python), "-W", "ignore", "-c", f"import {needs}"],
        capture_output=True,
        timeout=IMPORT_SECONDS_MAX,
        check=False,
    )
    if said.returncode:
        raise NotHereError(f"{python} has no {needs}; renew it with `make peers`")

    def command(worker: Worker) -> list[str]:
        return [str(python), "-m", f"benchmarks.peers.{module}", *worker.options()]

    return command
