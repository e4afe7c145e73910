"""What is wrong with what was seen: sentences, none when all is well. Pure."""

from collections.abc import Iterator, Mapping

from credit_bus.contracts.topics import Plan, describe
from credit_bus_deploy.doctor.facts import (
    Clock,
    Cluster,
    Disk,
    Group,
    OpenTransaction,
    Rights,
    Roles,
    SchemaIds,
    SchemaState,
)

KAFKA_MIN = (4, 0)
POSTGRES_MIN = 140_000  # server_version_num
FEATURES_MIN: Mapping[str, int] = {"transaction.version": 2}  # KIP-890
CLASSIC = "classic"  # the protocol of the workers' groups
PROTOCOLS_SETTING = "group.coordinator.rebalance.protocols"
CLOCK_SECONDS_MAX = 2.0
TRANSACTION_SECONDS_MAX = 120.0  # twice the longest time-out of a transaction of ours
TRANSACTION_TIMEOUT_MILLISECONDS_MIN = 60_000
OFFSETS_MINUTES_MIN = 7 * 24 * 60
QUARANTINED_BYTES_MIN = 6 * 1024 * 1024
FREE_BYTES_MIN = 1024 * 1024 * 1024
FREE_SHARE_MIN = 0.1

# Setting of a broker: what it must be, at the least, for what the processes rely on.
_AT_LEAST: Mapping[str, int] = {
    "transaction.max.timeout.ms": TRANSACTION_TIMEOUT_MILLISECONDS_MIN,
    "offsets.retention.minutes": OFFSETS_MINUTES_MIN,
    "message.max.bytes": QUARANTINED_BYTES_MIN,
}


def version(cluster: Cluster) -> Iterator[str]:
    """Say which brokers are older than what transactions need."""
    for each in cluster.brokers:
        if each.version < KAFKA_MIN:
            found, needed = _dotted(each.version), _dotted(KAFKA_MIN)
            yield f"broker {each.number} is Kafka {found}, {needed} is needed"


def features(cluster: Cluster) -> Iterator[str]:
    """Say which features of the cluster stand too low."""
    for name, level in FEATURES_MIN.items():
        found = cluster.features.get(name, 0)
        if found < level:
            yield f"{name} is {found}, {level} is needed"


def protocol(cluster: Cluster) -> Iterator[str]:
    """Say which brokers do not take the workers' group protocol."""
    for each in cluster.brokers:
        found = each.settings.get(PROTOCOLS_SETTING, CLASSIC)
        if CLASSIC not in {name.strip() for name in found.split(",")}:
            told = f"{PROTOCOLS_SETTING} is {found}, the workers need {CLASSIC}"
            yield f"broker {each.number}: {told}"


def settings(cluster: Cluster) -> Iterator[str]:
    """Say which settings of which broker the processes cannot do with."""
    for each in cluster.brokers:
        if each.settings.get("auto.create.topics.enable") == "true":
            told = "auto.create.topics.enable is true: a mistyped name makes a topic"
            yield f"broker {each.number}: {told}"
        for name, least in _AT_LEAST.items():
            text = each.settings.get(name, "")
            if text.isdigit() and int(text) < least:
                yield f"broker {each.number}: {name} is {text}, at least {least} is needed"


def topics(plan: Plan) -> Iterator[str]:
    """Say what separates the topics from the files."""
    if not plan.is_done or plan.unknown:
        yield from describe(plan).splitlines()


def rights(found: Rights) -> Iterator[str]:
    """Say what was refused."""
    if found.transact is not None:
        yield f"no transaction can be written: {found.transact}"
    if found.consume is not None:
        yield f"the log of record cannot be read: {found.consume}"
    if found.describe_groups is not None:
        yield f"groups cannot be described: {found.describe_groups}"


def clock(found: Clock) -> Iterator[str]:
    """Say when a clock is off by more than the bound."""
    off = found.off_seconds
    if abs(off) > CLOCK_SECONDS_MAX:
        way = "ahead of" if off > 0 else "behind"
        yield f"it is {abs(off):.1f} s {way} this machine's, {CLOCK_SECONDS_MAX:g} s are allowed"


def clocks(found: tuple[Clock, Clock]) -> Iterator[str]:
    """Say when the broker's and the database's clock are further apart than the bound."""
    broker, database = found
    apart = broker.apart_seconds(database)
    if apart > CLOCK_SECONDS_MAX:
        yield f"they are {apart:.1f} s apart, {CLOCK_SECONDS_MAX:g} s are allowed"


def transactions(found: tuple[OpenTransaction, ...]) -> Iterator[str]:
    """Say which transactions are open for longer than any of ours can be."""
    for each in found:
        if each.age_seconds > TRANSACTION_SECONDS_MAX:
            yield f"{each.name} is {each.state} for {each.age_seconds:.0f} s"


def groups(found: tuple[Group, ...]) -> Iterator[str]:
    """Say which groups have nobody at work."""
    for each in found:
        if each.state != "Stable" or not each.members:
            yield f"{each.name} is {each.state} with {each.members} members"


def disks(found: tuple[Disk, ...]) -> Iterator[str]:
    """Say where room runs out."""
    for each in found:
        if each.free_bytes < FREE_BYTES_MIN or each.free_bytes < FREE_SHARE_MIN * each.total_bytes:
            yield (
                f"{each.place}: {each.free_bytes / 2**30:.1f} GiB of"
                f" {each.total_bytes / 2**30:.1f} GiB are free"
            )


def mistakes(found: tuple[str, ...]) -> Iterator[str]:
    """Say them."""
    yield from found


def schema_ids(found: SchemaIds) -> Iterator[str]:
    """Say which schemas lie on the bus and not in this release."""
    strangers = sorted(found.on_the_bus - found.known)
    if strangers:
        yield f"the log holds events of schemas {', '.join(map(str, strangers))}, unknown here"


def unchecked(found: Mapping[str, int]) -> Iterator[str]:
    """Say how many rows of the registry wait for somebody to check their source."""
    for file, rows in sorted(found.items()):
        if rows:
            yield f"{file}: {rows} rows say checked = false"


def database_version(found: int) -> Iterator[str]:
    """Say when PostgreSQL is too old."""
    if found < POSTGRES_MIN:
        yield f"PostgreSQL is {found // 10_000}, {POSTGRES_MIN // 10_000} is needed"


def roles(found: Roles) -> Iterator[str]:
    """Say which roles are not there or not ours to act as."""
    for name in found.missing:
        yield f"there is no role {name}"
    for name in found.foreign:
        yield f"our user may not act as {name}"


def schemas(found: tuple[SchemaState, ...]) -> Iterator[str]:
    """Say which schemas are not this release's."""
    for each in found:
        if each.found is None:
            if not each.is_made_by_its_process:
                yield f"schema {each.name} is not there"
        elif each.found != each.wanted:
            yield f"schema {each.name} is at {each.found}, this release needs {each.wanted}"


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
