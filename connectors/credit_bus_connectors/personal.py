"""Identity numbers on their way out: opened for the platform that must have them, or masked.

Knows the sealed fields of a record's subject and where keys come from. A number in clear lives in
the value returned here and in the platform's own row, never in a log, a reason or a statement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg

from credit_bus.contracts.identity import KeyStore, UnsealError, unseal
from credit_bus.domain.event import Body
from credit_bus.domain.reason import Reason
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.platforms.refusals import refusal

PERSON = "person_id"
REPRESENTATIVE = "representative_id"

_MASK = "*"
_HEAD_SHOWN = 3
_TAIL_SHOWN = 4
# A shorter number (a passport's, say) with seven characters shown would hide next to nothing.
_LONG_CHARACTERS_MIN = 15
_SHORT_TAIL_SHOWN = 2


class Keys(KeyStore, Protocol):
    """A key store that holds a connection."""

    def close(self) -> None:
        """Close the connection."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A body with its subject's numbers in clear, and why some of them are not there."""

    body: Body
    reasons: tuple[Reason, ...]


class Numbers:
    """Opens sealed numbers. Holds the key store's connection, and opens it anew when it broke."""

    def __init__(self, connect: Callable[[], Keys]) -> None:
        self._connect = connect
        self._keys: Keys | None = None

    def opened(self, body: Body) -> Opened:
        """Return the body with the numbers of its subject in clear.

        A person's number whose key was destroyed is None, and a reason: it was erased. So is a
        number whose box does not open. A representative's number is optional on every platform,
        so its erasure is no reason. Raises UnreachableError when the key store does not answer.
        """
        subject: Mapping[str, Any] | None = body.get("subject")
        if subject is None:
            return Opened(body=body, reasons=())
        clear: dict[str, str | None] = {}
        reasons = []
        for field in (PERSON, REPRESENTATIVE):
            sealed = subject.get(field)
            if sealed is None:
                continue
            try:
                clear[field] = self._number(sealed)
            except UnsealError:
                clear[field] = None
                reasons.append(refusal("number-unreadable", f"subject.{field}"))
            else:
                if clear[field] is None and field == PERSON:
                    reasons.append(refusal("number-erased", f"subject.{field}"))
        if not clear:
            return Opened(body=body, reasons=())
        return Opened(body={**body, "subject": {**subject, **clear}}, reasons=tuple(reasons))

    def close(self) -> None:
        """Let go of the key store."""
        if self._keys is not None:
            self._keys.close()
            self._keys = None

    def _number(self, sealed: Mapping[str, Any]) -> str | None:
        try:
            if self._keys is None:
                self._keys = self._connect()
            return unseal(sealed, self._keys)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self.close()
            raise UnreachableError(
                f"the key store does not answer ({type(error).__name__}); see to its database"
            ) from error


def masked(number: str | None) -> str | None:
    """Return the number as it may be shown: the first 3 and the last 4 characters of a long one,
    the last 2 of a short one; None for none.
    """
    if not number:
        return None
    if len(number) >= _LONG_CHARACTERS_MIN:
        hidden = len(number) - _HEAD_SHOWN - _TAIL_SHOWN
        return number[:_HEAD_SHOWN] + _MASK * hidden + number[-_TAIL_SHOWN:]
    shown = _SHORT_TAIL_SHOWN if len(number) > 2 * _SHORT_TAIL_SHOWN else 0
    return _MASK * (len(number) - shown) + number[len(number) - shown :]
