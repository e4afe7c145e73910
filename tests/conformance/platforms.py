"""The four platforms, real ones, behind one face: what the conformance suite asks of each."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from tests import samples

from credit_bus.contracts.identity import seal
from credit_bus.domain.event import Event, document_key
from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus_connectors.contract import Sink
from credit_bus_connectors.keys import PostgresKeyStore
from credit_bus_connectors.platforms.district import DistrictSink
from credit_bus_connectors.platforms.municipal import MunicipalSink
from credit_bus_connectors.platforms.provincial import ProvincialSink
from credit_bus_connectors.platforms.public_site import PublicSiteSink
from credit_bus_deploy import ports

SECRET = b"a secret of the tests, 32 bytes."
NUMBER = synthetic_resident_id(7)
START_SECONDS_MAX = 30.0
POLL_SECONDS = 0.02

_SERVE = (
    "import sys; from credit_bus_connectors.platforms.municipal_standin import serve;"
    "serve(host='127.0.0.1', port=int(sys.argv[1]), database=sys.argv[2])"
)


@dataclass(slots=True, kw_only=True)
class Platform:
    """A platform under test."""

    name: str
    connect: Callable[[], Sink]
    connect_nowhere: Callable[[], Sink]
    disturb: Callable[[], None]  # the next delivery finds it gone, the one after finds it back
    held: Callable[[Event], int]  # how often the event took effect
    current: Callable[[Event], list[int]]  # current revisions of the event's document
    shown: Callable[[Event], list[int]]  # those of them that are shown in public
    disputed: Callable[[Event], list[int]]  # those of them that are marked 异议
    everything: Callable[[], str]  # all that it holds, as text
    invalid: Event


def keys(database: str) -> PostgresKeyStore:
    """A key store in that database."""
    return PostgresKeyStore(database, secret=SECRET)


def natural_person(
    database: str,
    *,
    body: Callable[..., dict[str, Any]] = samples.penalty_body,
    category: str = "natural_person",
    **changes: Any,
) -> Event:
    """A record of a natural person whose number is sealed in that database.

    Or of an individual business without a code, whose operator's number that is.
    """
    store = keys(database)
    sealed = seal(NUMBER, SECRET, store)
    store.close()
    holder = "person" if category == "natural_person" else "representative"
    person = samples.subject(
        name="示例某",
        category=category,
        uscc=None,
        representative_name=None,
        **{f"{holder}_id_type": "身份证", f"{holder}_id": sealed},
    )
    told = body(subject=person, **changes)
    kind = "licence.granted" if "project_name" in told else "penalty.decided"
    return samples.said(kind, told, party=samples.PENALISING, subject=sealed["pseudonym"])


@dataclass(frozen=True, slots=True)
class Standin:
    """The running stand-in of the municipal platform."""

    endpoint: str
    process: subprocess.Popen[bytes]

    def faults(self, **faults: Any) -> None:
        """Make trouble."""
        self._call("PUT", "/faults", faults)

    def counts(self) -> Mapping[str, int]:
        """Return what came and what is held."""
        return self._call("GET", "/counts")

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.endpoint + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=START_SECONDS_MAX) as response:
            text = response.read()
        return json.loads(text) if text else None


@contextmanager
def standin(database: str, *, port: int | None = None) -> Iterator[Standin]:
    """Run the stand-in as a process of its own."""
    port = port or ports.free_port()
    process = subprocess.Popen([sys.executable, "-c", _SERVE, str(port), database])
    running = Standin(f"http://127.0.0.1:{port}", process)
    try:
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                running.counts()
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(POLL_SECONDS)
        yield running
    finally:
        process.terminate()
        process.wait(START_SECONDS_MAX)


def rows(database: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Return what the query finds."""
    with psycopg.connect(database, autocommit=True) as connection:
        return connection.execute(query.encode(), parameters).fetchall()


