"""What the doctor saw of an installation, as values. What could not be seen says why."""

from collections.abc import Mapping
from dataclasses import dataclass

from credit_bus.contracts.topics import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Something that was not looked at: nobody asked, or looking failed."""

    why: str
    is_asked: bool = True  # False: not given, so nobody misses it


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """What one broker is and can."""

    number: int
    version: tuple[int, ...]
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """What the brokers are and can."""

    brokers: tuple[Broker, ...]
    features: Mapping[str, int]  # name: level in force


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What was tried with the rights at hand: the refusal, or None where it went well."""

    transact: str | None
    consume: str | None
    describe_groups: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What another clock said, between two looks at ours. Seconds since the epoch."""

    before: float
    told: float
    after: float

    @property
    def off_seconds(self) -> float:
        """By how much it is certainly off: positive when it is ahead, 0 when it may be right."""
        if self.told < self.before:
            return self.told - self.before
        return max(self.told - self.after, 0.0)

    def apart_seconds(self, other: "Clock") -> float:
        """By how much the two are certainly apart, whichever is ahead; 0 when they may agree."""
        ahead = (self.told - self.after) - (other.told - other.before)
        behind = (other.told - other.after) - (self.told - self.before)
        return max(ahead, behind, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Room where something lies."""

    place: str
    free_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTransaction:
    """A transaction that has not ended."""

    name: str
    state: str
    age_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A consumer group that must have members."""

    name: str
    state: str
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaIds:
    """Ids of schemas that lie in the log of record, and those that this release knows."""

    on_the_bus: frozenset[int]
    known: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Roles of least rights that are not there, and those that our user may not act as."""

    missing: tuple[str, ...]
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaState:
    """A schema of the database: what it is at, and what this release needs."""

    name: str
    found: str | None  # None: it is not there
    wanted: str
    is_made_by_its_process: bool  # then it may be missing until that has run


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that was seen."""

    cluster: Cluster | Unseen
    topics: Plan | Unseen
    rights: Rights | Unseen
    broker_clock: Clock | Unseen
    transactions: tuple[OpenTransaction, ...] | Unseen
    groups: tuple[Group, ...] | Unseen
    disks: tuple[Disk, ...] | Unseen
    lock: tuple[str, ...] | Unseen  # mistakes of the schemas' files against LOCK
    schema_ids: SchemaIds | Unseen
    registry: tuple[str, ...] | Unseen  # mistakes
    unchecked: Mapping[str, int] | Unseen  # registry file: rows whose source nobody checked
    database_version: int | Unseen  # PostgreSQL's server_version_num
    database_clock: Clock | Unseen
    roles: Roles | Unseen
    schemas: tuple[SchemaState, ...] | Unseen

    @property
    def clocks(self) -> tuple[Clock, Clock] | Unseen:
        """The broker's and the database's, where both were seen."""
        if isinstance(self.broker_clock, Unseen):
            return self.broker_clock
        if isinstance(self.database_clock, Unseen):
            return self.database_clock
        return self.broker_clock, self.database_clock
