"""What the checks say together: passed, failed, or not tried in full."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from credit_bus.conformance.catalogue import CHECKS
from credit_bus.conformance.history import History, Overdue, Seen
from credit_bus.conformance.look import Check, Evidence, Finding
from credit_bus.conformance.plan import Plan

FINDINGS_SHOWN_MAX = 20


class Status(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    UNTESTED = "untested"
    NOT_APPLICABLE = "not-applicable"


class Verdict(StrEnum):
    """What became of the adapter. Only a check that was seen can pass it."""

    PASSED = "passed"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A check, and what it brought."""

    check: Check
    status: Status
    examined: int
    findings: tuple[Finding, ...]
    why: str | None  # of what was not tested


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All results of one exchange."""

    plan: Plan
    registry_version: str
    started_at: datetime
    ended_at: datetime
    results: tuple[Result, ...]
    overdue: tuple[str, ...]  # steps that ended by time
    seen: int  # records in the outbox

    @property
    def verdict(self) -> Verdict:
        """Return passed only when every check that applies was seen to pass."""
        statuses = {result.status for result in self.results}
        if Status.FAILED in statuses:
            return Verdict.FAILED
        return Verdict.INCOMPLETE if Status.UNTESTED in statuses else Verdict.PASSED

    def of(self, status: Status) -> tuple[Result, ...]:
        """Return the results of that status, in the order of the catalogue."""
        return tuple(result for result in self.results if result.status is status)


def conclude(
    plan: Plan,
    history: History,
    *,
    registry_version: str,
    started_at: datetime,
    ended_at: datetime,
) -> Outcome:
    """Return what every check says of the exchange."""
    evidence = Evidence(plan=plan, history=history)
    return Outcome(
        plan=plan,
        registry_version=registry_version,
        started_at=started_at,
        ended_at=ended_at,
        results=tuple(_result(check, evidence) for check in CHECKS),
        overdue=tuple(entry.step for entry in history if isinstance(entry, Overdue)),
        seen=sum(isinstance(entry, Seen) for entry in history),
    )


def to_json(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as JSON values, for a machine."""
    return {
        "party": outcome.plan.party.code,
        "verdict": str(outcome.verdict),
        "run": outcome.plan.run,
        "registry_version": outcome.registry_version,
        "started_at": outcome.started_at.isoformat(timespec="milliseconds"),
        "ended_at": outcome.ended_at.isoformat(timespec="milliseconds"),
        "records_seen": outcome.seen,
        "steps_overdue": list(outcome.overdue),
        "untried_types": list(outcome.plan.untried),
        "checks": [_row(result) for result in outcome.results],
    }


def _result(check: Check, evidence: Evidence) -> Result:
    missing = _not_applicable(check, evidence.plan)
    if missing is not None:
        return _untold(check, Status.NOT_APPLICABLE, missing)
    look = check.eye(evidence)
    if look.findings:
        return Result(
            check=check,
            status=Status.FAILED,
            examined=look.examined,
            findings=look.findings,
            why=None,
        )
    if look.untested is not None:
        return _untold(check, Status.UNTESTED, look.untested)
    return Result(check=check, status=Status.PASSED, examined=look.examined, findings=(), why=None)


def _untold(check: Check, status: Status, why: str) -> Result:
    return Result(check=check, status=status, examined=0, findings=(), why=why)


def _not_applicable(check: Check, plan: Plan) -> str | None:
    if check.needs == "statements" and not plan.statements:
        return "登记册未授权该单位报送行政许可、行政处罚或者失信被执行人"
    if check.needs == "orders" and not plan.cases:
        return "该单位今天不是任何措施的实施部门，或者未获授权报送响应、执行反馈和解除"
    return None


def _row(result: Result) -> Mapping[str, Any]:
    check = result.check
    return {
        "code": check.code,
        "group": check.group,
        "title": check.title,
        "status": str(result.status),
        "examined": result.examined,
        "why": result.why,
        "must": check.must,
        "source": check.source,
        "remedy": check.remedy,
        "findings_count": len(result.findings),
        "findings": [
            {
                "topic": each.topic,
                "partition": each.partition,
                "offset": each.offset,
                "field": each.field,
                "seen": each.seen,
                "wanted": each.wanted,
            }
            for each in result.findings[:FINDINGS_SHOWN_MAX]
        ],
    }