def _end_sessions(database: str) -> None:
    rows(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


def _text_of(database: str, schema: str) -> str:
    tables = rows(database, "SELECT tablename FROM pg_tables WHERE schemaname = %s", schema)
    return "\n".join(
        str(row)
        for (table,) in tables
        for row in rows(database, f'SELECT held::text FROM {schema}."{table}" AS held')
    )


def _nowhere() -> str:
    return f"postgresql://127.0.0.1:{ports.free_port()}/nothing"


def district(database: str) -> Platform:
    """The district platform."""
    return Platform(
        name="district",
        connect=lambda: DistrictSink(database),
        connect_nowhere=lambda: DistrictSink(_nowhere()),
        disturb=lambda: _end_sessions(database),
        held=lambda event: len(
            rows(database, "SELECT 1 FROM district.record WHERE event_id = %s", event.id)
        ),
        current=lambda event: [
            revision
            for (revision,) in rows(
                database,
                "SELECT revision FROM district.current_record WHERE document_key = %s",
                document_key(event),
            )
        ],
        shown=lambda event: [
            revision
            for (revision,) in rows(
                database,
                "SELECT revision FROM district.current_record"
                " WHERE document_key = %s AND publicity_ended_by IS NULL",
                document_key(event),
            )
        ],
        disputed=lambda event: [
            revision
            for (revision,) in rows(
                database,
                "SELECT revision FROM district.current_record"
                " WHERE document_key = %s AND disputed_by IS NOT NULL",
                document_key(event),
            )
        ],
        everything=lambda: _text_of(database, "district"),
        invalid=samples.penalty(90, facts="空\x00字符"),
    )


def provincial(database: str) -> Platform:
    """The province's front-end database."""
    standing = (
        "SELECT recid FROM front.l_gz_xzcf WHERE cf_wsh = %s AND state NOT IN (3, 4)"
        " AND recid NOT IN (SELECT recid FROM front.l_gz_xycx)"
    )
    disputing = (
        f"{standing} AND coalesce((SELECT yy_bj = '1' FROM front.l_gz_yybj AS told"
        " WHERE told.recid = l_gz_xzcf.recid ORDER BY sequence DESC LIMIT 1), disputed)"
    )
    showing = f"{standing} AND state <> 5 AND recid NOT IN (SELECT recid FROM front.l_gz_tzgs)"
    return Platform(
        name="provincial",
        connect=lambda: ProvincialSink(database, connect_keys=lambda: keys(database)),
        connect_nowhere=lambda: ProvincialSink(_nowhere(), connect_keys=lambda: keys(database)),
        disturb=lambda: _end_sessions(database),
        held=lambda event: len(
            rows(database, "SELECT 1 FROM front.delivery WHERE event_id = %s", event.id)
        ),
        current=lambda event: [
            int(recid.rpartition("-")[2])
            for (recid,) in rows(database, standing, event.body["document_number"])
        ],
        shown=lambda event: [
            int(recid.rpartition("-")[2])
            for (recid,) in rows(database, showing, event.body["document_number"])
        ],
        disputed=lambda event: [
            int(recid.rpartition("-")[2])
            for (recid,) in rows(database, disputing, event.body["document_number"])
        ],
        everything=lambda: _text_of(database, "front"),
        invalid=samples.penalty(90, facts="长" * 2001),
    )


def public_site(database: str) -> Platform:
    """The public site's database."""
    standing = (
        "SELECT standing.revision FROM site.standing"
        " LEFT JOIN site.publication USING (document_key)"
        " WHERE document_key = %s AND standing.revision > withdrawn_to"
    )
    raised = "NOT raised <@ decided"

    def found(condition: str, event: Event) -> list[int]:
        query = f"{standing} AND {condition}"
        return [revision for (revision,) in rows(database, query, document_key(event))]

    return Platform(
        name="public-site",
        connect=lambda: PublicSiteSink(database),
        connect_nowhere=lambda: PublicSiteSink(_nowhere()),
        disturb=lambda: _end_sessions(database),
        held=lambda event: len(
            rows(database, "SELECT 1 FROM site.delivery WHERE event_id = %s", event.id)
        ),
        current=lambda event: found("true", event),
        shown=lambda event: found("publication.state = 'shown'", event),
        disputed=lambda event: found(f"coalesce(disputed OR {raised}, {raised})", event),
        everything=lambda: _text_of(database, "site"),
        invalid=samples.penalty(90, facts="空\x00字符"),
    )


def municipal(database: str, running: Standin) -> Platform:
    """The municipal platform's stand-in."""
    connect_keys = lambda: keys(database)  # noqa: E731
    return Platform(
        name="municipal",
        connect=lambda: MunicipalSink(running.endpoint, connect_keys=connect_keys),
        connect_nowhere=lambda: MunicipalSink(
            f"http://127.0.0.1:{ports.free_port()}", connect_keys=connect_keys
        ),
        disturb=lambda: running.faults(status=503, status_times=1),
        held=lambda event: len(
            rows(
                database,
                "SELECT 1 FROM municipal_standin.answer WHERE key = %s AND result = 'accepted'",
                f"{event.id}-{event.revision}",
            )
        ),
        current=lambda event: [
            revision
            for (revision,) in rows(
                database,
                "SELECT revision FROM municipal_standin.held WHERE document = %s",
                document_key(event).hex(),
            )
        ],
        shown=lambda event: [
            revision
            for (revision,) in rows(
                database,
                "SELECT revision FROM municipal_standin.held WHERE document = %s AND shown",
                document_key(event).hex(),
            )
        ],
        disputed=lambda event: [
            revision
            for (revision,) in rows(
                database,
                "SELECT revision FROM municipal_standin.held WHERE document = %s AND disputed",
                document_key(event).hex(),
            )
        ],
        everything=lambda: _text_of(database, "municipal_standin"),
        invalid=samples.penalty(90, subject=samples.subject(90, name="长" * 201)),
    )
