"""A report for machines."""

from typing import Any

from credit_bus.casework.counts import COLUMNS
from credit_bus.reports.legal_time import LegalTime, Standing
from credit_bus.reports.report import Report, Row
from credit_bus.reports.texts import notes_of


def to_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON holds it: counts by their words, never shares."""
    return {
        "district": report.district,
        "from": report.period.first.isoformat(),
        "to": report.period.last.isoformat(),
        "made_at": report.made_at.isoformat(),
        "registry_version": report.registry_version,
        "columns": dict(COLUMNS),
        "departments": [_row(row) for row in report.departments],
        "others": [_row(row) for row in report.others],
        "total": dict(report.total.counts),
        "months": [{"name": row.name, "counts": dict(row.counts)} for row in report.months],
        "notes": list(notes_of(report)),
    }


def _row(row: Row) -> dict[str, Any]:
    until = None if row.until is None else row.until.isoformat()
    return {"party": row.code, "name": row.name, "until": until, "counts": dict(row.counts)}


def legal_time_json(found: LegalTime) -> dict[str, Any]:
    """Return what stands overdue, at risk, in time, by department; days as text."""
    return {
        "day": str(found.day),
        "lines": [
            {
                "party": each.party,
                "obligation": each.obligation.value,
                **{standing.value: each.counts.get(standing, 0) for standing in Standing},
                "first": None if each.first is None else str(each.first),
            }
            for each in found.lines
        ],
        "urgent": [
            {
                "party": each.party,
                "obligation": each.obligation.value,
                "standing": each.standing.value,
                "due_on": str(each.due_on),
                "number": each.number,
                "lies_with": list(each.lies_with),
                "events": list(each.events),
            }
            for each in found.urgent
        ],
    }
