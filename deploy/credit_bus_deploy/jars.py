"""Jars: which ones (the lock file), whether they are whole (SHA-256), where they lie.

It knows Maven coordinates and names no registry: jgo knows where artifacts are kept.
A jar enters the cache whole or not at all, so an interrupted download leaves nothing behind.
"""

import hashlib
import os
import re
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credit_bus_deploy.failures import InstallationError, disk_errors
from credit_bus_deploy.progress import DownloadBar, FileProgress

KAFKA = "org.apache.kafka:kafka_2.13:4.4.0"
KAFKA_JARS = (KAFKA, "org.apache.logging.log4j:log4j-slf4j-impl")  # without it Kafka logs nothing
KAFKA_LOCK = "credit-bus kafka lock"
LOCK_FILE = Path(__file__).with_name("kafka.lock.toml")
DOWNLOAD_WAIT_SECONDS_MAX = 60  # for one answer, not for the whole
HASH_CHUNK_BYTES = 1 << 20

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIELDS = {"groupId", "artifactId", "version", "packaging", "sha256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Jar:
    """One artifact of the lock file."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """The name under which the cache keeps it."""
        return f"{self.artifact}-{self.version}.jar"


def parse_lock(text: str) -> tuple[Jar, ...]:
    """Return the jars of a lock file. Raises InstallationError naming every wrong entry."""
    try:
        entries = tomllib.loads(text).get("dependencies", [])
    except tomllib.TOMLDecodeError as error:
        raise InstallationError(f"the lock file of jars is not TOML: {error}") from error
    wrong = [
        f"{entry.get('artifactId', f'number {index}')}"
        for index, entry in enumerate(entries, start=1)
        if set(entry) != _FIELDS
        or entry["packaging"] != "jar"
        or not _SHA256.fullmatch(entry["sha256"])
    ]
    if wrong or not entries:
        raise InstallationError(
            "the lock file of jars needs groupId, artifactId, version, packaging jar and "
            f"sha256 for each entry; wrong: {', '.join(wrong) or 'no entries at all'}; "
            "write it anew with the command in its first line"
        )
    return tuple(
        Jar(
            group=entry["groupId"],
            artifact=entry["artifactId"],
            version=entry["version"],
            sha256=entry["sha256"],
        )
        for entry in entries
    )


def locked_jars() -> tuple[Jar, ...]:
    """Return the jars this release runs on."""
    return parse_lock(LOCK_FILE.read_text(encoding="utf-8"))


def cache_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return where jars are kept between installations."""
    given = (os.environ if environment is None else environment).get("CREDIT_BUS_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "credit-bus" / "jars"


def ensure_jars(jars: Sequence[Jar], cache: Path) -> tuple[Path, ...]:
    """Return the path of every jar, downloading only what the cache lacks or holds damaged.

    Raises InstallationError when one cannot be had or has another checksum than the lock file.
    """
    with disk_errors(cache):
        cache.mkdir(parents=True, exist_ok=True)
        missing = [jar for jar in jars if not is_whole(cache / jar.file_name, jar.sha256)]
        if missing:
            with DownloadBar(files=len(missing)).shown() as file_progress:
                for jar in missing:
                    _download(jar, cache, file_progress)
    return tuple(cache / jar.file_name for jar in jars)


def is_whole(path: Path, sha256: str) -> bool:
    """Whether the file exists and has this checksum."""
    return path.is_file() and _sha256_of(path) == sha256


def _sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(HASH_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _download(jar: Jar, cache: Path, file_progress: FileProgress) -> None:
    # Imported here: a start with a full cache never loads an HTTP client.
    from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    with tempfile.TemporaryDirectory(dir=cache, prefix=".incoming-") as incoming:
        context = MavenContext(
            resolver=PythonResolver(progress_callback=file_progress),
            repo_cache=Path(incoming),
            timeout=DOWNLOAD_WAIT_SECONDS_MAX,
        )
        component = context.project(jar.group, jar.artifact).at_version(jar.version)
        try:
            fetched = Path(component.artifact().resolve())
        except (RequestException, RuntimeError) as error:
            raise InstallationError(
                f"{jar.file_name} is not in {cache} and could not be downloaded "
                f"({type(error).__name__}): check the network and the proxy settings, or copy a "
                "filled cache there"
            ) from error
        found = _sha256_of(fetched)
        if found != jar.sha256:
            raise InstallationError(
                f"{jar.file_name} as downloaded has SHA-256 {found}, the lock file says "
                f"{jar.sha256}: it is not used; check what stands between here and the registry"
            )
        fetched.replace(cache / jar.file_name)


def resolve_lock(coordinates: Sequence[str] = KAFKA_JARS, *, command: str = KAFKA_LOCK) -> str:
    """Return the text of a lock file made anew from the coordinates, with checksums.

    Coordinates are not resolved together: jgo takes each as a bill of materials, and the log
    binding's would then choose an older Kafka client. They are resolved one after another, and of
    an artifact that two of them bring the first one's version stands. A coordinate without a
    version takes that of its group. `command` is what writes the file, for its first line.
    """
    from jgo.env._lockfile import LockedDependency, LockFile  # noqa: PLC0415
    from jgo.maven import MavenContext  # noqa: PLC0415

    needed: dict[tuple[str, str], Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(repo_cache=Path(folder), timeout=DOWNLOAD_WAIT_SECONDS_MAX)
        for coordinate in coordinates:
            wanted = context.create_dependency(_with_version(coordinate, needed.values()))
            inputs, transitive = context.resolver.resolve([wanted])
            run_with = [each for each in transitive if each.scope in {"compile", "runtime"}]
            for each in (*inputs, *run_with):
                needed.setdefault((each.groupId, each.artifactId), each)
        lock = LockFile([LockedDependency.from_dependency(each) for each in needed.values()])
    lines = [f"# Written by `{command}`; jgo's lock format, dependencies only."]
    for entry in lock.dependencies:
        lines += ["", "[[dependencies]]"]
        lines += [f'{key} = "{value}"' for key, value in entry.to_dict().items()]
    return "\n".join(lines) + "\n"


def _with_version(coordinate: str, chosen: Iterable[Any]) -> str:
    """Return the coordinate, with the version of its group among the chosen when it has none."""
    group, _, rest = coordinate.partition(":")
    if ":" in rest:
        return coordinate
    return f"{coordinate}:{next(each.version for each in chosen if each.groupId == group)}"
