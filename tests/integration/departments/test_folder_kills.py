"""A folder's process killed in the middle of a file: the log of record has every good row once."""

import csv
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import openpyxl
import pytest
from tests import samples
from tests.bus import Bus, own_bus
from tests.unit.departments.rows import NATURAL_PERSON, csv_text, penalties

from credit_bus.domain.channels import RECORDS
from credit_bus.domain.event_types import PENALTY_DECIDED

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]

PARTY = "market-regulation"
GOOD, BAD = 4_000, 60
KILLS = 4
DONE_SECONDS_MAX = 240.0
POLL_SECONDS = 0.01


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    """A bus with its gate."""
    with own_bus(tmp_path_factory.mktemp("bus")) as started:
        started.start("gate")
        yield started


def rows(mark: str) -> list[list[str]]:
    """Return header and rows, every bad one with a date that is none."""
    made = penalties(GOOD + BAD)
    number, day = made[0].index("行政处罚决定书文号"), made[0].index("处罚决定日期")
    person = penalties(1, **NATURAL_PERSON)[1]
    for index, row in enumerate(made[1:]):
        if index % 7 == 0:
            row[:] = person
        row[number] = f"甘罚〔{mark}〕{index}号"
        if index % (GOOD // BAD) == 1 and index // (GOOD // BAD) < BAD:
            row[day] = "去年"
    return made


def write(path: Path, content: list[list[str]]) -> None:
    """Write the rows as the kind of file that the name tells; a workbook has them in two sheets."""
    path.parent.mkdir(parents=True)
    if path.suffix == ".csv":
        path.write_text(csv_text(content), "gb18030")
        return
    book = openpyxl.Workbook(write_only=True)
    half = len(content) // 2
    for name, part in (("法人处罚", content[1:half]), ("自然人处罚", content[half:])):
        sheet = book.create_sheet(name)
        for row in (content[0], *part):
            sheet.append(row)
    book.save(path)


def numbers(bus: Bus, mark: str) -> Counter[str]:
    """Return how often each decision of the file stands in the log of record."""
    codec = samples.codec()
    bodies = [
        codec.decode(seen.value or b"", expected_type=PENALTY_DECIDED) for seen in bus.read(RECORDS)
    ]
    said = [body["document_number"] for body in bodies if isinstance(body, Mapping)]
    return Counter(number for number in said if f"〔{mark}〕" in number)


def staged(ledger: Path) -> int:
    """Return how many rows the adapter has written down: a batch is, just before it is said."""
    if not ledger.exists():
        return 0
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
        try:
            (count,) = connection.execute("SELECT count(*) FROM statement").fetchone()
        except sqlite3.OperationalError:  # not made yet, or being made
            return 0
    return int(count)


@pytest.mark.parametrize("name", ["p.csv", "p.xlsx"])
def test_a_process_killed_in_the_middle_of_a_file_doubles_and_loses_nothing(
    bus: Bus, database: str, tmp_path: Path, name: str
) -> None:
    mark = name
    content = rows(mark)
    folder = tmp_path / PARTY
    write(folder / "in" / name, content)
    secret = tmp_path / "secret"
    secret.write_text("5" * 64)
    secret.chmod(0o600)
    command = [sys.executable, "-m", "credit_bus_deploy", "folder", PARTY, str(folder)]
    command += ["--broker", bus.broker, "--database", database, "--secret-file", str(secret)]
    deadline = monotonic() + DONE_SECONDS_MAX

    ledger, killed = folder / "state" / "ledger.sqlite", 0
    with (tmp_path / "log").open("wb") as log:
        for kill in range(1, KILLS + 1):
            process = subprocess.Popen([*command, "--once"], stdout=log, stderr=log)
            while process.poll() is None and monotonic() < deadline:
                if staged(ledger) >= kill * GOOD // (KILLS + 2):
                    process.kill()
                    killed += 1
                    break
                sleep(POLL_SECONDS)
            process.wait(DONE_SECONDS_MAX)
        assert (folder / "in" / name).exists(), "the file was done before it was killed"
        subprocess.run(
            [*command, "--once"],
            stdout=log, stderr=log, check=True, timeout=DONE_SECONDS_MAX,
        )  # fmt: skip

    result = json.loads((folder / "done" / "p.result.json").read_text("utf-8"))
    with (folder / "done" / "p.errors.csv").open(encoding="utf-8-sig", newline="") as stream:
        refused = {(line[0], line[1]) for line in list(csv.reader(stream))[1:]}
    bad = [row for row in content[1:] if "去年" in row]
    number = content[0].index("行政处罚决定书文号")
    good = Counter(row[number] for row in content[1:] if "去年" not in row)

    assert KILLS == killed
    assert BAD == len(bad) == len(refused)
    assert good == numbers(bus, mark)
    assert (GOOD + BAD, GOOD, 0, BAD) == tuple(
        result[name] for name in ("rows", "accepted", "duplicates", "rejected")
    )
    assert [] == list((folder / "in").iterdir())
