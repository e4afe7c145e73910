"""What each event type is for, in Chinese, and the group it is shown in. Rows, no code."""

from collections.abc import Mapping
from types import MappingProxyType

from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    CANARY_SENT,
    DEFAULTER_LISTED,
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
    ENQUIRY_ANSWERED,
    ENQUIRY_MADE,
    EVENT_ACCEPTED,
    EVENT_REJECTED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_ORDERED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
    REPUTATION_RESTORED,
    RULES_ACTIVATED,
    SUBJECT_REGISTERED,
)

# In the order in which they are shown.
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "信用信息": (LICENCE_GRANTED, PENALTY_DECIDED, DEFAULTER_LISTED, SUBJECT_REGISTERED),
        "名单": (LISTING_ENTERED, LISTING_REMOVED),
        "更正、撤回与停止公示": (RECORD_CORRECTED, RECORD_WITHDRAWN, PUBLICITY_ENDED),
        "联合奖惩": (
            ACTION_INITIATED,
            MEASURE_ORDERED,
            MEASURE_RESPONDED,
            MEASURE_EXECUTED,
            MEASURE_LIFTED,
        ),
        "行动的过程": (ACTION_SUSPENDED, ACTION_RESUMED, ACTION_ENDED, ACTION_CLOSED),
        "异议与修复": (
            OBJECTION_RAISED,
            OBJECTION_DECIDED,
            REPAIR_REQUESTED,
            REPAIR_ACCEPTED,
            REPAIR_DECIDED,
            REPUTATION_RESTORED,
        ),
        "查询与催办": (ENQUIRY_MADE, ENQUIRY_ANSWERED, REMINDER_DUE),
        "总线自身": (CANARY_SENT, RULES_ACTIVATED),
        "回执与送达": (EVENT_ACCEPTED, EVENT_REJECTED, DELIVERY_CONFIRMED, DELIVERY_REFUSED),
    }
)

PURPOSES: Mapping[str, str] = MappingProxyType(
    {
        LICENCE_GRANTED: "行政机关作出行政许可决定后报送，2016 版、2018 版双公示模板均可。",
        PENALTY_DECIDED: "行政机关作出行政处罚决定后报送，2016 版、2018 版双公示模板均可。",
        DEFAULTER_LISTED: "人民法院决定将被执行人纳入失信被执行人名单后报送，须写明决定书和期限。",
        SUBJECT_REGISTERED: "登记机关报送法人、非法人组织和个体工商户的登记注册基本信息及其变更。",
        LISTING_ENTERED: (
            "名单所列的单位依据认定文书把一个主体列入名单；惩戒类名单须事先告知，写明移出条件和救济途径。"
        ),
        LISTING_REMOVED: "列入单位把主体移出名单，写明原因；此后该次列入不再有效。",
        RECORD_CORRECTED: "信息提供单位说明一条信用信息为何更正；更正后的内容以其新版次另行报送。",
        RECORD_WITHDRAWN: "信息提供单位撤回一条信用信息并公开说明理由，各持有单位随之撤下。",
        PUBLICITY_ENDED: (
            "公示期届满或者信用修复后，总线告知各持有单位停止公示一条信用信息；信息仍予保存，更新的版次重新公示。"
        ),
        ACTION_INITIATED: (
            "发起部门依据生效文书、在告知信用主体之后，对一个主体发起联合激励或者联合惩戒。"
        ),
        MEASURE_ORDERED: "总线把发起的每一项措施推送给每一个实施部门，名单在推送时冻结。",
        MEASURE_RESPONDED: "实施部门答复一项推送：接受，或者写明法律理由后不予实施。",
        MEASURE_EXECUTED: "实施部门反馈一项措施是否执行、何时执行、结果如何。",
        MEASURE_LIFTED: "行动终止之后，实施部门逐项确认措施已经解除：何时解除、做了什么。",
        ACTION_SUSPENDED: "异议核实期间，或者法院、复议机关决定停止执行的，行动中止，不得执行。",
        ACTION_RESUMED: "一项中止结束；没有其他中止的，行动恢复执行。",
        ACTION_ENDED: "行动终止：期限届满、修复、撤回、异议成立、法院事由或者被取代。",
        ACTION_CLOSED: "每一个持有单位都已确认不再持有，行动办结，逐一列明凭据。",
        OBJECTION_RAISED: (
            "信用主体或者代其提出的单位，对一条信用信息或者一项行动提出异议；"
            "对信用信息提出的，处理前各展示平台标注异议。"
        ),
        OBJECTION_DECIDED: (
            "信息提供单位核实异议后作出处理：更正、撤回、终止，或者异议不成立；"
            "该信息的异议均已处理的，各平台取消标注。"
        ),
        REPAIR_REQUESTED: "信用主体满足三项条件后，通过受理单位向认定单位申请信用修复。",
        REPAIR_ACCEPTED: "认定单位受理修复申请，开始审核；自收到申请起 3 个工作日内决定是否受理。",
        REPAIR_DECIDED: "认定单位对修复申请作出决定：准予、不予，或者不予受理。",
        REPUTATION_RESTORED: "对信用主体造成不当影响的单位公开说明，恢复其信誉。",
        ENQUIRY_MADE: "办理事项时按规定查询信用主体；主体只以主体键表示，不写姓名和号码。",
        ENQUIRY_ANSWERED: "按查询用途答复：信用信息、执行中的措施、是否连续三年无不良记录。",
        REMINDER_DUE: "提醒一个单位：应办事项即将到期，或者已经逾期。",
        CANARY_SENT: "巡检：不涉及任何主体，用以检验各条路径是否畅通、需时多久；不计入任何统计。",
        RULES_ACTIVATED: "总线自某一时刻起按某一版本的登记册审核和分发，写明理由和演练结果。",
        DELIVERY_CONFIRMED: "平台确认已经持有某一事件，并写明其在平台的编号。",
        DELIVERY_REFUSED: "平台不接收某一事件，并写明全部理由。",
        EVENT_ACCEPTED: "闸口受理事件的回执，由总线发给报送单位。",
        EVENT_REJECTED: "闸口退回事件的回执，写明全部理由和处理办法，由总线发给报送单位。",
    }
)
