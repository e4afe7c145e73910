"""What is counted, for each party and day: the words of the reports, one row each."""

from types import MappingProxyType

ON_TIME = "_on_time"

SAID = "said"
LATE = "published_late"
WITHDRAWN_LATE = "withdrawn_late"
ORDERED = "ordered"
ANSWERED = "answered"
REFUSED = "refused"
EXECUTED = "executed"
EXECUTED_SUSPENDED = "executed_suspended"
LIFTED = "lifted"
OVERDUE = "overdue"
INITIATED = "initiated"
CLOSED = "closed"
OBJECTED = "objected"
OBJECTION_DECIDED = "objection_decided"
OBJECTION_UPHELD = "objection_upheld"
REPAIR_REQUESTED = "repair_requested"
REPAIR_EARLY = "repair_early"
REPAIR_ACCEPTED = "repair_accepted"
REPAIR_DECIDED = "repair_decided"
REPAIRED = "repaired"
UNMATCHED = "unmatched"

# What an official reads; the order of a report's columns.
COLUMNS = MappingProxyType(
    {
        SAID: "报送",
        LATE: "逾期报送",
        WITHDRAWN_LATE: "逾期撤下",
        INITIATED: "发起",
        CLOSED: "办结",
        ORDERED: "应响应",
        ANSWERED: "已响应",
        ANSWERED + ON_TIME: "按期响应",
        REFUSED: "不予实施",
        EXECUTED: "已反馈",
        EXECUTED + ON_TIME: "按期反馈",
        EXECUTED_SUSPENDED: "中止期间执行",
        LIFTED: "已解除",
        LIFTED + ON_TIME: "按期解除",
        OBJECTED: "被提异议",
        OBJECTION_DECIDED: "异议办结",
        OBJECTION_DECIDED + ON_TIME: "异议按期办结",
        OBJECTION_UPHELD: "异议成立",
        REPAIR_REQUESTED: "修复申请",
        REPAIR_EARLY: "未满最短公示期申请",
        REPAIR_ACCEPTED: "修复受理",
        REPAIR_ACCEPTED + ON_TIME: "按期受理",
        REPAIR_DECIDED: "修复办结",
        REPAIR_DECIDED + ON_TIME: "修复按期办结",
        REPAIRED: "准予修复",
        OVERDUE: "逾期催办",
        UNMATCHED: "无对应事项",
    }
)
