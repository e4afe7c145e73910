"""One PostgreSQL server on this machine, on a Unix socket alone.

Knows where pgserver's binaries are, how a data folder is made, and the server's command line.
Does not own the process, and knows no table. `fsync` stays on.
"""

import hashlib
import os
import pwd
import signal
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from credit_bus_deploy.failures import InstallationError, disk_errors
from credit_bus_deploy.processes import ProcessSpec

SUPERUSER = "postgres"
DATABASE = "credit_bus"
OS_USER = "pgserver"  # PostgreSQL refuses to run as root; pgserver's own name for this user
INITDB_WAIT_SECONDS_MAX = 60.0
USERADD_WAIT_SECONDS_MAX = 20.0
CONNECTIONS_MAX = 100
SOCKET_PATH_BYTES_MAX = 100  # sun_path holds 108 on Linux, 104 elsewhere
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """Where the server keeps its things, and as which OS user it runs (None: ours)."""

    folder: Path
    user: str | None

    @property
    def storage(self) -> Path:
        """PostgreSQL's PGDATA."""
        return self.folder / "storage"

    @property
    def socket_folder(self) -> Path:
        """Beside the data, or in the temporary folder when that path is too long for a socket."""
        beside = self.folder / "socket"
        if len(str(beside / SOCKET_NAME).encode()) <= SOCKET_PATH_BYTES_MAX:
            return beside
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"credit-bus-{digest}"

    def url(self, database: str = DATABASE) -> str:
        """Return the URL of a database of this server."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{SUPERUSER}@/{database}?host={host}"


def server_in(folder: Path) -> PostgresServer:
    """Return the server of this folder; as root it will run as the user OS_USER."""
    return PostgresServer(folder=folder, user=OS_USER if os.geteuid() == 0 else None)


def remove_socket_folder(server: PostgresServer) -> None:
    """Remove a socket folder that had to lie outside the home, once the server has ended.

    A server that had to be killed has left its socket and the lock of it there.
    """
    folder = server.socket_folder
    if folder.is_relative_to(server.folder):
        return
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (folder / name).unlink(missing_ok=True)
    with suppress(FileNotFoundError):  # the server was never started
        folder.rmdir()


def prepare_storage(server: PostgresServer) -> tuple[Path, ...]:
    """Make the data folder if this is the first start. Raises InstallationError when it fails.

    As root this makes the OS user if needed, and grants others the right to pass through (not to
    list) the folders above the data and the binaries, without which that user reaches neither.
    Returns the folders so opened.
    """
    opened: tuple[Path, ...] = ()
    with disk_errors(server.folder):
        for folder in (server.folder, server.storage, server.socket_folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if server.user is not None:
            opened = _make_reachable(server, server.user)
    if not (server.storage / "PG_VERSION").exists():
        _initdb(server)
    return opened


def process_spec(server: PostgresServer) -> ProcessSpec:
    """Return the row of the process table that runs the server.

    SIGINT is PostgreSQL's fast shutdown: it breaks connections off rather than wait for them.
    """
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(server.socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": str(CONNECTIONS_MAX),
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    return ProcessSpec(
        name="postgres",
        argv=(_binary("postgres"), "-D", str(server.storage), *options),
        stop_signal=signal.SIGINT,
        folder=server.folder,
        user=server.user,
    )


def _binary(name: str) -> str:
    """Return one of pgserver's binaries; importing pgserver would make lock files and warn."""
    package = find_spec("pgserver")
    if package is None or package.origin is None:
        raise InstallationError(
            "the package pgserver is not installed: install it, or give --database the URL of a "
            "running server"
        )
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)


def _initdb(server: PostgresServer) -> None:
    command = [
        _binary("initdb"),
        f"--pgdata={server.storage}",
        f"--username={SUPERUSER}",
        "--auth-local=trust",  # the socket's folder admits one OS user (and root)
        "--auth-host=reject",
        "--encoding=UTF8",
        "--locale=C",
    ]
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=INITDB_WAIT_SECONDS_MAX,
            check=False,
            cwd=server.folder,
            user=server.user,
            group=server.user,
            extra_groups=[] if server.user else None,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise InstallationError(
            f"PostgreSQL's folder {server.storage} was not made within "
            f"{INITDB_WAIT_SECONDS_MAX:.0f} seconds: see whether the machine or disk is overloaded"
        ) from error
    if answer.returncode != 0:
        words = answer.stderr.strip().splitlines() or ["no message"]
        raise InstallationError(
            f"PostgreSQL's folder {server.storage} could not be made: {words[-1]}; "
            "remove it if it holds nothing, and start again"
        )


def _make_reachable(server: PostgresServer, user: str) -> tuple[Path, ...]:
    entry = _ensure_user(user)
    for folder in (server.folder, server.storage, server.socket_folder):
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    opened = []
    for reached in (server.folder, server.socket_folder, Path(_binary("postgres"))):
        for above in reached.resolve().parents:
            mode = above.stat().st_mode
            if not mode & stat.S_IXOTH:
                above.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
                opened.append(above)
    return tuple(opened)


def _ensure_user(name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", name]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=USERADD_WAIT_SECONDS_MAX)
        return pwd.getpwnam(name)
    except (OSError, KeyError, subprocess.SubprocessError) as error:
        raise InstallationError(
            f"PostgreSQL does not run as root and the OS user {name} could not be made: make it, "
            "start as another user, or give --database the URL of a running server"
        ) from error
