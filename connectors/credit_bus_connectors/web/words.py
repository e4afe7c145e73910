"""Schema words in Chinese: kinds of fields, meanings, and why a value does not fit. Rows."""

import re
from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "string": "文本",
        "bytes": "密文（十六进制）",
        "int": "整数",
        "long": "长整数",
        "boolean": "是或否",
        "date": "日期",
        "timestamp-millis": "时间（带时区）",
        "array": "列表",
        "record": "一组字段",
        "enum": "选项",
    }
)
_DECIMAL = re.compile(r"decimal\((\d+), (\d+)\)")

# Fields whose documentation in the schema is English, by their own name, or by their record's and
# their own where a name means several things.
_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "about": "所涉信息：一条信用信息或者一项行动，二者只居其一",
        "accepted_at": "受理时间",
        "acknowledgement": "平台对所持内容的编号",
        "action_id": "行动编号：发起部门代码、一个点、24 位十六进制数字",
        "answer_by": "答复时限：过此时间不再等待答复",
        "asker": "查询单位的代码，答复发给它",
        "basis": "依据的文书：停止执行或者解除停止执行时必填",
        "batch_number": "执行所依据的批次号或者通知编号",
        "because_of": "起因事件的编号",
        "box": "证件号码的密文（AES-256-GCM）",
        "capital_10k": "注册资本或者开办资金（万元），币种另列",
        "cause": "原因或者事由",
        "clean_for_three_years": "是否连续三年无不良信用记录；用途不含该项的留空",
        "closed_at": "最后一个确认到达的时间",
        "code": "规则代码",
        "confirmation": "确认事件的编号",
        "deciding_records": "并非连续三年无不良记录的，所依据的信用信息",
        "decision": "决定",
        "delivered_at": "平台确认的时间",
        "disputed": "正在异议期间，尚未作出处理决定",
        "document": "原事件的文书号；读不出的留空",
        "document_number": "提供单位的文书号、案号",
        "duplicate": "此前已受理过，未产生新的结果",
        "effective_at": "生效时间",
        "effective_on": "生效日期",
        "ends_on": "截止日，含当日；至履行完毕为止的留空",
        "event_id": "所指事件的编号",
        "event_revision": "所指事件的版次",
        "event_type": "所指事件的类型",
        "fields": "更正的数据项：按该信息类型的字段路径填写，不写内容",
        "generation": "双公示模板版本：2016 或者 2018",
        "ground": "法释〔2017〕7号第一条第几项，1 至 6；只有第 1 项可以没有确定的期限",
        "holder": "实施部门或者平台的代码",
        "holders": "全部持有单位，每一确认一项",
        "implementer": "实施部门的代码",
        "implementers": "推送时冻结的实施部门名单",
        "initiator": "发起部门的代码",
        "kind": "激励或者惩戒",
        "measure": "措施代码，见措施清单",
        "measures": "措施",
        "notice": "告知：何时、以何种方式告知理由、依据和权利；须在决定之前，褒扬类名单可空",
        "offset": "消息位移",
        "operator": "经办：工号或者岗位，不填姓名",
        "partition": "分区号",
        "party": "被催办单位的代码",
        "provider": "原事件的信息提供单位",
        "pseudonym": "证件号码的假名，64 位十六进制",
        "publish": "是否公示：仅限登记册允许公示的名单",
        "raised_by": "代为提出异议的单位，处理结果发给它",
        "reasons[].field": "有问题的字段，可空",
        "reasons": "全部理由",
        "recipients": "推送时冻结的全部名单",
        "recogniser": "认定单位的代码：谁认定谁修复",
        "record": "一条信用信息，以提供单位的文书号指明",
        "record_revision": "更正后的版次；撤回或者停止公示的，是所涉的最新版次，连同以前各版次",
        "recorded_on": "核准日期：自该日起登记如此",
        "reference": "中止事由编号：异议编号，或者停止执行文书的文号",
        "refused_at": "退回时间",
        "rejected_at": "退回时间",
        "remedies": "救济途径，按决定书填写；褒扬类名单可空",
        "remedy": "处理措施",
        "removal_conditions": "移出条件和程序，按决定书填写；褒扬类名单可空",
        "representative_name": "法定代表人、负责人或者经营者的姓名",
        "requested_by": "转交修复申请的单位，受理和决定发给它",
        "rule_version": "登记册的版本",
        "round": "巡检批次",
        "sent_at": "发出时间",
        "registry_version": "启用的登记册版本",
        "previous_version": "原登记册版本",
        "activated_at": "启用时间",
        "events_rehearsed": "演练所用的事件数",
        "events_changed": "演练中受影响的事件数",
        "rehearsed_for": "演练日期：两个版本都按这一天的规则演练",
        "seat": "法人和非法人组织登记的住所；个体工商户不填",
        "severity": "失信严重程度（单位自报，不据以计算）：0 未定、1 一般、2 较重、3 严重",
        "statement": "说明",
        "term": "期限",
        "topic": "主题",
        "type": "类型",
        "until_performance": "至履行完毕为止；只限于文书如此载明的",
    }
)
_PHRASES = (
    (re.compile(r", as the registry names it"), "，见登记册"),
    (re.compile(r"; required where the initiator withdraws"), "；发起部门撤回时必填"),
    (re.compile(r"; required where the body itself decides"), "；由列入单位自行决定的必填"),
    (re.compile(r"; required where a document undid the decision"), "；决定被文书撤销、变更的必填"),
    (re.compile(r", for the public"), "，对外公开"),
    (re.compile(r",? or 其他- and what it is"), "，或者“其他-”加具体内容"),
    (re.compile(r", generation of (2016|2018)"), r"（\1 版）"),
    (re.compile(r": six digits of GB/T 2260|, six digits"), "：GB/T 2260 的六位代码"),
    (re.compile(r"; 2099-12-31 is long-term"), "；2099-12-31 表示长期"),
    (re.compile(r"; required where granted"), "；准予修复时必填"),
    (re.compile(r"; required where not granted"), "；不予修复、不予受理时必填"),
    (re.compile(r"; required where upheld"), "；异议成立时必填"),
    (re.compile(r", party code(: gets the \w+)?"), "的代码"),
    (re.compile(r": title and article(, or the document compared with)?"), "：名称和条款"),
    (re.compile(r", as the \w+( that takes it in)? numbers it"), "，由受理单位自编"),
    (re.compile(r": names of the documents"), "：材料名称"),
    (re.compile(r": a code of the registry's purposes"), "：登记册所列的代码"),
    (re.compile(r", such as the name of the approval"), "，如审批事项名称"),
    (re.compile(r": as much as an implementer needs to recognise it"), ""),
    (re.compile(r": one of the registry's field codes"), "：登记册所列的代码"),
    (re.compile(r", in the subject's words; no third person's data"), "，不写第三人信息"),
    (re.compile(r": what is said in public"), "：公开的内容"),
    (re.compile(r" / "), "；"),
    (re.compile(r" or "), "或者"),
    (re.compile(r" code\b"), "代码"),
    (re.compile(r": "), "："),
    (re.compile(r", "), "、"),
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")

_PLACEHOLDER = re.compile(r"\{\w+\}")

_MISFITS = (
    (re.compile(r"must be one of (\[.*\])"), r"只能取下列值之一：\1"),
    (re.compile(r"is missing"), "缺少该项"),
    (re.compile(r"must be a record"), "须为一组字段"),
    (re.compile(r"has no fields (\[.*\])"), r"数据结构中没有这些字段：\1"),
    (re.compile(r"must be a date without a time"), "须为日期，不带时间，如 2026-05-20"),
    (re.compile(r"must be an aware time"), "须为带时区的时间，如 2026-05-20T08:00:00Z"),
    (re.compile(r"must be a whole number of (\d+) bits"), r"须为 \1 位以内的整数"),
    (re.compile(r"must be true or false"), "须为 true 或者 false"),
    (re.compile(r"must be a text"), "须为文本"),
    (re.compile(r"must be bytes"), "须为十六进制的密文"),
    (re.compile(r"must be a list"), "须为列表"),
    (
        re.compile(r"must be a decimal, (\d+) digits, (\d+) after the point"),
        r"须为写成文本的小数：共 \1 位以内，小数 \2 位以内",
    ),
)


def kind_in_words(kind: str) -> str:
    """Return a kind of field as the schema tells it, in Chinese. KeyError for an unknown kind."""
    decimal = _DECIMAL.fullmatch(kind)
    if decimal is not None:
        return f"小数（共 {decimal[1]} 位，小数 {decimal[2]} 位）"
    return KINDS[kind.partition(" ")[0]]


def meaning_of(path: str, docs: tuple[str, ...]) -> str:
    """Return what a field means, in Chinese; "" when nobody has said it in Chinese."""
    name = path.rpartition(".")[2].removesuffix("[]")
    within = ".".join(path.split(".")[-2:])
    told = docs[0] if docs and _CHINESE.search(docs[0]) else ""
    for phrase, chinese in _PHRASES:
        told = phrase.sub(chinese, told)
    if not told or _ENGLISH.search(told):
        return _MEANINGS.get(within, _MEANINGS.get(name, ""))
    return told


def misfit_in_words(rule: str) -> str:
    """Return why a value does not fit its schema, in Chinese. ValueError for an unknown reason."""
    for pattern, chinese in _MISFITS:
        found = pattern.fullmatch(rule)
        if found is not None:
            return found.expand(chinese).replace("'", "").replace("[", "").replace("]", "")
    raise ValueError(f"no Chinese words for {rule!r}; add a row")


def rule_in_words(text: str) -> str:
    """Return the text of a rule with what a refusal fills in left open."""
    return _PLACEHOLDER.sub("…", text)
