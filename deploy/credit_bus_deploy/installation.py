"""One installation from start to stop: broker, database, topics, processes.

`installation(...)` is all that `credit-bus up`, the demonstration and the tests need. It knows the
order of things; each thing is in a module of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg

from credit_bus.domain.registry import Registry
from credit_bus.metrics.vitals import Vitals
from credit_bus.operations.canaries import EVERY_SECONDS
from credit_bus_deploy import (
    broker_admin,
    database,
    jars,
    java,
    kafka,
    ports,
    postgres,
    provision,
    ready,
    table,
    targets,
)
from credit_bus_deploy.choices import Choices, choose, require_free
from credit_bus_deploy.failures import InstallationError, disk_errors
from credit_bus_deploy.home import (
    FREE_BYTES_MIN,
    Home,
    identity_secret,
    locked,
    make_home,
    sessions_secret,
    write_whole,
)
from credit_bus_deploy.registries import follow
from credit_bus_deploy.run_record import RunPublisher, end_left_overs, without_password
from credit_bus_deploy.supervisor import ProcessStatus, Supervisor, watching
from credit_bus_deploy.table import Addresses

PROCESSES_WAIT_SECONDS_MAX = 60.0

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What `credit-bus up` was given; None where a default or a remembered value serves."""

    home: Path
    broker: str | None = None
    database: str | None = None
    registry: Path | None = None
    kafka_port: int | None = None
    pages: Mapping[str, int | None] = field(default_factory=dict)  # ports that are given
    partitions: int | None = None
    municipal_endpoint: str | None = None
    infrastructure_only: bool = False
    canary_seconds: int = EVERY_SECONDS
    broker_wait_seconds_max: float = kafka.START_WAIT_SECONDS_MAX
    free_bytes_min: int = FREE_BYTES_MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A running installation, as its user sees it."""

    home: Home
    addresses: Addresses
    supervisor: Supervisor
    mark_ready: Callable[[], None]

    @property
    def broker(self) -> str:
        """HOST:PORT for clients."""
        return self.addresses.broker

    @property
    def database(self) -> str:
        """The URL of the database, with its password if it has one."""
        return self.addresses.database

    def secret(self) -> bytes:
        """The district's identity secret."""
        return identity_secret(self.home)

    def statuses(self) -> tuple[ProcessStatus, ...]:
        """Every process, in the order of the table."""
        return self.supervisor.statuses()

    def wait_ready(self, *, wait_seconds_max: float = PROCESSES_WAIT_SECONDS_MAX) -> None:
        """Return when every worker and connector has joined its group, and web and site answer.

        Raises InstallationError naming those that have not within the bound.
        """
        names = [status.name for status in self.statuses()]
        groups = [table.group_of(name) for name in names]
        broker_admin.wait_for_groups(
            self.broker,
            [group for group in groups if group is not None],
            wait_seconds_max=wait_seconds_max,
            logs=self.home.logs,
        )
        for name in self.addresses.pages.keys() & set(names):
            ready.wait_for_web(
                table.web_url(self.addresses.pages[name]),
                wait_seconds_max=wait_seconds_max,
                log=self.home.logs / f"{name}.log",
            )
        self.mark_ready()


@contextmanager
def installation(options: Options, told: Told = lambda _: None) -> Iterator[Installation]:
    """Start everything, yield it, and stop everything however the body ends.

    `told` hears one sentence a step. Raises InstallationError when something does not start; then
    nothing is left running.
    """
    home = make_home(options.home, free_bytes_min=options.free_bytes_min)
    with ExitStack() as stack:
        stack.enter_context(locked(home))
        for name in end_left_overs(home):
            told(f"ended {name}, left over by an earlier run")
        followed = follow(home, options.registry)
        registry = followed.registry
        if followed.former not in {None, registry.version}:
            told(f"registry {registry.version} is in force instead of {followed.former}")
        identity_secret(home)
        sessions_secret(home)
        choices = choose(
            home,
            kafka_port=options.kafka_port,
            pages=options.pages,
            partitions=options.partitions,
        )
        if not options.database:
            stack.callback(postgres.remove_socket_folder, postgres.server_in(home.postgres))
        publisher = RunPublisher(home)
        stack.callback(publisher.end)
        own_port = ports.free_port()
        vitals = Vitals()
        changed = stack.enter_context(targets.supervised(home, own_port, publisher.changed, vitals))
        supervisor = Supervisor(log_folder=home.logs, changed=changed, health=vitals.health)
        stack.callback(supervisor.stop_all)

        if not options.infrastructure_only:
            for name, port in choices.pages.items():
                require_free(port, what=ports.PAGES[name], remedy=f"give another --{name}-port")
        broker, database = _infrastructure(options, home, choices, supervisor, told)
        # Nobody outside depends on the stand-in's port, so it is chosen anew at each start.
        standin_port = None if options.municipal_endpoint else ports.free_port()
        addresses = Addresses(
            broker=broker,
            database=database,
            registry_folder=followed.folder,
            partitions=choices.partitions,
            municipal_endpoint=options.municipal_endpoint
            or f"http://{ports.LOOPBACK}:{standin_port}",
            municipal_port=standin_port,
            pages=choices.pages,
            canary_seconds=options.canary_seconds,
        )
        publisher.addresses(_shown(options, registry, addresses, home))
        stack.callback(home.database_file.unlink, missing_ok=True)
        with disk_errors(home.root):
            write_whole(home.database_file, database + "\n")
        stack.enter_context(watching(supervisor))
        if not options.infrastructure_only:
            _provision(registry, addresses, told)
            _start_application(registry, addresses, home, supervisor)
        yield Installation(
            home=home, addresses=addresses, supervisor=supervisor, mark_ready=publisher.ready
        )


