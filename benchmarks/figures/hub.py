"""What stands beside a rig's gate and router: a PostgreSQL, and on it casework and its relay."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from benchmarks.figures.rig import Rig
from credit_bus.runtime.casework.migrate import migrate
from credit_bus_deploy import postgres, processes, ready

DATABASE = "hub"


@contextmanager
def database(bus: Rig) -> Iterator[str]:
    """Start a PostgreSQL; yield the URL of an empty database."""
    server = postgres.server_in(bus.bus.home / "postgres")
    postgres.prepare_storage(server)
    spec = postgres.process_spec(server)
    child = processes.spawn(spec, log_folder=bus.bus.home)
    try:
        owner = server.url(postgres.SUPERUSER)
        ready.wait_for_database(owner, alive=lambda: child.poll() is None)
        ready.ensure_database(owner, DATABASE)
        yield server.url(DATABASE)
    finally:
        processes.stop(child, spec.stop_signal)


@contextmanager
def hub(bus: Rig) -> Iterator[str]:
    """Start casework and relay; yield the URL of their database."""
    with database(bus) as url:
        migrate(url)
        given = ("--database", url, "--log-level", "WARNING")
        started = [bus.bus.start("casework", *given), bus.bus.run("relay", "relay", *given)]
        bus.workers += started
        yield url
        bus.end(*started)


def rows_of(url: str, kind: str) -> int:
    """Return how many things of a kind casework keeps."""
    query = "SELECT count(*) FROM casework.row WHERE kind = %s"
    with psycopg.connect(url) as connection:
        found = connection.execute(query, (kind,)).fetchone()
    assert found is not None, "count always gives a row"
    return int(found[0])
