"""How many rows of an outbox table go through in a second: taken, said, judged, answered.

`python -m benchmarks.outbox_table` starts a broker, a gate and a PostgreSQL of its own.
"""

import json
import resource
import tempfile
import time
from pathlib import Path

import psycopg
from tests.bus import own_bus
from tests.integration.departments.outbox_rig import Adapter, department, insert, penalty

from credit_bus_deploy import postgres, processes, ready

ROWS = 10_000
SUBJECTS = 1_000


def main() -> None:
    """Fill an outbox, answer it, print the rates."""
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as name:
        home = Path(name)
        server = postgres.server_in(home / "postgres")
        postgres.prepare_storage(server)
        spec = postgres.process_spec(server)
        child = processes.spawn(spec, log_folder=home)
        try:
            ready.wait_for_database(server.url("postgres"))
            ready.ensure_database(server.url("postgres"), "keys")
            with own_bus(home) as bus, department(server) as dept:
                bus.start("gate")
                with psycopg.connect(dept.application) as connection:
                    rows = [penalty(f"文号{n}号", subject=n % SUBJECTS) for n in range(ROWS)]
                    insert(connection, rows)
                began = time.perf_counter()
                adapter = Adapter(bus.broker, dept.adapter, server.url("keys"), home)
                adapter.start("--once")
                assert adapter.process is not None
                before = _seconds_of_ended()
                assert adapter.process.wait() == 0
                own = _seconds_of_ended() - before
                _print(adapter, time.perf_counter() - began, own)
        finally:
            processes.stop(child, spec.stop_signal)


def _seconds_of_ended() -> float:
    """Return the processor's seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _print(adapter: Adapter, seconds: float, own_seconds: float) -> None:
    batches = adapter.logged("table.batch")
    taken = sum(line["seconds"] for line in batches)
    print(
        json.dumps(
            {
                "rows": ROWS,
                "batches": len(batches),
                "said_per_second": round(ROWS / taken),
                "answered_per_second_with_start": round(ROWS / seconds),
                "rows_per_processor_second": round(ROWS / own_seconds),
            }
        )
    )


if __name__ == "__main__":
    main()
