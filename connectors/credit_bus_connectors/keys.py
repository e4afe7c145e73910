"""Keys of subjects in PostgreSQL: what makes a sealed identity number readable, or erased.

A key is 32 random bytes, kept wrapped under a key-encryption key derived from the district's
identity secret; a copy of the table alone opens nothing. Destroying the row erases what was sealed
with it. Knows nothing of identity numbers: only their pseudonyms come here.
"""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
CACHED_KEYS_MAX = 4096
# How long after its destruction in another process a key may still seal something new here.
CACHED_SECONDS_MAX = 60.0
CONNECT_SECONDS_MAX = 10
STATEMENT_SECONDS_MAX = 60
UNANSWERED_SECONDS_MAX = 30  # for a server that is gone without a word
PSEUDONYMS_PER_QUERY_MAX = 1000

_SCHEMA_LOCK = 0x6B657972  # "keyr": one creator of the schema at a time
_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS keyring;
CREATE TABLE IF NOT EXISTS keyring.subject_key (
    pseudonym text PRIMARY KEY,
    wrapped_key bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
"""
_FIND = "SELECT pseudonym, wrapped_key FROM keyring.subject_key WHERE pseudonym = ANY(%s)"
_CREATE = (
    "INSERT INTO keyring.subject_key (pseudonym, wrapped_key)"
    " SELECT * FROM unnest(%s::text[], %s::bytea[]) ON CONFLICT (pseudonym) DO NOTHING"
)
_DESTROY = "DELETE FROM keyring.subject_key WHERE pseudonym = %s"


class WrongSecretError(Exception):
    """A key cannot be unwrapped: the identity secret is not the one it was wrapped under."""


class PostgresKeyStore:
    """The key store of the one-machine installation and of a real server alike. Thread-safe."""

    def __init__(self, url: str, *, secret: bytes) -> None:
        """Connect, and make the table when it is missing."""
        self._wrap = AESGCM(_key_encryption_key(secret))
        self._cache: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._cache_lock = threading.Lock()
        self._connection = psycopg.connect(
            url,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS_MAX,
            options=f"-c statement_timeout={STATEMENT_SECONDS_MAX}s",
            tcp_user_timeout=UNANSWERED_SECONDS_MAX * 1000,
        )
        with self._connection.transaction():
            # CREATE … IF NOT EXISTS is not safe against itself in two sessions.
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
            self._connection.execute(_SCHEMA)

    def close(self) -> None:
        """Close the connection and forget every key."""
        with self._cache_lock:
            self._cache.clear()
        self._connection.close()

    def get_or_create(self, pseudonym: str) -> bytes:
        """Return the subject's key, making one when it has none."""
        return self.get_or_create_many((pseudonym,))[pseudonym]

    def get_or_create_many(self, pseudonyms: Iterable[str]) -> dict[str, bytes]:
        """Return a key for each, making those that are missing; safe against a race.

        Whoever inserts first wins, and everybody reads what stands. Keys made here are cached for
        `CACHED_SECONDS_MAX`, for sealing only.
        """
        wanted = sorted(set(pseudonyms))
        keys = self._cached(wanted)
        missing = [name for name in wanted if name not in keys]
        for at in range(0, len(missing), PSEUDONYMS_PER_QUERY_MAX):
            part = missing[at : at + PSEUDONYMS_PER_QUERY_MAX]
            found = self.find_many(part)
            absent = [name for name in part if name not in found]
            if absent:
                fresh = [self._wrapped(name, os.urandom(KEY_BYTES)) for name in absent]
                self._connection.execute(_CREATE, (absent, fresh))
                found |= self.find_many(absent)
            keys |= found
            self._remember(found)
        return keys

    def find(self, pseudonym: str) -> bytes | None:
        """Return the subject's key as it stands in the table, or None: destroyed or never made."""
        return self.find_many((pseudonym,)).get(pseudonym)

    def find_many(self, pseudonyms: Iterable[str]) -> dict[str, bytes]:
        """Return the keys that exist. Never from the cache: erased is erased at once."""
        rows = self._connection.execute(_FIND, (list(pseudonyms),)).fetchall()
        return {name: self._unwrapped(name, wrapped) for name, wrapped in rows}

    def destroy(self, pseudonym: str) -> bool:
        """Delete the key, and with it the meaning of all it sealed; False when there was none."""
        with self._cache_lock:
            self._cache.pop(pseudonym, None)
        return self._connection.execute(_DESTROY, (pseudonym,)).rowcount == 1

    def _wrapped(self, pseudonym: str, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._wrap.encrypt(nonce, key, pseudonym.encode())

    def _unwrapped(self, pseudonym: str, wrapped: bytes) -> bytes:
        try:
            return self._wrap.decrypt(
                wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], pseudonym.encode()
            )
        except InvalidTag:
            raise WrongSecretError(
                "a subject's key does not open under this identity secret; give the secret of the"
                " installation that made the table keyring.subject_key"
            ) from None

    def _cached(self, pseudonyms: Iterable[str]) -> dict[str, bytes]:
        oldest = time.monotonic() - CACHED_SECONDS_MAX
        with self._cache_lock:
            return {
                name: entry[1]
                for name in pseudonyms
                if (entry := self._cache.get(name)) is not None and entry[0] >= oldest
            }

    def _remember(self, keys: dict[str, bytes]) -> None:
        now = time.monotonic()
        with self._cache_lock:
            for name, key in keys.items():
                self._cache[name] = (now, key)
                self._cache.move_to_end(name)
            while len(self._cache) > CACHED_KEYS_MAX:
                self._cache.popitem(last=False)


def _key_encryption_key(secret: bytes) -> bytes:
    """Return the key-encryption key (HKDF-SHA256, RFC 5869), apart from the pseudonyms' use."""
    return HKDF(
        algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"credit-bus/keyring/1"
    ).derive(secret)
