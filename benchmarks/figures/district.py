"""A registry made up for measuring: as many departments as one likes, and one measure.

What holds for every district (instruments, fields, working days, deadlines, rules on repair,
routes, platforms) is copied from the example district.
"""

import shutil
from pathlib import Path

from tests import samples

from credit_bus.contracts.registry_rows import (
    DEADLINES,
    DISTRICT,
    EXCEPTIONS,
    FIELDS,
    INSTRUMENTS,
    LISTS,
    MEASURES,
    PARTIES,
    PLATFORMS,
    PURPOSES,
    REPAIR,
    ROUTES,
    WORKING_DAYS,
)

PLATFORM = "district-platform"
OTHER_PARTIES = 5  # the four platforms and the hub
DEPARTMENTS_MAX = 999
MEASURE = "made-up-measure"

_COPIED = (
    DISTRICT,
    PLATFORMS,
    ROUTES,
    INSTRUMENTS,
    FIELDS,
    WORKING_DAYS,
    DEADLINES,
    REPAIR,
)
_EMPTY = (LISTS, PURPOSES, EXCEPTIONS)

_DEPARTMENT = """
[[department]]
code = "{code}"
name = "示例部门{number}"
since = 2002-07-01
publishes = [
    "licence.granted", "penalty.decided", "record.corrected", "record.withdrawn",
    "action.initiated", "measure.responded", "measure.executed", "measure.lifted",
    "objection.raised", "objection.decided",
]
checked = false
"""

_MEASURE = """
[[measure]]
code = "{code}"
name = "示例措施"
kind = "constraint"
content = "示例内容"
targets = ["organisation"]
implementers = [{implementers}]
instruments = ["court-listing-decision", "administrative-penalty-decision"]
since = 2022-01-01
term_months_max = 60
basis = [{{ type = "law", title = "某法", article = "第一条", checked = false }}]
"""


def department(number: int) -> str:
    """Return the code of the n-th department, counting from 0."""
    return f"dept-{number:03}"


def write_district(folder: Path, *, parties: int, implementers: int = 1) -> tuple[str, ...]:
    """Write the registry's files; return its departments' codes.

    The departments from the second on implement the measure, as many as are asked for. ValueError
    when there are too few of them, or more than there are codes.
    """
    departments = parties - OTHER_PARTIES
    if not implementers < departments <= DEPARTMENTS_MAX:
        raise ValueError(
            f"{parties} parties leave {departments} departments: more than {implementers} are"
            f" needed and {DEPARTMENTS_MAX} are possible"
        )
    codes = tuple(department(number) for number in range(departments))
    folder.mkdir(parents=True)
    for name in _COPIED:
        shutil.copyfile(samples.REGISTRY_FOLDER / name, folder / name)
    for name in _EMPTY:
        (folder / name).write_text("", encoding="utf-8")
    rows = (_DEPARTMENT.format(code=code, number=n) for n, code in enumerate(codes))
    (folder / PARTIES).write_text("".join(rows), encoding="utf-8")
    asked = ", ".join(f'"{code}"' for code in codes[1 : implementers + 1])
    measure = _MEASURE.format(code=MEASURE, implementers=asked)
    (folder / MEASURES).write_text(measure, encoding="utf-8")
    return codes
