"""The home directory of an installation: its folders, its lock, its secret, what it remembers.

Knows nothing of processes beyond the one that holds the lock.
"""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credit_bus_deploy.failures import InstallationError, disk_errors

FREE_BYTES_MIN = 1024 * 1024 * 1024  # PostgreSQL's and Kafka's first files, and room for a day
SECRET_BYTES = 32
_PRIVATE = 0o700


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where each thing of one installation lies. Nothing of it lies elsewhere but the jars."""

    root: Path

    @property
    def kafka(self) -> Path:
        """Broker's settings and storage."""
        return self.root / "kafka"

    @property
    def postgres(self) -> Path:
        """The database's storage and socket."""
        return self.root / "postgres"

    @property
    def logs(self) -> Path:
        """One file a process, rotated."""
        return self.root / "logs"

    @property
    def adapters(self) -> Path:
        """The watched folders of the departments, one a party."""
        return self.root / "adapters"

    @property
    def state(self) -> Path:
        """What workers keep on disk, and what the first start settled."""
        return self.root / "state"

    @property
    def registry(self) -> Path:
        """The copy of the district's registry that every process follows."""
        return self.root / "registry"

    @property
    def secret_file(self) -> Path:
        """The district's identity secret; who has it can link pseudonyms to persons."""
        return self.root / "secrets" / "identity"

    @property
    def sessions_secret_file(self) -> Path:
        """What signs the sessions of the pages; who has it can open nobody's."""
        return self.root / "secrets" / "sessions"

    @property
    def lock_file(self) -> Path:
        """Held (flock) as long as an installation runs here; holds its pid for the reader."""
        return self.root / "run" / "lock"

    @property
    def run_file(self) -> Path:
        """What runs now: the supervisor, its children, the addresses."""
        return self.root / "run" / "state.json"

    @property
    def database_file(self) -> Path:
        """The URL of the database of what runs now, with its password: what is shown has none."""
        return self.root / "run" / "database"

    @property
    def choices_file(self) -> Path:
        """What the first start settled for all later ones: ports and the partition count."""
        return self.state / "choices.json"


def home_at(root: Path) -> Home:
    """Return the home at this path, made absolute; nothing is created."""
    return Home(root=root.expanduser().absolute())


def make_home(root: Path, *, free_bytes_min: int = FREE_BYTES_MIN) -> Home:
    """Return the home, its folders made. Raises InstallationError when there is no room for it."""
    home = home_at(root)
    with disk_errors(home.root):
        home.root.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
        check_space(home.root, free_bytes_min=free_bytes_min)
        folders = (home.logs, home.adapters, home.state, home.secret_file.parent)
        for folder in (*folders, home.lock_file.parent):
            folder.mkdir(exist_ok=True, mode=_PRIVATE)
    return home


def check_space(folder: Path, *, free_bytes_min: int = FREE_BYTES_MIN) -> None:
    """Raise InstallationError when the disk under the folder has less than the minimum free."""
    free = shutil.disk_usage(folder).free
    if free < free_bytes_min:
        raise InstallationError(
            f"the disk under {folder} has {free / 2**20:.0f} MiB free and a start needs "
            f"{free_bytes_min / 2**20:.0f} MiB: free some space or give another --home"
        )


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Hold the home for this process. Raises InstallationError when another one holds it.

    The kernel lets go of the lock when the process ends, however it ends.
    """
    descriptor = os.open(home.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            raise InstallationError(
                f"an installation already runs in {home.root} (process {holder}): stop it with "
                f"`credit-bus down --home {home.root}`, or give another --home"
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def identity_secret(home: Home) -> bytes:
    """Return the district's identity secret, made at random on the first start (mode 600).

    Raises InstallationError when the file holds something else: to go on with another secret would
    give every person a second pseudonym.
    """
    _make_secret(home, home.secret_file)
    return read_secret(home.secret_file)


def read_secret(path: Path) -> bytes:
    """Return the secret in the file. Raises InstallationError when there is none."""
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise InstallationError(
            f"the identity secret {path} cannot be read as hexadecimal digits: bring the file "
            "back from a copy; a new secret would break every person's history"
        ) from error
    if len(secret) != SECRET_BYTES:
        raise InstallationError(
            f"the identity secret {path} has {len(secret)} bytes and must have {SECRET_BYTES}: "
            "bring the file back from a copy"
        )
    return secret


def _make_secret(home: Home, path: Path) -> None:
    """Make a secret at random (mode 600), unless the file is there."""
    if not path.exists():
        with disk_errors(home.root):
            write_whole(path, secrets.token_hex(SECRET_BYTES) + "\n")


def sessions_secret(home: Home) -> bytes:
    """Return what signs the sessions of the pages, made at random on the first start (mode 600).

    Raises InstallationError when the file holds something else.
    """
    _make_secret(home, home.sessions_secret_file)
    return read_sessions_secret(home.sessions_secret_file)


def read_sessions_secret(path: Path) -> bytes:
    """Return the secret in the file. Raises InstallationError when there is none."""
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise InstallationError(
            f"the sessions' secret {path} is not {SECRET_BYTES} bytes in hexadecimal digits: remove"
            " the file; a new one is made at the next start, and everybody logs in again"
        )
    return secret


def write_whole(path: Path, text: str) -> None:
    """Write a file (mode 600) that a reader finds whole, old or new, even after a crash."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_json(path: Path) -> Mapping[str, Any]:
    """Return the object in the file, or an empty one when there is no file.

    Raises InstallationError when the file is not a JSON object.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InstallationError(
            f"{path} cannot be read as JSON: remove it, it is written anew at the next start"
        ) from error
    if not isinstance(found, dict):
        raise InstallationError(
            f"{path} holds no JSON object: remove it, it is written anew at the next start"
        )
    return found
