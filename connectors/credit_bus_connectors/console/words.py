"""The console's words: what pages show for the words of ways, faults and redrives."""

from collections.abc import Mapping
from types import MappingProxyType

from credit_bus.operations.adding_up.differences import Fault
from credit_bus.operations.quarantine.rejudged import (
    CANARY,
    NOT_KEPT,
    OUTBOX_GONE,
    SAID_BEFORE,
    Verdict,
)
from credit_bus.operations.trace.hops import Kind
from credit_bus.operations.trace.way import Delivery

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        Fault.UNANSWERED.value: "报送后没有回执",
        Fault.UNLOGGED.value: "回执称已受理，台账中没有",
        Fault.UNRECEIPTED.value: "台账中有，没有回执",
        Fault.UNKEPT.value: "退回与隔离区不符",
        Fault.UNROUTED.value: "没有送到应当送达的单位",
        Fault.UNDELIVERED.value: "平台接口已越过，没有送达",
        Fault.DOUBLED.value: "重复",
        Fault.NOWHERE.value: "没有来源",
        Fault.ALTERED.value: "内容与报送的不同",
        Fault.DISORDERED.value: "次序颠倒",
        Fault.UNREADABLE.value: "台账中有无法读取的内容",
        Fault.UNREAD.value: "尚未读取即被删除",
    }
)
KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.SAID: "报送",
        Kind.LOGGED: "记入台账",
        Kind.ACCEPTED: "受理回执",
        Kind.DUPLICATE: "重复回执",
        Kind.REJECTED: "退回回执",
        Kind.QUARANTINED: "隔离",
        Kind.FORWARDED: "分发",
        Kind.ORDERED: "推送",
        Kind.RETURNED: "告知",
    }
)
DELIVERIES: Mapping[Delivery, tuple[str, str]] = MappingProxyType(
    {
        Delivery.IN_FLIGHT: ("在途", "now"),
        Delivery.PARKED: ("暂存待重试", "near"),
        Delivery.PASSED_OVER: ("越过，未送达", "late"),
        Delivery.DELIVERED: ("已送达", "done"),
        Delivery.REFUSED: ("平台退回", "late"),
        Delivery.REFUSED_LATE: ("先确认，后退回", "late"),
    }
)
VERDICTS: Mapping[Verdict, tuple[str, str]] = MappingProxyType(
    {
        Verdict.ACCEPTED: ("按今天的规则可以受理", "done"),
        Verdict.SAID_BEFORE: ("此前已经受理，重送没有作用", "void"),
        Verdict.REJECTED: ("按今天的规则仍将退回", "late"),
    }
)
REDRIVES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "waiting": ("待另一人批准", "near"),
        "approved": ("已批准，尚未重送", "near"),
        "sent": ("已重送", "done"),
        "declined": ("不予重送", "void"),
    }
)
# Of one message in a redrive.
PLACES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "waiting": ("重送未完成", "near"),
        "sent": ("已重送", "done"),
        "left": ("未重送", "void"),
        "declined": ("不予重送", "void"),
    }
)
# Why a message is left where it lies, besides the gate's own reasons.
LEFT: Mapping[str, str] = MappingProxyType(
    {
        SAID_BEFORE: "此前已经受理",
        CANARY: "巡检不重送",
        NOT_KEPT: "原信息已过保存期限",
        OUTBOX_GONE: "报送单位的主题已不存在",
    }
)
CLEARED: Mapping[str, str] = MappingProxyType({"met": "已自行补齐"})
