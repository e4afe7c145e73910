"""API keys: how a party shows over HTTP who it is. The database holds their SHA-256 alone.

A key has 256 random bits, so a plain digest cannot be guessed back. A party may have several at
once, so that one replaces another without a gap.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from credit_bus_connectors.platforms.postgres import Database, statement

SCHEMA = "intake"
KEY_BYTES = 32
KEY_ID_BYTES = 4
KEY_CHARACTERS_MAX = 128
# How often the time of a key's last use is written down, so that using it is mostly reading.
USE_NOTED_SECONDS = 60.0
_PREFIX = "cb_"

_CREATE = "INSERT INTO intake.api_key (key_id, party, digest) VALUES (%s, %s, %s)"
_LIST = (
    "SELECT key_id, party, created_at, last_used_at, revoked_at FROM intake.api_key"
    " WHERE party = coalesce(%s, party) ORDER BY party, created_at, key_id"
)
_REVOKE = (
    "UPDATE intake.api_key SET revoked_at = now()"
    " WHERE party = %s AND key_id = %s AND revoked_at IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key as a list shows it."""

    key_id: str
    party: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedKey:
    """Whose key it is that somebody spoke with, and its name in lists."""

    party: str
    key_id: str


def create_key(database: Database, party: str) -> tuple[str, str]:
    """Return a new key of the party and its name in lists; the key is shown this once."""
    key = _PREFIX + secrets.token_urlsafe(KEY_BYTES)
    key_id = secrets.token_hex(KEY_ID_BYTES)
    with database.transaction() as connection:
        connection.execute(_CREATE, [key_id, party, _digest(key)])
    return key, key_id


def list_keys(database: Database, party: str | None) -> list[KeyRow]:
    """Return the keys of the party, or of all, revoked ones too."""
    with database.transaction() as connection:
        rows = connection.execute(_LIST, [party]).fetchall()
    return [
        KeyRow(
            key_id=row[0], party=row[1], created_at=row[2], last_used_at=row[3], revoked_at=row[4]
        )
        for row in rows
    ]


def revoke_key(database: Database, party: str, key_id: str) -> bool:
    """Refuse the key from now on; return whether the party had it, unrevoked."""
    with database.transaction() as connection:
        return connection.execute(_REVOKE, [party, key_id]).rowcount == 1


def party_of(database: Database, headers: Mapping[str, str]) -> str | None:
    """Return the party whose unrevoked key these headers carry, or None, without telling why."""
    if _digest_in(headers) is None:  # no look at the database for what cannot be a key
        return None
    with database.transaction() as connection:
        used = used_key(connection, headers)
    return None if used is None else used.party


def used_key(
    connection: psycopg.Connection[tuple[Any, ...]], headers: Mapping[str, str]
) -> UsedKey | None:
    """Return the unrevoked key that these headers carry, or None, without telling why.

    That it was used is noted, at most once in `USE_NOTED_SECONDS`.
    """
    digest = _digest_in(headers)
    if digest is None:
        return None
    given = {"digest": digest, "seconds": USE_NOTED_SECONDS}
    row = connection.execute(statement(SCHEMA, "use_key.sql"), given).fetchone()
    return None if row is None else UsedKey(party=row[0], key_id=row[1])


def _digest_in(headers: Mapping[str, str]) -> bytes | None:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not 0 < len(key) <= KEY_CHARACTERS_MAX:
        return None
    return _digest(key)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
