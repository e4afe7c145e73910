"""How long an answer takes over many stored records: `POST /enquiries` of the real web process.

`python -m benchmarks.enquiry --records 1000000` starts a PostgreSQL of its own, fills it, starts
`credit-bus web`, and asks at a fixed rate, each time about another subject. A delay counts from the
moment an enquiry was due, so a stall shows in every enquiry that it held up. Beside each enquiry
the same subject's records are selected by the same index, barely, and a small row is written and
committed, as each answer's line is: the floors of the same run. Processor time is the web process's
own, steadier than a delay when others use the machine.
"""

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg

from benchmarks.enquiry_store import MANY, Filled, fill
from credit_bus_connectors.departments.http.keys import SCHEMA, create_key
from credit_bus_connectors.platforms.postgres import Database
from credit_bus_deploy import ports, postgres, processes, ready
from credit_bus_deploy.table import web_url

ASKERS = 4  # connections, each with keys of its own
KEYS_EACH = 5  # no key may ask more than 20 times a second
WARM_UP = 200
MANY_SHARE = 0.01  # of enquiries about a subject with many records
GOAL_MILLISECONDS = 20.0
QUANTILES = (0.5, 0.99, 0.999)
_FLOOR = (
    "SELECT type, provider, document, revision FROM district.current_record"
    " WHERE subject_key = %s AND type = ANY (%s)"
)
_TYPES = ["penalty.decided", "defaulter.listed", "listing.entered"]


@dataclass(slots=True)
class Taken:
    """Milliseconds by what was asked."""

    few: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)  # from sending, the asker's lateness apart
    floor_few: list[float] = field(default_factory=list)
    floor_many: list[float] = field(default_factory=list)
    commit: list[float] = field(default_factory=list)


