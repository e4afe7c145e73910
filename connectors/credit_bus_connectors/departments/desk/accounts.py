"""Accounts and their sessions in PostgreSQL; passwords by argon2-cffi.

Knows the tables; what may be tried and how long a session holds is in `access.py`.
"""

import hashlib
import secrets
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg import errors

from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.desk.access import (
    PASSWORD_CHARACTERS_MAX,
    SESSION_MAX,
    Account,
    Attempts,
    Role,
    attempt,
    is_alive,
)
from credit_bus_connectors.platforms.pool import Connection, Pool

HASHES_AT_ONCE_MAX = 2  # each takes 64 MiB
HASH_WAIT_SECONDS_MAX = 10.0
SESSION_BYTES = 32
SEEN_NOTED = timedelta(seconds=60)  # so that a look at a page is mostly reading
ACCOUNTS_SHOWN_MAX = 500

_FIND = (
    "SELECT name, party, roles, is_disabled, password, failed, locked_until FROM desk.account"
    " WHERE name = %s FOR UPDATE"
)
_COUNT = "UPDATE desk.account SET failed = %s, locked_until = %s WHERE name = %s"
_FREE = "UPDATE desk.account SET failed = 0, locked_until = NULL WHERE name = %s"
_REHASH = "UPDATE desk.account SET password = %s WHERE name = %s"
_OPEN = "INSERT INTO desk.session (digest, account, created_at, seen_at) VALUES (%s, %s, %s, %s)"
_SESSION = (
    "SELECT account.name, party, roles, is_disabled, number, session.created_at, seen_at"
    " FROM desk.session JOIN desk.account ON account.name = session.account WHERE digest = %s"
)
_SEEN = "UPDATE desk.session SET seen_at = %s WHERE digest = %s"
_CLOSE = "DELETE FROM desk.session WHERE digest = %s"
_CLOSE_ALL = "DELETE FROM desk.session WHERE account = %s"
_FORGET = "DELETE FROM desk.session WHERE created_at < %s"
_ADD = "INSERT INTO desk.account (name, party, roles, password) VALUES (%s, %s, %s, %s)"
_LIST = (
    "SELECT name, party, roles, is_disabled, number FROM desk.account"
    " WHERE party = coalesce(%s, party) ORDER BY party, name LIMIT %s"
)
_NAMED = "SELECT name FROM desk.account WHERE party = %s AND number = %s"
_PASSWORD = (
    "UPDATE desk.account SET password = %s, failed = 0, locked_until = NULL"  # noqa: S105 - SQL
    " WHERE name = %s AND party = coalesce(%s, party)"
)
_DISABLE = (
    "UPDATE desk.account SET is_disabled = %s WHERE name = %s AND party = coalesce(%s, party)"
)
_ACT = "INSERT INTO desk.act (account, party, what, event_id) VALUES (%s, %s, %s, %s)"
_PARTIES = "SELECT DISTINCT party FROM desk.account ORDER BY party"


class NameTakenError(Exception):
    """There is an account of that name."""


