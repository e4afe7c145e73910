"""Identity numbers of persons, sealed before anything of them is kept. Knows the keys' database."""

from collections.abc import Mapping
from typing import Any

from credit_bus.contracts.identity import pseudonym
from credit_bus_connectors.departments.sealing import Sealer


class Identities:
    """Seals one number at a time. Thread-safe."""

    def __init__(self, url: str, *, secret: bytes) -> None:
        """Remember where the keys are; the first use connects."""
        self._sealer = Sealer(url, secret=secret)
        self._secret = secret

    def close(self) -> None:
        """Let go of the keys."""
        self._sealer.close()

    def seal(self, number: str) -> Mapping[str, Any]:
        """Return the number as a `Sealed` record. Raises UnreachableError."""
        return self._sealer.ready_for([pseudonym(number, self._secret)])(number)
