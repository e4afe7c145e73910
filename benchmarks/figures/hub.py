"""Casework and its relay beside a rig's gate and router, on a PostgreSQL of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from benchmarks.figures.rig import Rig
from credit_bus.runtime.casework.migrate import migrate
from credit_bus_deploy import postgres, processes, ready

DATABASE = "casework"


@contextmanager
def hub(bus: Rig) -> Iterator[str]:
    """Start both; yield the URL of their database."""
    server = postgres.server_in(bus.bus.home / "postgres")
    postgres.prepare_storage(server)
    spec = postgres.process_spec(server)
    child = processes.spawn(spec, log_folder=bus.bus.home)
    try:
        owner = server.url(postgres.SUPERUSER)
        ready.wait_for_database(owner, alive=lambda: child.poll() is None)
        ready.ensure_database(owner, DATABASE)
        url = server.url(DATABASE)
        migrate(url)
        given = ("--database", url, "--log-level", "WARNING")
        started = [bus.bus.start("casework", *given), bus.bus.run("relay", "relay", *given)]
        bus.workers += started
        yield url
        bus.end(*started)
    finally:
        processes.stop(child, spec.stop_signal)


def rows_of(url: str, kind: str) -> int:
    """Return how many things of a kind casework keeps."""
    query = "SELECT count(*) FROM casework.row WHERE kind = %s"
    with psycopg.connect(url) as connection:
        found = connection.execute(query, (kind,)).fetchone()
    assert found is not None, "count always gives a row"
    return int(found[0])
