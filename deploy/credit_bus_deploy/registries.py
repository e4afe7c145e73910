"""Which registry a process works with. Loads neither servers nor migrations: every process asks."""

from pathlib import Path

from credit_bus.contracts.registry import RegistryError, load_registry
from credit_bus.domain.registry import Registry
from credit_bus_deploy.failures import InstallationError

EXAMPLE_REGISTRY = Path(__file__).with_name("registry")


def registry_of(folder: Path | None) -> tuple[Registry, Path]:
    """Return the registry in the folder (None: the example district) and the folder, absolute.

    Raises InstallationError with all its mistakes.
    """
    found = (folder or EXAMPLE_REGISTRY).absolute()
    try:
        return load_registry(found), found
    except RegistryError as error:
        raise InstallationError(str(error)) from error
