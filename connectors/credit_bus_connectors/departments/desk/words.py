"""The desk's words: what pages show for the words of the wire."""

from collections.abc import Mapping
from types import MappingProxyType

from credit_bus_connectors.departments.desk.cases import State
from credit_bus_connectors.departments.desk.tasks import Kind, Standing

KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.RESPOND: "响应",
        Kind.FEED_BACK: "执行反馈",
        Kind.LIFT: "解除",
        Kind.VERIFY: "核实异议",
        Kind.WITHDRAW: "撤回",
        Kind.ACCEPT_REPAIR: "决定是否受理修复",
        Kind.DECIDE_REPAIR: "作出修复决定",
    }
)
STANDINGS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.OPEN: "待办",
        Standing.WAITING: "已提交，等待回执",
        Standing.RESTING: "中止期间，暂停执行",
        Standing.DONE: "已办",
        Standing.VOID: "无需再办",
    }
)
STATES: Mapping[State, str] = MappingProxyType(
    {
        State.PENDING: "等待回执",
        State.ACCEPTED: "已受理",
        State.DUPLICATE: "已受理（此前已报送）",
        State.REJECTED: "退回",
    }
)
# Bodies' words, by field and word.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "incentive": "守信激励",
        "constraint": "失信惩戒",
        "organisation": "法人及非法人组织",
        "individual_business": "个体工商户",
        "natural_person": "自然人",
        "accepted": "接受",
        "refused": "不予实施",
        "executed": "已执行",
        "not_executed": "未执行",
        "not_applicable": "不适用",
        "upheld": "异议成立",
        "dismissed": "异议不成立",
        "corrected": "更正信息",
        "withdrawn": "撤回",
        "ended": "终止行动",
        "content": "信息内容",
        "period": "期限",
        "repair_result": "修复结果",
        "identity": "主体身份",
        "objection_under_verification": "异议核实期间",
        "stayed_by_court": "法院裁定停止执行",
        "stayed_on_reconsideration": "行政复议决定停止执行",
        "objection_dismissed": "异议不成立",
        "stay_lifted": "停止执行的裁定或者决定已解除",
        "record_corrected": "信息已更正",
        "term_over": "期限届满",
        "repaired": "信用修复",
        "objection_upheld": "异议成立",
        "court_event": "法院通知",
        "superseded": "由新的发起取代",
        "granted": "准予修复",
        "not_accepted": "不予受理",
        "due": "即将到期",
        "overdue": "已逾期",
    }
)
# Fields of what a department says, as its pages list them.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "decision": "决定",
        "refusal_reason": "不予实施的理由",
        "refusal_basis": "不予实施的法律依据",
        "responded_on": "响应日期",
        "outcome": "执行情况",
        "executed_on": "执行日期",
        "result": "内容和结果",
        "amount_10k": "涉及金额（万元）",
        "legal_basis": "依据",
        "document_number": "文书文号",
        "batch_number": "批次号",
        "operator": "经办",
        "lifted_on": "解除日期",
        "findings": "核实情况",
        "remedy": "处理措施",
        "basis": "依据",
        "decided_on": "日期",
        "accepted_on": "受理日期",
        "effective_on": "生效日期",
        "reason": "理由",
        "record_revision": "撤回至版次",
        "explanation": "撤回说明",
        "remark": "备注",
    }
)


def word(text: str) -> str:
    """Return the Chinese for a word of the wire, or the text itself."""
    return WORDS.get(text, text)