class Accounts:
    """Who may use the desk. Thread-safe."""

    def __init__(self, connections: Pool, *, hasher: PasswordHasher | None = None) -> None:
        """`hasher` is argon2id with the library's own costs unless given."""
        self._connections = connections
        self._hasher = hasher or PasswordHasher()
        self._hashing = threading.BoundedSemaphore(HASHES_AT_ONCE_MAX)
        # What the password of nobody is compared with, so that a name cannot be found by time.
        self._nobody = self._hash(secrets.token_urlsafe(SESSION_BYTES))

    def log_in(self, name: str, password: str, *, now: datetime) -> str | None:
        """Return the secret of a new session, or None without telling why. Raises UnreachableError.

        Every attempt is counted before the password is looked at.
        """
        found = self._right(name, password, now)
        return None if found is None else self._opened(name, *found, password, now)

    def is_password(self, name: str, password: str, *, now: datetime) -> bool:
        """Return whether it is the account's password; an attempt like one to log in."""
        if self._right(name, password, now) is None:
            return False
        with self._connections.transaction() as connection:
            connection.execute(_FREE, [name])
        return True

    def session(self, secret: str, *, now: datetime, is_seen: bool = True) -> Account | None:
        """Return whose session this is; None for one that is over, or nobody's.

        Unless `is_seen` nobody sits before the page: its idle time goes on.
        """
        digest = _digest(secret)
        with self._connections.transaction() as connection:
            row = connection.execute(_SESSION, [digest]).fetchone()
            if row is None:
                return None
            account = _account(row)
            created_at, seen_at = row[5], row[6]
            if account.is_disabled or not is_alive(created_at=created_at, seen_at=seen_at, now=now):
                connection.execute(_CLOSE, [digest])
                return None
            if is_seen and now - seen_at >= SEEN_NOTED:
                connection.execute(_SEEN, [now, digest])
            return account

    def log_out(self, secret: str) -> None:
        """End the session."""
        with self._connections.transaction() as connection:
            connection.execute(_CLOSE, [_digest(secret)])

    def forget(self, *, now: datetime) -> None:
        """Remove the sessions that nobody can use any more."""
        with self._connections.transaction() as connection:
            connection.execute(_FORGET, [now - SESSION_MAX])

    def add(
        self, name: str, party: str, roles: Collection[Role], password: str, *, by: str
    ) -> None:
        """Make an account. Raises NameTakenError; name and password were checked before."""
        hashed = self._hash(password)
        try:
            with self._connections.transaction() as connection:
                connection.execute(_ADD, [name, party, sorted(roles), hashed])
                connection.execute(_ACT, [by, party, f"account-added:{name}", None])
        except errors.UniqueViolation:
            raise NameTakenError(name) from None

    def all(self, party: str | None) -> list[Account]:
        """Return the accounts of the party, or of all, by party and name."""
        with self._connections.transaction() as connection:
            rows = connection.execute(_LIST, [party, ACCOUNTS_SHOWN_MAX]).fetchall()
        return [_account(row) for row in rows]

    def named(self, party: str, number: int) -> str | None:
        """Return the name of the party's account of that number; None for another's, or none."""
        with self._connections.transaction() as connection:
            row = connection.execute(_NAMED, [party, number]).fetchone()
        return None if row is None else str(row[0])

    def set_password(self, name: str, password: str, *, party: str | None, by: str) -> bool:
        """Set the password, unlock the account, end its sessions; return whether it was there."""
        hashed = self._hash(password)
        with self._connections.transaction() as connection:
            found = connection.execute(_PASSWORD, [hashed, name, party]).rowcount == 1
            if found:
                connection.execute(_CLOSE_ALL, [name])
                _note_change(connection, name, by, "account-password")
        return found

    def set_disabled(self, name: str, disabled: bool, *, party: str | None, by: str) -> bool:
        """Disable or enable the account, end its sessions; return whether it was there."""
        with self._connections.transaction() as connection:
            found = connection.execute(_DISABLE, [disabled, name, party]).rowcount == 1
            if found:
                connection.execute(_CLOSE_ALL, [name])
                what = "account-disabled" if disabled else "account-enabled"
                _note_change(connection, name, by, what)
        return found

    def note(self, account: Account, what: str) -> None:
        """Write down among the acts what somebody did."""
        self._noted(account.name, account.party, what)

    def parties(self) -> list[str]:
        """Return the departments that have an account."""
        with self._connections.transaction() as connection:
            return [str(row[0]) for row in connection.execute(_PARTIES).fetchall()]

    def _right(self, name: str, password: str, now: datetime) -> tuple[str, str] | None:
        """Return the account's party and stored digest when the password is right, else None."""
        with self._connections.transaction() as connection:
            row = connection.execute(_FIND, [name]).fetchone()
            after = None
            if row is not None and not row[3]:
                after = attempt(Attempts(failed=row[5], locked_until=row[6]), now)
            if after is not None:
                connection.execute(_COUNT, [after.failed, after.locked_until, name])
        stored = self._nobody if row is None or after is None else str(row[4])
        is_right = self._verify(stored, password[:PASSWORD_CHARACTERS_MAX])
        if row is None or after is None or not is_right:
            if row is not None and after is not None:  # what is not looked at fills no log
                self._noted(name, str(row[1]), "login-failed")
            return None
        return str(row[1]), stored

    def _opened(self, name: str, party: str, stored: str, password: str, now: datetime) -> str:
        secret = secrets.token_urlsafe(SESSION_BYTES)
        with self._connections.transaction() as connection:
            connection.execute(_FREE, [name])
            if self._hasher.check_needs_rehash(stored):
                connection.execute(_REHASH, [self._hash(password), name])
            connection.execute(_OPEN, [_digest(secret), name, now, now])
            connection.execute(_ACT, [name, party, "login", None])
        return secret

    def _noted(self, name: str, party: str, what: str) -> None:
        with self._connections.transaction() as connection:
            connection.execute(_ACT, [name, party, what, None])

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Run the block while few others hash. Raises UnreachableError after a bounded wait."""
        if not self._hashing.acquire(timeout=HASH_WAIT_SECONDS_MAX):
            raise UnreachableError("too many passwords are looked at; try again in a while")
        try:
            yield
        finally:
            self._hashing.release()

    def _hash(self, password: str) -> str:
        with self._turn():
            return self._hasher.hash(password)

    def _verify(self, stored: str, password: str) -> bool:
        with self._turn():
            try:
                return self._hasher.verify(stored, password)
            except (VerificationError, InvalidHashError):
                return False


def _note_change(connection: Connection, name: str, by: str, what: str) -> None:
    connection.execute(
        "INSERT INTO desk.act (account, party, what)"
        " SELECT %s, party, %s FROM desk.account WHERE name = %s",
        [by, f"{what}:{name}", name],
    )


def _account(row: tuple[object, ...]) -> Account:
    name, party, roles, is_disabled, number = row[:5]
    assert isinstance(roles, list)
    assert isinstance(number, int)
    return Account(
        name=str(name),
        party=str(party),
        roles=frozenset(Role(each) for each in roles),
        is_disabled=bool(is_disabled),
        number=number,
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
