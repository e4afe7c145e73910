"""The topics as files: what each is for, what it must look like, and how a broker differs.

Knows files and values. Talking to a broker, and rights on topics, belong to the installation.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from credit_bus.contracts.data_files import data_folder

TOPIC_NAME_CHARACTERS_MAX = 249  # Kafka's own limit
PARTITIONS_MAX = 1_000

_PREFIX = "credit."
_PARTY = "{party}"
_PARTY_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Actor(StrEnum):
    """Who writes or reads a topic."""

    PARTY = "party"  # the party named in the topic, and no other
    GATE = "gate"
    ROUTER = "router"
    CASEWORK = "casework"
    CONNECTOR = "connector"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    ANY_STAGE = "any stage"


class TopicConfig(BaseModel):
    """Kafka's topic settings, by Kafka's names. -1 keeps for ever."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    retention_ms: StrictInt = Field(alias="retention.ms", ge=-1)
    cleanup_policy: StrictStr = Field(alias="cleanup.policy", pattern="^(delete|compact)$")
    max_message_bytes: StrictInt = Field(alias="max.message.bytes", gt=0)
    # The broker unpacks what a producer packed, so that no reader meets a codec that it lacks, and
    # nothing is small only until somebody unpacks it.
    compression_type: StrictStr = Field(alias="compression.type", pattern="^uncompressed$")
    message_timestamp_type: StrictStr = Field(
        alias="message.timestamp.type", pattern="^LogAppendTime$"
    )
    # A broker maps an index whole, and a first look into one has pages of it filled with zeros, as
    # many as the disk reads ahead: with Kafka's 10 MiB a party's first events cost 12 ms each.
    segment_index_bytes: StrictInt = Field(alias="segment.index.bytes", gt=0, le=1024 * 1024)

    def as_kafka(self) -> dict[str, str]:
        """Return the settings as the broker writes them."""
        return {name: str(value) for name, value in self.model_dump(by_alias=True).items()}


class TopicFile(BaseModel):
    """A topic or, with `{party}` in its name, a topic of each party."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: StrictStr = Field(pattern=r"^credit\.[a-z]+(\.\{party\})?$")
    description: StrictStr = Field(min_length=1)
    written_by: tuple[Actor, ...] = Field(min_length=1)
    read_by: tuple[Actor, ...] = Field(min_length=1)
    key: StrictStr = Field(pattern="^(subject key|as it came)$")
    config: TopicConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    """A topic as it should be, or as it is on a broker."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigChange:
    """One setting of one topic that differs. `before` is None when the broker has none."""

    topic: str
    setting: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What has to be done on a broker. With anything `refused`, nothing may be applied."""

    create: tuple[TopicSpec, ...]
    change: tuple[ConfigChange, ...]
    refused: tuple[str, ...]
    unknown: tuple[str, ...]  # topics under `credit.` that no file describes: named, never deleted

    @property
    def is_done(self) -> bool:
        """Whether the broker already is as it should be."""
        return not (self.create or self.change or self.refused)


class TopicFilesError(ValueError):
    """Topic files that cannot be used: every mistake at once."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("topic files refused: " + "; ".join(mistakes))
        self.mistakes = tuple(mistakes)


def load_topic_files(folder: Path | None = None) -> tuple[TopicFile, ...]:
    """Return the topic files of a folder (this installation's own when none is given), by name.

    Raises TopicFilesError with every mistake of all files.
    """
    folder = data_folder("topics") if folder is None else folder
    files: list[TopicFile] = []
    mistakes: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.suffix != ".toml":
            mistakes.append(f"{path.name} is no topic file; name it <topic family>.toml")
            continue
        try:
            files.append(TopicFile.model_validate(tomllib.loads(path.read_text("utf-8"))))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            mistakes.append(f"{path.name} is not TOML ({error}); correct it")
        except ValidationError as error:
            mistakes += [
                f"{path.name}: {'.'.join(map(str, each['loc']))}: {each['msg']}; correct it"
                for each in error.errors()
            ]
        else:
            family = files[-1].name.split(".")[1]
            if family != path.stem:
                mistakes.append(f"{path.name} describes {files[-1].name}; name it {family}.toml")
    if not files and not mistakes:
        mistakes.append(f"{folder.name} holds no topic file; restore them")
    if mistakes:
        raise TopicFilesError(mistakes)
    return tuple(sorted(files, key=lambda file: file.name))


