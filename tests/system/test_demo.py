"""The README's demo, as a newcomer runs it: a command, a page, an exit code to be trusted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests import pace

from credit_bus_deploy.demo.files import DEPARTMENTS, ROWS

DAY_SECONDS_MAX = 30.0  # promised


@pytest.mark.timeout(300)
def test_the_day_adds_up_within_its_time_and_leaves_nothing_behind(tmp_path: Path) -> None:
    written = tmp_path / "day.json"
    command = [sys.executable, "-m", "credit_bus_deploy", "demo", "--seed", "7"]
    with pace.measured() as machine:
        ended = subprocess.run(
            [*command, "--json", str(written)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )
    day = json.loads(written.read_text())
    files = day["files"]

    assert (0, True, []) == (ended.returncode, day["adds_up"], day["differences"]), ended.stderr
    assert "everything adds up" in ended.stdout
    assert (DEPARTMENTS, ROWS) == (files["departments"], files["rows"])
    assert ROWS == files["accepted"] + files["rejected"]
    assert (6, 6, 1, 5) == tuple(
        day["orders"][name] for name in ("ordered", "responded", "refused", "executed")
    )
    end = day["objection"]
    assert (6, 1, 5, 1) == tuple(end[name] for name in ("rested", "ended", "lifted", "closed"))
    assert sorted([*day["orders"]["implementers"], "district-platform"]) == sorted(end["holders"])
    assert all(each["routed"] == each["held"] > 0 for each in day["platforms"].values())
    assert day["seconds"]["day"] < machine.bound(DAY_SECONDS_MAX)
    assert [written.name] == sorted(path.name for path in tmp_path.iterdir())


def test_a_home_in_which_something_happened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    ended = subprocess.run(
        [sys.executable, "-m", "credit_bus_deploy", "demo", "--home", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert 2 == ended.returncode
    assert 1 == len(ended.stderr.strip().splitlines())
    assert "not empty" in ended.stderr
