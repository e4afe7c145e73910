"""A department's folder against a real broker and a real database."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from tests import samples
from tests.integration.departments.small_gate import make_topics, small_gate
from tests.registry_copy import EXAMPLE
from tests.unit.departments.rows import NATURAL_PERSON, PERSON, csv_text, penalties
from tests.unit.departments.workbooks import parts_of, sheet_of, write_parts

from credit_bus.contracts.codec import Codec
from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.files.folder import run_folder, run_folders

pytestmark = pytest.mark.broker

SECRET = b"s" * 32
DONE_SECONDS_MAX = 30.0
POLL_SECONDS = 0.05
REFUSAL = (Reason(code="some-rule", field="subject.uscc", rule="规则", remedy="办法"),)


@pytest.fixture
def codec() -> Codec:
    return samples.codec()


@pytest.fixture
def party(broker: str, unique_name: Callable[[str], str]) -> str:
    name = unique_name("dept")
    make_topics(broker, name)
    return name


@pytest.fixture
def registry_folder(tmp_path: Path, party: str) -> Path:
    """A registry that has the party of this test."""
    folder = tmp_path / "registry"
    folder.mkdir()
    for path in EXAMPLE.glob("*.toml"):
        (folder / path.name).write_bytes(path.read_bytes())
    with (folder / "parties.toml").open("a", encoding="utf-8") as stream:
        stream.write(
            f'\n[[department]]\ncode = "{party}"\nname = "新局"\nsince = 2020-01-01\n'
            'publishes = ["penalty.decided", "record.corrected", "record.withdrawn"]\n'
            "checked = false\n"
        )
    return folder


@pytest.fixture
def run_once(
    broker: str, database: str, registry_folder: Path, party: str, tmp_path: Path
) -> Callable[[], None]:
    def run() -> None:
        run_folder(
            party=party,
            folder=tmp_path / party,
            broker=broker,
            database=database,
            registry_folder=registry_folder,
            secret=SECRET,
            once=True,
        )

    return run


def hand_in(folder: Path, name: str, rows: list[list[str]], encoding: str = "utf-8") -> None:
    (folder / "in").mkdir(parents=True, exist_ok=True)
    (folder / "in" / name).write_text(csv_text(rows), encoding)


def counts(folder: Path, stem: str) -> dict[str, Any]:
    found = json.loads((folder / "done" / f"{stem}.result.json").read_text("utf-8"))
    return {key: found[key] for key in ("rows", "accepted", "duplicates", "rejected")}


def errors(folder: Path, stem: str) -> list[list[str]]:
    with (folder / "done" / f"{stem}.errors.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [row[1:4] for row in csv.reader(stream)][1:]


def test_a_party_the_registry_does_not_know_is_an_error(
    run_once: Callable[[], None], registry_folder: Path, party: str
) -> None:
    parties = registry_folder / "parties.toml"
    parties.write_text(parties.read_text("utf-8").replace(party, "another-bureau"), "utf-8")

    with pytest.raises(ValueError, match="is no party of the registry"):
        run_once()


def test_every_row_is_answered_and_good_rows_go_through(
    broker: str, party: str, codec: Codec, tmp_path: Path, run_once: Callable[[], None]
) -> None:
    rows = penalties(6)
    columns = rows[0]
    rows[2][columns.index("处罚决定日期")] = "去年"
    rows[2][columns.index("违法事实")] = "无"
    rows.append(rows[1])  # the same statement twice in one file
    rows[4][columns.index("备注")] = "退回"
    hand_in(tmp_path / party, "p.csv", [[*row, "多余"] for row in rows], "gb18030")

    with small_gate(
        broker, party, codec, lambda event: REFUSAL if event.body["remark"] == "退回" else ()
    ) as said:
        run_once()

    folder = tmp_path / party
    assert [] == list((folder / "in").iterdir())
    assert ["p.csv", "p.errors.csv", "p.result.json"] == sorted(
        path.name for path in (folder / "done").iterdir()
    )
    assert {"rows": 7, "accepted": 4, "duplicates": 1, "rejected": 2} == counts(folder, "p")
    assert [
        ["1", "多余", "column-unknown"],
        ["3", "违法事实", "cell-required"],
        ["3", "处罚决定日期", "cell-date"],
        ["5", "行政相对人代码_1(统一社会信用代码)", "some-rule"],
    ] == errors(folder, "p")
    assert 5 == len(said)


def test_what_was_said_before_is_not_said_again_and_a_change_is_the_next_revision(
    broker: str, party: str, codec: Codec, tmp_path: Path, run_once: Callable[[], None]
) -> None:
    folder = tmp_path / party
    rows = penalties(3, **NATURAL_PERSON)
    with small_gate(broker, party, codec) as said:
        hand_in(folder, "p.csv", rows)
        run_once()
        hand_in(folder, "p.csv", rows)
        run_once()
        rows[1][rows[0].index("处罚内容")] = "罚款三千元"
        hand_in(folder, "q.csv", rows)
        run_once()

    assert {"rows": 3, "accepted": 3, "duplicates": 0, "rejected": 0} == counts(folder, "p")
    assert {"rows": 3, "accepted": 0, "duplicates": 3, "rejected": 0} == counts(folder, "p-2")
    assert json.loads((folder / "done/p-2.result.json").read_text("utf-8"))["seen_before"]
    assert {"rows": 3, "accepted": 1, "duplicates": 2, "rejected": 0} == counts(folder, "q")
    assert [1, 1, 1, 2] == [event.revision for event in said]
    assert 64 == len(said[0].subject)
    assert PERSON.encode() not in codec.encode(said[0].type, said[0].body)


def test_a_workbook_is_answered_by_sheet_and_known_again_by_its_content(
    broker: str, party: str, codec: Codec, tmp_path: Path, run_once: Callable[[], None]
) -> None:
    folder = tmp_path / party
    bad = penalties(2)
    bad[2][bad[0].index("处罚决定日期")] = "去年"
    sheets = {
        "=法人处罚": sheet_of(bad),
        "自然人处罚": sheet_of(penalties(3, **NATURAL_PERSON)[::3]),
    }
    with small_gate(broker, party, codec) as said:
        content = write_parts(tmp_path / "p.xlsx", parts_of(sheets)).read_bytes()
        for _ in range(2):
            (folder / "in").mkdir(parents=True, exist_ok=True)
            (folder / "in" / "p.xlsx").write_bytes(content)
            run_once()

    first, again = (
        json.loads((folder / "done" / f"{stem}.result.json").read_text("utf-8"))
        for stem in ("p", "p-2")
    )
    lines = (folder / "done" / "p.errors.csv").read_text("utf-8-sig").splitlines()
    assert 2 == len(said)
    assert [("=法人处罚", 2, 1, 0, 1), ("自然人处罚", 1, 1, 0, 0)] == by_sheet(first)
    assert [("=法人处罚", 2, 0, 1, 1), ("自然人处罚", 1, 0, 1, 0)] == by_sheet(again)
    assert (False, True) == (first["seen_before"], again["seen_before"])
    assert ["'=法人处罚,3,处罚决定日期,cell-date"] == [line[:25] for line in lines[1:]]
    assert {"p.xlsx", "p-2.xlsx"} <= {path.name for path in (folder / "done").iterdir()}


def by_sheet(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("sheet", "rows", "accepted", "duplicates", "rejected")
    return [tuple(sheet[name] for name in names) for sheet in result["sheets"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"\xff\xff", "file-encoding"),
        ("甲,乙\n1,2\n".encode(), "file-template"),
        ("行政处罚决定书文号,违法行为类型\n1,2\n".encode(), "column-missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_whole(
    party: str, tmp_path: Path, run_once: Callable[[], None], content: bytes, code: str
) -> None:
    folder = tmp_path / party
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "p.csv").write_bytes(content)
    run_once()

    assert {"rows": 0, "accepted": 0, "duplicates": 0, "rejected": 0} == counts(folder, "p")
    assert code == errors(folder, "p")[0][2]
    assert [] == list((folder / "in").iterdir())


def test_folders_of_parties_are_watched_and_others_left_alone(
    broker: str,
    database: str,
    party: str,
    codec: Codec,
    registry_folder: Path,
    tmp_path: Path,
) -> None:
    folders = tmp_path / "adapters"
    hand_in(folders / party, "p.csv", penalties(3))
    hand_in(folders / party, "q.csv.part", penalties(1))
    hand_in(folders / "stranger", "p.csv", penalties(1))
    with small_gate(broker, party, codec) as said:
        run_folders(
            folder=folders,
            broker=broker,
            database=database,
            registry_folder=registry_folder,
            secret=SECRET,
            once=True,
        )

    assert 3 == len(said)
    assert 3 == counts(folders / party, "p")["accepted"]
    assert (folders / party / "in" / "q.csv.part").exists()
    assert (folders / "stranger" / "in" / "p.csv").exists()


def test_sigterm_ends_a_watching_process_cleanly(
    broker: str, database: str, party: str, codec: Codec, registry_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / party
    program = (
        "from pathlib import Path\n"
        "from credit_bus_connectors.departments.files.folder import run_folder\n"
        f"run_folder(party={party!r}, folder=Path({str(folder)!r}), broker={broker!r},"
        f" database={database!r}, registry_folder=Path({str(registry_folder)!r}),"
        f" secret={SECRET!r})\n"
    )
    with (
        small_gate(broker, party, codec),
        subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) as process,
    ):
        hand_in(folder, "p.csv", penalties(2))
        deadline = monotonic() + DONE_SECONDS_MAX
        while not (folder / "done" / "p.csv").exists() and monotonic() < deadline:
            sleep(POLL_SECONDS)
        os.kill(process.pid, signal.SIGTERM)
        code = process.wait(timeout=DONE_SECONDS_MAX)

    assert 0 == code
    assert 2 == counts(folder, "p")["accepted"]
