"""The table: ratios within a round, no figures for what differs, no peer left out silently."""

from dataclasses import replace

from benchmarks.peers.measure import Figure
from benchmarks.peers.roster import OURS
from benchmarks.peers.table import floor_table, line, table


def figure(peer: str, number: int, rate: float, *differences: str) -> Figure:
    return Figure(
        peer=peer,
        workers=1,
        number=number,
        events=100,
        rate=rate,
        late_rate=rate * 2,
        cpu_us=(30.0, 20.0),
        differences=differences,
    )


def row(lines: list[str], peer: str) -> list[str]:
    """The cells of the peer's row."""
    return next(
        [cell.strip() for cell in each.strip("|").split("|")]
        for each in lines
        if each.startswith(f"| {peer} ")
    )


def test_a_peer_that_differs_once_has_no_figures() -> None:
    figures = [figure("by hand", 0, 10), figure("by hand", 1, 99, "credit.records: 1 keys differ")]

    found = row(table(figures, {}, ours=OURS), "by hand")

    assert "not counted: 1 runs differ" == found[3]
    assert {""} == set(found[4:])
    assert "NOT EQUAL: credit.records: 1 keys differ" in line(figures[1])


def test_a_peer_that_was_not_run_says_why() -> None:
    lines = table([figure(OURS, 0, 10)], {"Kafka Streams": "no JDK"}, ours=OURS)

    assert "not run: no JDK" == row(lines, "Kafka Streams")[1]


def test_ratios_are_of_one_round() -> None:
    figures = [
        *(figure(OURS, 0, 100), figure("by hand", 0, 200)),
        *(figure(OURS, 1, 10), figure("by hand", 1, 10)),
        *(figure(OURS, 2, 90), figure("by hand", 2, 30)),
    ]

    found = row(table(figures, {}, ours=OURS), "by hand")

    assert ["10", "30", "200"] == found[3:6]
    assert ["0.50", "1.00", "3.00"] == found[9:]
    assert ["50", "30 + 20"] == found[7:9]


def test_without_ours_there_is_no_ratio() -> None:
    assert ["–"] * 3 == row(table([figure("by hand", 0, 10)], {}, ours=OURS), "by hand")[9:]


def test_every_row_has_as_many_cells_as_the_heading() -> None:
    figures = [figure(OURS, 0, 10), figure("by hand", 0, 9, "lost")]
    lines = table(figures, {"Quix Streams": "no environment"}, ours=OURS)

    assert 1 == len({each.count("|") for each in lines})


def test_a_stage_is_compared_with_its_own_floor_of_the_same_round() -> None:
    figures = [
        replace(figure(OURS, 0, 100), floor_us=(10.0, 20.0)),
        replace(figure(OURS, 1, 100), floor_us=(15.0, 5.0)),
        figure("by hand", 0, 100),
    ]

    lines = floor_table(figures, ["gate", "router"])

    assert "| gate | 1 | 100 | 30.0 | 12.5 | 2.00 | 2.50 | 3.00 |" == lines[2]
    assert "| router | 1 | 100 | 20.0 | 12.5 | 1.00 | 2.50 | 4.00 |" == lines[3]
    assert 4 == len(lines)
