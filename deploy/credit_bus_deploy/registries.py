"""Which registry a process works with. Loads neither servers nor migrations: every process asks.

An installation follows a copy in its home, so that an edited folder comes into force when somebody
starts with it, and never because one process is started again.
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from credit_bus.contracts.registry import RegistryError, load_registry
from credit_bus.domain.registry import Registry
from credit_bus_deploy.failures import InstallationError, disk_errors
from credit_bus_deploy.home import Home, home_at
from credit_bus_deploy.run_record import running

EXAMPLE_REGISTRY = Path(__file__).with_name("registry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The registry that an installation follows, where it lies, and which one it followed before.

    `former` is None at the first start.
    """

    registry: Registry
    folder: Path
    former: str | None


def follow(home: Home, given: Path | None) -> Followed:
    """Copy the registry (None: the example district) into the home; to be called with its lock.

    Raises InstallationError with all its mistakes.
    """
    registry, source = registry_of(given)
    former = _version_at(home.registry)
    if former != registry.version:
        with (
            disk_errors(home.root),
            tempfile.TemporaryDirectory(dir=home.root, prefix=".registry-") as made,
        ):
            fresh = Path(made) / home.registry.name
            fresh.mkdir()
            for file in source.glob("*.toml"):
                shutil.copyfile(file, fresh / file.name)
            if _version_at(fresh) != registry.version:
                raise InstallationError(f"{source} was changed while it was copied: start again")
            if home.registry.exists():
                shutil.rmtree(home.registry)
            fresh.rename(home.registry)
    return Followed(registry=registry, folder=home.registry, former=former)


def registry_in_force(home: Path, broker: str, given: Path | None) -> Registry:
    """Return the registry that the processes on this broker follow.

    The one that is given, else that of the installation which runs in the home on this broker.
    Raises InstallationError where there is neither: no other can be told from the one in force.
    """
    record = None if given else running(home_at(home))
    known = {} if record is None else record.addresses
    if given is None and (known.get("broker") != broker or "registry" not in known):
        raise InstallationError(
            f"which registry the processes on {broker} follow is not known, as no installation on"
            f" it runs in {home_at(home).root}: give --registry DIR, unchanged since they began"
        )
    return registry_of(given or Path(known["registry"]))[0]


def registry_in(home: Path, given: Path | None) -> Registry:
    """Return the registry in the folder that is given, else that of what runs in the home.

    The example district without either. Raises InstallationError.
    """
    return registry_of(_folder_in(home, given))[0]


def registry_to_act_by(home: Path, given: Path | None) -> Registry:
    """Return the same, to tell who operates the hub. Raises InstallationError without either."""
    folder = _folder_in(home, given)
    if folder is None:
        raise InstallationError(
            f"who operates the hub is not known, as nothing runs in {home_at(home).root}: give"
            " --registry DIR, or --home DIR of the installation"
        )
    return registry_of(folder)[0]


def _folder_in(home: Path, given: Path | None) -> Path | None:
    record = None if given else running(home_at(home))
    known = None if record is None else record.addresses.get("registry")
    return given or (Path(known) if known else None)


def _version_at(folder: Path) -> str | None:
    """Return the version of the registry that lies there; None for none, or one of no use."""
    try:
        return load_registry(folder).version
    except RegistryError:
        return None


def registry_of(folder: Path | None) -> tuple[Registry, Path]:
    """Return the registry in the folder (None: the example district) and the folder, absolute.

    Raises InstallationError with all its mistakes.
    """
    found = (folder or EXAMPLE_REGISTRY).absolute()
    try:
        return load_registry(found), found
    except RegistryError as error:
        raise InstallationError(str(error)) from error
