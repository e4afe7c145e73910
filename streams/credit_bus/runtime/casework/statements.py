"""The SQL of casework, a file a statement."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> bytes:
    """Return the SQL of `sql/<name>.sql`."""
    return files("credit_bus.runtime.casework").joinpath("sql", f"{name}.sql").read_bytes()