class Asker(threading.Thread):
    """One connection that asks at its moments, whatever the answers take."""

    def __init__(
        self, number: int, url: str, database: str, keys: Sequence[str], filled: Filled
    ) -> None:
        super().__init__(daemon=True)
        address = urlsplit(url)
        self._http = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        self._floor = psycopg.connect(database, autocommit=True)
        self._keys = keys
        self._filled = filled
        self._number = number
        self._chance = random.Random(number)
        self.every = 1.0
        self.count = 0
        self.taken = Taken()

    def run(self) -> None:
        """Ask so many times, every so many seconds."""
        began = time.perf_counter() + self._number * self.every / ASKERS
        for turn in range(self.count):
            due = began + turn * self.every
            time.sleep(max(0.0, due - time.perf_counter()))
            self._turn(turn, due)

    def _turn(self, turn: int, due: float) -> None:
        is_many = self._chance.random() < MANY_SHARE
        subject = self._chance.choice(self._filled.many if is_many else self._filled.few)
        body = {
            "enquiry_number": f"测〔2026〕{self._number}-{self.count}-{turn}号",
            "subject": subject,
            "purpose": "government-procurement",
            "procedure": "供应商资格审查",
            "case_reference": f"采{turn}",
        }
        headers = {
            "authorization": f"Bearer {self._keys[turn % len(self._keys)]}",
            "content-type": "application/json",
        }
        sent = time.perf_counter()
        self._http.request("POST", "/enquiries", json.dumps(body), headers)
        answer = self._http.getresponse()
        content = answer.read()
        done = time.perf_counter()
        assert answer.status == 200, content[:500]
        self._floor.execute(_FLOOR, [subject, _TYPES]).fetchall()
        floor = time.perf_counter() - done
        self._floor.execute("INSERT INTO floor DEFAULT VALUES")
        taken = self.taken
        taken.commit.append((time.perf_counter() - done - floor) * 1000)
        (taken.many if is_many else taken.few).append((done - due) * 1000)
        taken.sent.append((done - sent) * 1000)
        (taken.floor_many if is_many else taken.floor_few).append(floor * 1000)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that so large a share of them does not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, -int(-share * len(ranked) // 1) - 1))]


def ask(askers: Sequence[Asker], *, rate: float, count: int) -> None:
    """Have all ask together at that rate, and wait for them."""
    for each in askers:
        each.every, each.count = len(askers) / rate, count // len(askers)
        each.start()
    for each in askers:
        each.join()


def shown(askers: Sequence[Asker], filled: Filled, *, rate: float, seconds: float) -> str:
    """Return the table."""

    def of(name: str) -> list[float]:
        return [value for each in askers for value in getattr(each.taken, name)]

    everything = of("few") + of("many")
    floor = of("floor_few") + of("floor_many")
    rows = [
        ("enquiry, from when it was due", everything),
        ("enquiry, from when it was sent", of("sent")),
        ("about a subject with few records", of("few")),
        (f"about a subject with {MANY} records", of("many")),
        ("bare SELECT of the same subjects", floor),
        ("bare row, committed", of("commit")),
        (f"bare SELECT, {MANY} records", of("floor_many")),
    ]
    subjects = len(filled.few) + len(filled.many)
    of_all = f"{filled.records:,} records, {subjects:,} subjects, {filled.actions:,} actions"
    lines = [
        f"{of_all}; {rate:g} enquiries/s",
        "",
        "| what | times | p50 ms | p99 ms | p99.9 ms | max ms |",
        "|---|---|---|---|---|---|",
    ]
    for name, values in rows:
        if values:
            told = " | ".join(f"{quantile(values, share):.2f}" for share in QUANTILES)
            lines.append(f"| {name} | {len(values):,} | {told} | {max(values):.2f} |")
    ratio = [quantile(everything, share) / quantile(floor, share) for share in QUANTILES[:2]]
    kept = "kept" if quantile(everything, 0.99) < GOAL_MILLISECONDS else "missed"
    own = seconds / len(everything) * 1000
    lines += ["", f"enquiry / SELECT: p50 {ratio[0]:.1f}, p99 {ratio[1]:.1f}"]
    lines.append(f"processor time of the web process: {own:.2f} ms an enquiry")
    lines.append(f"goal, p99 below {GOAL_MILLISECONDS:g} ms: {kept}")
    return "\n".join(lines)


@contextmanager
def database() -> Iterator[tuple[str, Path]]:
    """Yield the URL of a database on a server of its own, and a folder."""
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as name:
        home = Path(name)
        server = postgres.server_in(home / "postgres")
        postgres.prepare_storage(server)
        spec = postgres.process_spec(server)
        child = processes.spawn(spec, log_folder=home)
        try:
            ready.wait_for_database(server.url("postgres"))
            ready.ensure_database(server.url("postgres"), "district")
            yield server.url("district"), home
        finally:
            processes.stop(child, spec.stop_signal)


@contextmanager
def web(home: Path, url: str) -> Iterator[tuple[str, psutil.Process]]:
    """Yield the address of a web process that answers enquiries, and the process."""
    secret = home / "secret"
    secret.write_text("73" * 32)
    port = ports.free_port()
    command = [sys.executable, "-m", "credit_bus_deploy", "web", "--port", str(port)]
    command += ["--log-level", "WARNING"]
    environment = {"CREDIT_BUS_DATABASE": url, "CREDIT_BUS_SECRET_FILE": str(secret)}
    with (home / "web.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log)
    try:
        ready.wait_for_web(web_url(port), wait_seconds_max=60.0, log=home / "web.log")
        yield web_url(port), psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def askers_of(url: str, address: str, filled: Filled, numbers: range) -> list[Asker]:
    """Return askers with keys of their own."""
    keys = Database(url, schema=SCHEMA)
    try:
        return [
            Asker(
                number,
                address,
                url,
                [create_key(keys, "finance")[0] for _ in range(KEYS_EACH)],
                filled,
            )
            for number in numbers
        ]
    finally:
        keys.close()


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=50.0, help="enquiries a second")
    parser.add_argument("--seconds", type=float, default=120.0)
    options = parser.parse_args()
    with database() as (url, home):
        filled = fill(url, options.records)
        print(f"filled in {filled.seconds:.0f} s", file=sys.stderr)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE floor (n bigint GENERATED ALWAYS AS IDENTITY)")
        with web(home, url) as (address, process):
            ask(askers_of(url, address, filled, range(100, 100 + ASKERS)), rate=50, count=WARM_UP)
            askers = askers_of(url, address, filled, range(ASKERS))
            before = process.cpu_times()
            ask(askers, rate=options.rate, count=round(options.rate * options.seconds))
            used = process.cpu_times()
            seconds = used.user + used.system - before.user - before.system
            print(shown(askers, filled, rate=options.rate, seconds=seconds))


if __name__ == "__main__":
    main()
