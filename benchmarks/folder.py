"""A department's file of many rows against a real gate: `python -m benchmarks.folder [ROWS]`.

Starts a broker, a gate and a PostgreSQL of its own, and runs `credit-bus folder --once` for a CSV
file and a workbook of made-up penalties. Prints seconds, rows a second and peak memory.
"""

import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.bus import own_bus
from tests.unit.departments.big_files import peak_mebibytes, write_big_csv, write_big_xlsx

from credit_bus_deploy import postgres, processes, ready

ROWS = 100_000
POLL_SECONDS = 0.05
PARTY = "market-regulation"
FILES = (("f.csv", write_big_csv), ("f.xlsx", write_big_xlsx))


def main(rows: int) -> None:
    """Take in both files, each in a home of its own, and print the table."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="credit-bus-")))
        server = postgres.server_in(home / "postgres")
        postgres.prepare_storage(server)
        spec = postgres.process_spec(server)
        child = processes.spawn(spec, log_folder=home)
        stack.callback(processes.stop, child, spec.stop_signal)
        ready.wait_for_database(server.url("postgres"), alive=lambda: child.poll() is None)
        (home / "secret").write_text("5" * 64)
        print("| file | MiB | rows | accepted | seconds | rows/s | peak MiB |")
        print("|---|---|---|---|---|---|---|")
        for name, write in FILES:
            folder = home / name.replace(".", "-") / PARTY
            (folder / "in").mkdir(parents=True)
            write(folder / "in" / name, rows)
            size = (folder / "in" / name).stat().st_size / 1024 / 1024
            database = name.replace(".", "_")
            ready.ensure_database(server.url("postgres"), database)
            with own_bus(folder) as bus:
                bus.start("gate")
                command = [sys.executable, "-m", "credit_bus_deploy", "folder", PARTY, str(folder)]
                command += ["--broker", bus.broker, "--database", server.url(database)]
                command += ["--secret-file", str(home / "secret"), "--once"]
                began = time.monotonic()
                process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
                peak = 0.0
                while (status := process.poll()) is None:
                    peak = peak_mebibytes(process.pid) or peak
                    time.sleep(POLL_SECONDS)
                seconds = time.monotonic() - began
            if status:
                raise SystemExit(f"{name}: the folder's process ended with {status}")
            result = json.loads((folder / "done" / "f.result.json").read_text("utf-8"))
            print(
                f"| {name} | {size:.1f} | {result['rows']} | {result['accepted']}"
                f" | {seconds:.1f} | {result['rows'] / seconds:.0f}"
                f" | {peak:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