def desired_topics(
    files: Iterable[TopicFile], parties: Iterable[str], partitions: int, replication: int
) -> dict[str, TopicSpec]:
    """Return every topic the bus needs, by name: one partition count for all.

    Writes need a majority of the replicas (min.insync.replicas): 1 of 1, 2 of 3.
    Raises ValueError for a party code that cannot stand in a topic name and for counts out of
    bounds.
    """
    if not 1 <= partitions <= PARTITIONS_MAX or replication < 1:
        raise ValueError(
            f"partitions must be 1 to {PARTITIONS_MAX} and replication at least 1, got "
            f"{partitions} and {replication}; correct the settings"
        )
    codes = sorted(set(parties))
    wrong = [code for code in codes if not _PARTY_CODE.fullmatch(code)]
    if wrong:
        raise ValueError(
            f"party codes are lower-case letters, digits and hyphens, got {wrong}; correct the "
            f"registry"
        )
    specs = {}
    for file in files:
        config = file.config.as_kafka() | {"min.insync.replicas": str(replication // 2 + 1)}
        names = [file.name.replace(_PARTY, code) for code in codes]
        for name in names if _PARTY in file.name else [file.name]:
            if len(name) > TOPIC_NAME_CHARACTERS_MAX:
                raise ValueError(f"topic name {name} is too long for Kafka; shorten the party code")
            specs[name] = TopicSpec(
                name=name, partitions=partitions, replication=replication, config=config
            )
    return specs


def plan(desired: Mapping[str, TopicSpec], actual: Mapping[str, TopicSpec]) -> Plan:
    """Return what makes the broker's topics as they should be.

    Settings that no file names are left alone.
    """
    both = [(desired[name], actual[name]) for name in sorted(desired.keys() & actual.keys())]
    return Plan(
        create=tuple(desired[name] for name in sorted(desired.keys() - actual.keys())),
        change=tuple(
            ConfigChange(
                topic=want.name, setting=setting, before=have.config.get(setting), after=value
            )
            for want, have in both
            for setting, value in sorted(want.config.items())
            if have.config.get(setting) != value
        ),
        refused=tuple(sentence for want, have in both for sentence in _cannot_change(want, have)),
        unknown=tuple(
            name for name in sorted(actual.keys() - desired.keys()) if name.startswith(_PREFIX)
        ),
    )


def describe(plan: Plan) -> str:
    """Return the plan as lines for an operator."""
    lines = [f"refused  {sentence}" for sentence in plan.refused]
    lines += [
        f"create   {spec.name}: {spec.partitions} partitions, {spec.replication} replicas, "
        + ", ".join(f"{setting}={value}" for setting, value in sorted(spec.config.items()))
        for spec in plan.create
    ]
    lines += [
        f"change   {change.topic}: {change.setting} from "
        f"{'the default' if change.before is None else change.before} to {change.after}"
        for change in plan.change
    ]
    lines += [
        f"unknown  {name}: no topic file or party stands for it; it is left alone"
        for name in plan.unknown
    ]
    if plan.is_done:
        lines.append("topics are as they should be; nothing to do")
    return "\n".join(lines)


def describe_files(files: Iterable[TopicFile]) -> str:
    """Return who writes and who reads each topic, a line each."""
    return "\n".join(
        f"{file.name}: {file.description} Written by {', '.join(file.written_by)}; read by "
        f"{', '.join(file.read_by)}; key: {file.key}."
        for file in files
    )


def _cannot_change(want: TopicSpec, have: TopicSpec) -> list[str]:
    sentences = []
    if want.partitions != have.partitions:
        sentences.append(
            f"{want.name} has {have.partitions} partitions and should have {want.partitions}: a "
            f"changed count moves subjects to other partitions and breaks their order; run with "
            f"{have.partitions} partitions, or move to new topics while nothing is in flight"
        )
    if want.replication != have.replication:
        sentences.append(
            f"{want.name} has {have.replication} replicas and should have {want.replication}: "
            f"replicas are moved by Kafka's reassignment tool; use it first, then apply again"
        )
    return sentences
