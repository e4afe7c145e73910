"""The district platform's store as enquiries read it, and their log: PostgreSQL, least rights.

An answer is given once its line is committed: no answer without its line.
An enquiry that has its line is answered by it, to the last character. Knows psycopg, no HTTP and no
Kafka; what is answered decides whoever is given in.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credit_bus_connectors.departments.http.keys import UsedKey, used_key
from credit_bus_connectors.enquiry.question import Question
from credit_bus_connectors.enquiry.stored import Stored
from credit_bus_connectors.enquiry.stored_rows import stored_of
from credit_bus_connectors.platforms.pool import Connection, Pool
from credit_bus_connectors.platforms.postgres import statement

SCHEMA = "enquiry"
ROLE = "credit_bus_enquiry"
CONNECTION_WAIT_SECONDS_MAX = 5.0
RECORDS_READ_MAX = 20_000  # of one subject, newest first
ACTIONS_READ_MAX = 2_000
LINES_TOLD_MAX = 1_000

ANSWERED = "answered"
LATE = "late"  # it came after its time for answering, and is not answered
VOID = "void"  # the registry no longer has its purpose, so nothing may be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the log keeps of an answer. `text` is none when it was not answered."""

    outcome: str
    text: str | None = None
    records: int = 0
    measures: int = 0
    left_out: int = 0
    clean: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An enquiry as its line in the log has it."""

    is_same: bool  # the line is of a question with the same content
    outcome: str
    logged_at: datetime
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line of the log as its subject may see it."""

    log_number: int
    logged_at: datetime
    way: str
    asker: str
    enquiry_number: str
    purpose: str
    procedure: str
    case_reference: str
    outcome: str
    records: int
    measures: int
    clean: bool | None


# What of a subject is wanted: the types of its records, and whether its actions.
Wanted = tuple[Collection[str], bool]
Decide = Callable[[Stored], Line]


class Store(Pool):
    """Enquiries through a bounded number of connections. Thread-safe."""

    schema = SCHEMA
    role = ROLE
    wait_seconds_max = CONNECTION_WAIT_SECONDS_MAX

    def key_of(self, headers: Mapping[str, str]) -> UsedKey | None:
        """Return the key that these headers carry, or None. Raises UnreachableError."""
        with self.single() as connection:
            return used_key(connection, headers)


def look_up(
    connection: Connection, question: Question, wanted: Wanted
) -> tuple[Kept | None, Stored]:
    """Return the line that the enquiry has in the log, and what is stored of its subject.

    In one statement: each way to the server and back costs as much as all that is read.
    """
    types, with_actions = wanted
    given = {
        "event_id": question.event_id,
        "subject": question.subject,
        "types": sorted(types),
        "records_most": RECORDS_READ_MAX,
        "actions_most": ACTIONS_READ_MAX if with_actions else 0,
    }
    row = connection.execute(statement(SCHEMA, "look_up.sql"), given).fetchone()
    assert row is not None, "the statement gives one row, whatever is stored"
    *line, records, actions, words = row
    return _kept(line, question), stored_of(records or (), actions or (), words or ())


def _kept(line: Sequence[Any], question: Question) -> Kept | None:
    purpose, procedure, case_reference, outcome, logged_at, text = line
    if outcome is None:
        return None
    said = (question.purpose, question.procedure, question.case_reference)
    return Kept(
        is_same=said == (purpose, procedure, case_reference),
        outcome=outcome,
        logged_at=logged_at,
        text=text,
    )


def keep(
    connection: Connection,
    question: Question,
    line: Line,
    *,
    way: str,
    key: str | None,
    now: datetime,
) -> bool:
    """Write the line; return False, and change nothing, when the enquiry has one already."""
    given = {
        "event_id": question.event_id,
        "way": way,
        "asker": question.asker,
        "key_id": key,
        "enquiry_number": question.enquiry_number,
        "revision": question.revision,
        "subject": question.subject,
        "purpose": question.purpose,
        "procedure": question.procedure,
        "case_reference": question.case_reference,
        "asked_at": question.asked_at,
        "answer_by": question.answer_by,
        "logged_at": now,
        "outcome": line.outcome,
        "records": line.records,
        "measures": line.measures,
        "left_out": line.left_out,
        "clean": line.clean,
        "answer": line.text,
    }
    stored = connection.execute(statement(SCHEMA, "store_line.sql"), given)
    return stored.fetchone() is not None


def read_about(connection: Connection, subject: str) -> list[Told]:
    """Return who asked about the subject, the newest first, at most `LINES_TOLD_MAX`."""
    given = {"subject": subject, "most": LINES_TOLD_MAX}
    rows = connection.execute(statement(SCHEMA, "read_about.sql"), given)
    names = list(Told.__dataclass_fields__)
    return [Told(**dict(zip(names, row, strict=True))) for row in rows]


def keep_disclosure(
    connection: Connection,
    *,
    party: str,
    key: str | None,
    subject: str,
    case_reference: str,
    now: datetime,
    lines: int,
) -> None:
    """Write down to whom the log of a subject was shown."""
    given = {
        "party": party,
        "key_id": key,
        "subject": subject,
        "case_reference": case_reference,
        "disclosed_at": now,
        "lines": lines,
    }
    connection.execute(statement(SCHEMA, "store_disclosure.sql"), given)
