"""A command that is asked for its help does not load what only others need."""

import subprocess
import sys

HEAVY = (
    "aiohttp",
    "alembic",
    "cryptography",
    "fastapi",
    "fastavro",
    "faust",
    "kafka",
    "openpyxl",
    "psycopg",
    "pydantic",
    "sqlalchemy",
    "structlog",
)
_TOLD = "import sys, credit_bus_deploy.cli; print(*{name.split('.')[0] for name in sys.modules})"


def test_the_command_line_loads_no_heavy_library_before_a_command_needs_it() -> None:
    told = subprocess.run(
        [sys.executable, "-c", _TOLD], capture_output=True, text=True, check=True, timeout=60
    )

    loaded = set(told.stdout.split())
    assert {"click", "credit_bus_deploy"} <= loaded
    assert set() == loaded & set(HEAVY)
