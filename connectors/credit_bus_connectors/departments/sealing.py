"""Sealing for adapters that live long: the keys of many numbers at once, over a connection that
comes back.
"""

import threading
from collections.abc import Iterable, Mapping

import psycopg

from credit_bus.contracts.identity import seal
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.json_form.statement import Seal
from credit_bus_connectors.keys import PostgresKeyStore


class Sealer:
    """Seals identity numbers with the keys of their holders. Thread-safe."""

    def __init__(self, url: str, *, secret: bytes) -> None:
        """Remember where; the first use connects."""
        self._url = url
        self._secret = secret
        self._keys: PostgresKeyStore | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connection and forget every key."""
        with self._lock:
            if self._keys is not None:
                self._keys.close()
                self._keys = None

    def ready_for(self, pseudonyms: Iterable[str]) -> Seal:
        """Return a function that seals the numbers of these pseudonyms, whose keys are at hand.

        Raises UnreachableError when the key store does not answer.
        """
        wanted = set(pseudonyms)
        try:
            keys = self._opened().get_or_create_many(wanted) if wanted else {}
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self.close()
            raise UnreachableError(
                f"the key store does not answer ({type(error).__name__}); see to its database"
            ) from error
        return lambda number: seal(number, self._secret, _AtHand(keys))

    def _opened(self) -> PostgresKeyStore:
        with self._lock:
            if self._keys is None:
                self._keys = PostgresKeyStore(self._url, secret=self._secret)
            return self._keys


class _AtHand:
    """A key store of keys that were fetched before."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = keys

    def get_or_create(self, pseudonym: str) -> bytes:
        return self._keys[pseudonym]

    def find(self, pseudonym: str) -> bytes | None:
        return self._keys.get(pseudonym)

    def destroy(self, pseudonym: str) -> bool:
        raise AssertionError(f"the key of {pseudonym} is not kept here")
