"""The table of checks: what each looks at, what it proves, and what to do about a finding."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from credit_bus_deploy.doctor import verdicts
from credit_bus_deploy.doctor.facts import Facts, Unseen


class State(StrEnum):
    """How a check came out."""

    GOOD = "good"
    FOUND = "found"
    NOTE = "note"  # worth knowing, and no fault of the installation
    UNSEEN = "unseen"  # could not be looked at
    SKIPPED = "skipped"  # nobody said where


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A row: `judge` says what is wrong with the fact of that name."""

    name: str
    fact: str
    judge: Callable[[Any], Iterable[str]]
    proves: str
    remedy: str
    finds: State = State.FOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a check came out, and what it has to say."""

    check: Check
    state: State
    sentences: tuple[str, ...] = ()


CHECKS: tuple[Check, ...] = (
    Check(
        name="broker-version",
        fact="cluster",
        judge=verdicts.version,
        proves="the brokers have the transactions that the workers use",
        remedy="upgrade the brokers; the data stays",
    ),
    Check(
        name="broker-features",
        fact="cluster",
        judge=verdicts.features,
        proves="transactions of KIP-890 are switched on, so that no late message joins a new one",
        remedy="`kafka-features.sh upgrade --feature transaction.version=2`",
    ),
    Check(
        name="group-protocol",
        fact="cluster",
        judge=verdicts.protocol,
        proves="the brokers take the group protocol of workers and connectors",
        remedy="add `classic` to group.coordinator.rebalance.protocols of every broker",
    ),
    Check(
        name="broker-settings",
        fact="cluster",
        judge=verdicts.settings,
        proves="no broker makes topics by itself, forgets positions, or cuts what is quarantined",
        remedy="set them as `credit-bus up` does for its own broker, and restart the brokers",
    ),
    Check(
        name="topics",
        fact="topics",
        judge=verdicts.topics,
        proves="every topic has the partitions and settings of its file",
        remedy="`credit-bus topics plan`, then `credit-bus topics apply`; what no file knows,"
        " describe or delete",
    ),
    Check(
        name="broker-rights",
        fact="rights",
        judge=verdicts.rights,
        proves="these rights can write a transaction, read the log of record, and see groups",
        remedy="grant the principal what docs and registry name; `kafka-acls.sh --list` shows them",
    ),
    Check(
        name="broker-clock",
        fact="broker_clock",
        judge=verdicts.clock,
        proves="the day on which the log took an event is the day it was",
        remedy="have NTP (chrony) on every broker and on this machine, and see it synchronise",
    ),
    Check(
        name="stuck-transactions",
        fact="transactions",
        judge=verdicts.transactions,
        proves="no open transaction holds readers back",
        remedy="end its process; if it is gone, `kafka-transactions.sh find-hanging`, then `abort`",
    ),
    Check(
        name="groups",
        fact="groups",
        judge=verdicts.groups,
        proves="every stage and connector has somebody at work",
        remedy="`credit-bus status`, then the log of the process that is missing",
    ),
    Check(
        name="disk",
        fact="disks",
        judge=verdicts.disks,
        proves="there is room for what is kept",
        remedy="give the disk more room, or move the folder; never delete a topic's files by hand",
    ),
    Check(
        name="schemas-lock",
        fact="lock",
        judge=verdicts.mistakes,
        proves="the contracts are those that were released, byte for byte",
        remedy="install the release anew; a changed schema is a new version",
    ),
    Check(
        name="schemas-on-the-bus",
        fact="schema_ids",
        judge=verdicts.schema_ids,
        proves="this release can read the newest events of the log",
        remedy="upgrade this machine's release to that which wrote them",
    ),
    Check(
        name="registry",
        fact="registry",
        judge=verdicts.mistakes,
        proves="the registry holds",
        remedy="correct the rows named, and start the processes again",
    ),
    Check(
        name="registry-unchecked",
        fact="unchecked",
        judge=verdicts.unchecked,
        proves="somebody compared each row with its source",
        remedy="read the source named in the row; then set checked = true",
        finds=State.NOTE,
    ),
    Check(
        name="database-version",
        fact="database_version",
        judge=verdicts.database_version,
        proves="PostgreSQL has what the statements use",
        remedy="upgrade the server",
    ),
    Check(
        name="database-clock",
        fact="database_clock",
        judge=verdicts.clock,
        proves="deadlines and lines of enquiries have the right time",
        remedy="have NTP (chrony) on the database's machine and on this one",
    ),
    Check(
        name="clocks-apart",
        fact="clocks",
        judge=verdicts.clocks,
        proves="broker and database agree on the moment, and so on the day",
        remedy="have NTP (chrony) on both machines, from one source of time",
    ),
    Check(
        name="database-roles",
        fact="roles",
        judge=verdicts.roles,
        proves="each process can act as its role of least rights",
        remedy="`credit-bus database apply` as the owner, or GRANT the role to the user",
    ),
    Check(
        name="database-schemas",
        fact="schemas",
        judge=verdicts.schemas,
        proves="every schema is this release's",
        remedy="`credit-bus database apply`; a newer one needs that newer release",
    ),
)


def examine(facts: Facts) -> tuple[Outcome, ...]:
    """Return how every check came out, in the order of the table."""
    return tuple(_outcome(check, getattr(facts, check.fact)) for check in CHECKS)


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """Return 1 when something was found, else 2 when something could not be seen, else 0."""
    states = {each.state for each in outcomes}
    if State.FOUND in states:
        return 1
    return 2 if State.UNSEEN in states else 0


def _outcome(check: Check, fact: Any) -> Outcome:
    if isinstance(fact, Unseen):
        state = State.UNSEEN if fact.is_asked else State.SKIPPED
        return Outcome(check=check, state=state, sentences=(fact.why,))
    sentences = tuple(check.judge(fact))
    state = check.finds if sentences else State.GOOD
    return Outcome(check=check, state=state, sentences=sentences)
