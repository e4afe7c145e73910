"""Who may log in, and how often anybody may try: rules on values, `now` an argument.

Knows no database and no hash.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

FAILED_MAX = 5  # wrong passwords in a row, after which an account is locked
LOCKED_FOR = timedelta(minutes=15)
IDLE_MAX = timedelta(minutes=30)
SESSION_MAX = timedelta(hours=10)  # a working day: then the password is asked again
PASSWORD_CHARACTERS_MIN = 12
PASSWORD_CHARACTERS_MAX = 128
NAME = re.compile(r"[a-z][a-z0-9.-]{2,39}")


class Role(StrEnum):
    """What an account may do for its department."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


ROLE_WORDS = MappingProxyType(
    {Role.CLERK: "经办人", Role.REVIEWER: "审核人", Role.ADMINISTRATOR: "管理员"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may use the desk in the name of one department."""

    name: str
    party: str
    roles: frozenset[Role]
    is_disabled: bool = False
    number: int = 0  # names it in addresses of pages, where no name of a person stands

    def may(self, *roles: Role) -> bool:
        """Return whether it has one of the roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """How often in a row a wrong password came, and until when none is looked at."""

    failed: int = 0
    locked_until: datetime | None = None


def attempt(before: Attempts, now: datetime) -> Attempts | None:
    """Return the attempts with one more; None when the account is locked now.

    It counts before the password is looked at, so that many guesses at once are no more than
    `FAILED_MAX`. A right one sets them back.
    """
    if before.locked_until is not None:
        if now < before.locked_until:
            return None
        before = Attempts()
    failed = before.failed + 1
    return Attempts(failed=failed, locked_until=now + LOCKED_FOR if failed >= FAILED_MAX else None)


def is_alive(*, created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Return whether a session still holds."""
    return now - seen_at < IDLE_MAX and now - created_at < SESSION_MAX


def password_mistake(password: str, name: str) -> str | None:
    """Return in Chinese what is wrong with a new password, or None.

    Length alone, and not the account's own name: rules of composition make them guessable.
    """
    if not PASSWORD_CHARACTERS_MIN <= len(password) <= PASSWORD_CHARACTERS_MAX:
        return f"密码为 {PASSWORD_CHARACTERS_MIN} 至 {PASSWORD_CHARACTERS_MAX} 个字符。"
    if len(set(password)) < PASSWORD_CHARACTERS_MIN // 3 or name in password.lower():
        return "密码不能由几个字符重复而成，也不能包含用户名。"
    return None


def name_mistake(name: str) -> str | None:
    """Return in Chinese what is wrong with the name of an account, or None."""
    if NAME.fullmatch(name):
        return None
    return "用户名为 3 至 40 个小写字母、数字、点或者连字符，以字母开头。"