def _infrastructure(
    options: Options, home: Home, choices: Choices, supervisor: Supervisor, told: Told
) -> tuple[str, str]:
    """Start what was not given, and return the addresses of broker and database once both answer.

    The database is made while the broker's virtual machine warms up.
    """
    node = None if options.broker else _start_kafka(home, choices, supervisor, told)
    server = None if options.database else _start_postgres(home, supervisor, told)
    if server is None:
        database = options.database or ""
        ready.wait_for_database(database)
    else:
        ready.wait_for_database(
            server.url(postgres.SUPERUSER),
            alive=lambda: supervisor.is_running("postgres"),
            log=home.logs / "postgres.log",
        )
        with _database_refusals():
            ready.ensure_database(server.url(postgres.SUPERUSER), postgres.DATABASE)
        database = server.url()
    if node is None:
        broker = options.broker or ""
        ready.wait_for_broker(broker, wait_seconds_max=options.broker_wait_seconds_max)
    else:
        broker = node.address
        ready.wait_for_broker(
            broker,
            wait_seconds_max=options.broker_wait_seconds_max,
            alive=lambda: supervisor.is_running("kafka"),
            log=home.logs / "kafka-server.log",
        )
    return broker, database


def _start_kafka(
    home: Home, choices: Choices, supervisor: Supervisor, told: Told
) -> kafka.KafkaNode:
    require_free(choices.kafka_port, what="Kafka", remedy="give another --kafka-port")
    executable = java.find_java()
    told("checking Kafka's jars")
    node = kafka.KafkaNode(
        java=executable,
        jars=jars.ensure_jars(jars.locked_jars(), jars.cache_folder()),
        folder=home.kafka,
        log_folder=home.logs,
        port=choices.kafka_port,
        controller_port=ports.free_port(),
    )
    kafka.prepare_storage(node)
    told(f"starting Kafka at {node.address}")
    supervisor.start(kafka.process_spec(node))
    return node


def _start_postgres(home: Home, supervisor: Supervisor, told: Told) -> postgres.PostgresServer:
    server = postgres.server_in(home.postgres)
    for folder in postgres.prepare_storage(server):
        told(f"let the OS user {server.user} pass through {folder} (o+x)")
    told("starting PostgreSQL")
    supervisor.start(postgres.process_spec(server))
    return server


def _provision(registry: Registry, addresses: Addresses, told: Told) -> None:
    told("making the topics")
    provision.apply_topics(
        addresses.broker, registry, partitions=addresses.partitions, replication=1
    )
    told("making the schemas")
    database.apply_database(addresses.database)


def _start_application(
    registry: Registry, addresses: Addresses, home: Home, supervisor: Supervisor
) -> None:
    count = table.row_count(registry, addresses, home)
    soon = (*addresses.pages.values(), addresses.municipal_port)
    found = ports.free_ports(count, taken=soon)
    for spec in table.application_specs(registry, replace(addresses, health_ports=found), home):
        supervisor.start(spec)


@contextmanager
def _database_refusals() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise InstallationError(
            f"the database could not be prepared ({error}): see PostgreSQL's log"
        ) from error


def _shown(
    options: Options, registry: Registry, addresses: Addresses, home: Home
) -> dict[str, str]:
    application = {
        "municipal": addresses.municipal_endpoint,
        **{name: table.web_url(port) for name, port in addresses.pages.items()},
    }
    if table.PUBLIC_SITE not in registry.platforms:
        del application[table.SITE]
    return {
        "home": str(home.root),
        "broker": addresses.broker,
        "database": without_password(addresses.database),
        "registry": str(addresses.registry_folder),
        **({} if options.infrastructure_only else application),
        "adapters": str(home.adapters),
        "logs": str(home.logs),
    }
