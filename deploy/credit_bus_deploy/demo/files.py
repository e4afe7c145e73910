"""The day's CSV files: a licence and a penalty file a department, seeded, with their bad rows."""

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from credit_bus.domain.registry import Party, Registry, Role
from credit_bus_connectors.departments.files.columns import Template
from credit_bus_connectors.departments.files.templates import LICENCE, PENALTY
from credit_bus_deploy.demo.rows import Maker, cells, kind_of
from credit_bus_deploy.demo.spoil import SPOILINGS, Spoiling

DEPARTMENTS = 20
ROWS = 5_000
BAD_SHARE = 0.08
ENCODINGS = ("utf-8-sig", "gb18030", "utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFile:
    """One CSV file: what it holds, and which of its rows must be refused for what."""

    party: str
    name: str
    encoding: str
    template: Template
    rows: Sequence[Sequence[str]]
    bad: dict[int, str]  # row number as in a spreadsheet (the header is row 1): reason code

    @property
    def good(self) -> int:
        """Return how many rows must be accepted."""
        return len(self.rows) - len(self.bad)


def reporting_departments(registry: Registry, today: date) -> list[tuple[Party, list[Template]]]:
    """Return the first `DEPARTMENTS` departments that may report, and what each may report."""
    able = [
        (party, [t for t in (LICENCE, PENALTY) if t.type in party.publishes])
        for party in sorted(registry.parties.values(), key=lambda p: p.code)
        if party.role is Role.DEPARTMENT and party.exists_on(today)
    ]
    reporting = [(party, templates) for party, templates in able if templates]
    if len(reporting) < DEPARTMENTS:
        raise ValueError(
            f"the registry lets {len(reporting)} departments report licences or penalties;"
            f" the day needs {DEPARTMENTS}"
        )
    return reporting[:DEPARTMENTS]


def day_files(registry: Registry, *, today: date, seed: int, rows: int = ROWS) -> list[DayFile]:
    """Return the files of the day: the same for the same registry, day and seed."""
    random_ = random.Random(seed)  # noqa: S311 - a seeded day, no secret
    departments = reporting_departments(registry, today)
    share = [rows // DEPARTMENTS + (n < rows % DEPARTMENTS) for n in range(DEPARTMENTS)]
    files = []
    kinds = 0
    for (party, templates), count in zip(departments, share, strict=True):
        maker = Maker(party=party, today=today, random=random_)
        for position, template in enumerate(templates):
            part = count // len(templates) + (position < count % len(templates))
            fitting = [s for s in SPOILINGS if template in s.templates]
            files.append(_file(maker, template, part, fitting, kinds))
            kinds += 7  # start elsewhere in the table, so that the day as a whole has every kind
    return files


def _file(
    maker: Maker, template: Template, count: int, fitting: list[Spoiling], first: int
) -> DayFile:
    random_ = maker.random
    spoiled = sorted(random_.sample(range(count), max(1, round(count * BAD_SHARE))))
    rows = []
    bad = {}
    for number in range(count):
        row = maker.good(template, number)
        if number not in spoiled:
            rows.append(cells(template, row))
            continue
        spoiling = fitting[(first + spoiled.index(number)) % len(fitting)]
        rows.append(
            cells(template, spoiling.change(row, maker.today)) + ["多余"] * spoiling.extra_cells
        )
        bad[number + 2] = spoiling.code
    return DayFile(
        party=maker.party.code,
        name=f"{kind_of(template)}-{maker.today:%Y%m%d}.csv",
        encoding=random_.choice(ENCODINGS),
        template=template,
        rows=rows,
        bad=bad,
    )


def write_files(files: Iterable[DayFile], folder: Path) -> None:
    """Write each file into its department's `in` folder, under its final name when it is whole."""
    for file in files:
        target = folder / file.party / "in" / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".csv.part")
        with part.open("w", encoding=file.encoding, newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([column.header for column in file.template.columns])
            writer.writerows(file.rows)
        part.rename(target)
