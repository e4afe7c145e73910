"""Which registry a process works with. Loads neither servers nor migrations: every process asks."""

from pathlib import Path

from credit_bus.contracts.registry import RegistryError, load_registry
from credit_bus.domain.registry import Registry
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import home_at
from credit_bus_deploy.run_record import running

EXAMPLE_REGISTRY = Path(__file__).with_name("registry")


def registry_in(home: Path, given: Path | None) -> Registry:
    """Return the registry in the folder that is given, else that of what runs in the home.

    The example district without either. Raises InstallationError.
    """
    record = None if given else running(home_at(home))
    known = None if record is None else record.addresses.get("registry")
    return registry_of(given or (Path(known) if known else None))[0]


def registry_of(folder: Path | None) -> tuple[Registry, Path]:
    """Return the registry in the folder (None: the example district) and the folder, absolute.

    Raises InstallationError with all its mistakes.
    """
    found = (folder or EXAMPLE_REGISTRY).absolute()
    try:
        return load_registry(found), found
    except RegistryError as error:
        raise InstallationError(str(error)) from error
