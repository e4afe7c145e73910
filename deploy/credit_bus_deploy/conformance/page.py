"""The report for people: one page of HTML that needs nothing else, in Chinese."""

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

from jinja2 import Environment, StrictUndefined

from credit_bus.conformance.look import Finding
from credit_bus.conformance.verdict import FINDINGS_SHOWN_MAX, Outcome, Status, Verdict
from credit_bus.domain.event_types import EVENT_TYPES

VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.PASSED: "通过：适用的检查全部通过，可以接入",
        Verdict.FAILED: "未通过：有检查项不符合要求，请按下列办法改正后重新检测",
        Verdict.INCOMPLETE: "未测完：没有发现不符合，但有检查项未能检测，不能据此接入",
    }
)


def to_html(outcome: Outcome) -> str:
    """Return the page: verdict, failures, what passed, what was not tested and why."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        outcome=outcome,
        verdict=VERDICTS[outcome.verdict],
        failed=outcome.of(Status.FAILED),
        passed=outcome.of(Status.PASSED),
        untested=outcome.of(Status.UNTESTED),
        not_applicable=outcome.of(Status.NOT_APPLICABLE),
        untried=[(name, EVENT_TYPES[name].term) for name in outcome.plan.untried],
        place=place,
        shown_max=FINDINGS_SHOWN_MAX,
    )


def to_text(outcome: Outcome) -> str:
    """Return the same in lines for a terminal, shorter."""
    lines = [f"{outcome.plan.party.name}（{outcome.plan.party.code}）", VERDICTS[outcome.verdict]]
    for result in outcome.of(Status.FAILED):
        lines += ["", f"✗ {result.check.code}  {result.check.title}"]
        for each in result.findings[:3]:
            lines.append(f"    看到：{_joined(place(each), each.field, each.seen)}")
            lines.append(f"    应当：{each.wanted}")
        if len(result.findings) > 3:
            lines.append(f"    共 {len(result.findings)} 处")
        lines.append(f"    改正：{result.check.remedy}")
    for result in outcome.of(Status.UNTESTED):
        lines.append(f"？ {result.check.code}  {result.check.title}：{result.why}")
    counts = [(status, len(outcome.of(status))) for status in Status]
    named = {"passed": "通过", "failed": "未通过", "untested": "未能检测"}
    told = "，".join(f"{named.get(status, '不适用')} {count}" for status, count in counts)
    return "\n".join([*lines, "", told])


def place(finding: Finding) -> str:
    """Return where it was seen."""
    if finding.partition is None:
        return ""
    return f"{finding.topic} 分区 {finding.partition} 偏移 {finding.offset}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
