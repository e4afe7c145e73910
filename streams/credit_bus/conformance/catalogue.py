"""The checks of the kit: one row each, in the order of the report."""

from credit_bus.conformance import checks_of_form as form
from credit_bus.conformance.look import Check
from credit_bus.conformance.rows_of_orders import ORDER_CHECKS
from credit_bus.conformance.rows_of_statements import STATEMENT_CHECKS
from credit_bus.domain.rules import RULES

# Which check tells of which rule of the gate. Every rule has one; a test holds it.
_HEADERS = (
    "header-missing",
    "header-name",
    "header-repeated",
    "header-not-text",
    "header-too-long",
    "headers-too-large",
    "wrong-specversion",
    "unknown-type",
    "bad-revision",
)
_SCHEMA = (
    "value-too-large",
    "not-wire-format",
    "unknown-schema",
    "schema-of-other-type",
    "body-undecodable",
    "body-number-out-of-range",
    "body-trailing-bytes",
)
_RIGHTS = ("no-right", "said-by-bus-only", "party-not-existing")
_KEYS = ("key-missing", "key-not-subject", "subject-key-mismatch", "subject-key-malformed")
_TIMES = ("bad-time", "time-in-future")
_REFUSAL = ("refusal-incomplete",)
_SEALED = ("sealed-malformed",)
_CONTENT = frozenset(RULES.keys() - {*_KEYS, *_REFUSAL, *_SEALED})
# Seen through the course of the exchange, where their cause is known.
ELSEWHERE = frozenset({"stale-revision", "revision-conflict", "more-reasons"})

_BINDING = "CloudEvents 1.0 Kafka 协议绑定 3.2（二进制模式）；总线消息头表"


def _row(
    code: str, codes: tuple[str, ...], title: str, must: str, source: str, remedy: str
) -> Check:
    return Check(
        code=code,
        group="形式",
        title=title,
        does="检测全程逐条查看发件主题中的消息",
        must=must,
        source=source,
        remedy=remedy,
        codes=frozenset(codes),
        eye=form.by_reasons(codes),
    )


_FORM = (
    _row(
        "form-headers",
        _HEADERS,
        "消息头齐全、形式正确",
        "ce_specversion、ce_id、ce_source、ce_type、ce_time、ce_subject、ce_revision、content-type "
        "八项齐全，各出现一次，为可打印的 UTF-8 文本",
        _BINDING,
        "按消息头表补齐或者改正所列消息头；使用 CloudEvents 库时选择二进制模式",
    ),
    _row(
        "form-content-type",
        ("wrong-content-type",),
        "content-type 为 application/avro",
        "content-type 恰为 application/avro",
        _BINDING,
        "设置消息头 content-type: application/avro，不带参数",
    ),
    _row(
        "form-time",
        _TIMES,
        "ce_time 为世界协调时且不在未来",
        "形如 2018-03-23T01:02:03.000Z，不晚于当前时间五分钟以上",
        "CloudEvents 1.0 time；总线规则 bad-time、time-in-future",
        "取事件发生的时间换算为世界协调时，精确到毫秒，以 Z 结尾；校准本机时钟",
    ),
    _row(
        "form-key",
        _KEYS,
        "消息键等于主体键",
        "消息键与 ce_subject 相同，且与正文的主体一致：有代码的用统一社会信用代码，自然人用化名",
        "总线约定：同一主体的次序由消息键保证；规则 key-not-subject、subject-key-mismatch",
        "以 ce_subject 的 UTF-8 字节作为 Kafka 消息键，不加前缀、不加引号",
    ),
    _row(
        "form-partition",
        ("wrong-partition",),
        "消息在其键对应的分区",
        "分区等于 murmur2(键) 对分区数取余（Kafka Java 客户端的默认算法）",
        "总线决定 3；规则 wrong-partition",
        "不要自行指定分区；librdkafka 请设置 partitioner=murmur2_random",
    ),
    _row(
        "form-schema",
        _SCHEMA,
        "正文为已发布模式的 Avro 线格式",
        "一个零字节、四字节模式编号（大端），其后恰为一个按该模式编码的正文；任何已发布版本均可",
        "Confluent 线格式；schemas/avro/LOCK 中的编号",
        "使用总线发布的模式和编号，不要向其他登记服务注册后使用新编号",
    ),
    _row(
        "form-tombstone",
        ("body-missing",),
        "没有空正文",
        "每条消息都有正文；空正文在 Kafka 中意味着删除",
        "Kafka 压缩主题的墓碑消息；规则 body-missing",
        "撤回、更正都以事件报送，不要发送空正文",
    ),
    _row(
        "form-source",
        ("wrong-party",),
        "ce_source 为本单位",
        "ce_source 恰为本单位代码",
        "规则 wrong-party",
        "ce_source 填登记册中的单位代码；代其他单位报送须由该单位自己的发件主题发出",
    ),
    _row(
        "form-rights",
        _RIGHTS,
        "只报送有权报送的类型",
        "ce_type 在登记册授权本单位的类型之内",
        "登记册 parties.toml 的 publishes；规则 no-right",
        "停止报送该类事件；确需报送的，向信用办申请变更登记册",
    ),
    _row(
        "form-id",
        ("id-not-from-content",),
        "ce_id 由内容计算",
        "来源、类型、文号、主体、版次、步骤以 0x1F 相连，取 SHA-256 前 32 位小写十六进制",
        "总线决定 6；规则 id-not-from-content",
        "按所列算法计算编号，不要使用随机数、时间或者自增序号；首次发送之前就固定下来",
    ),
    _row(
        "form-correlation",
        ("correlation-mismatch",),
        "关于行动的事件带关联编号",
        "ce_correlationid 等于正文中的行动编号 action_id",
        "规则 correlation-mismatch",
        "响应和执行反馈须设置消息头 ce_correlationid，取推送中的 action_id",
    ),
    Check(
        code="form-content",
        group="形式",
        title="正文内容合规",
        does="以闸口的内容规则逐条核验",
        must="闸口受理，不产生退回原因（检测故意退回的一条除外）",
        source="术语表所列全部内容规则",
        remedy="按每条发现所列的规则和办法改正",
        codes=_CONTENT,
        eye=form.by_reasons(_CONTENT),
    ),
    Check(
        code="transaction-none",
        group="事务",
        title="每条消息都在事务中写入",
        does="读取发件主题的原始批次，查看其事务标记",
        must="每条消息所在批次属于一个已提交的事务",
        source="KIP-98；总线约定：一次报送要么全部可见，要么全部不可见",
        remedy="设置 transactional.id，以 beginTransaction / commitTransaction 包围每次发送",
        eye=form.outside_transactions,
    ),
    Check(
        code="transaction-aborted",
        group="事务",
        title="未提交的内容会重新报送",
        does="查看中止的和未结束的事务",
        must="事务未提交的，其内容随后在新的事务中报送",
        source="KIP-98；只读已提交（read_committed）的读者看不见其余",
        remedy="commitTransaction 成功之后才算已报送；失败的须原样重发",
        eye=form.left_in_aborted,
    ),
)

_PRIVACY = (
    Check(
        code="privacy-clear",
        group="个人信息",
        title="没有明文证件号码",
        does="在全部消息的键、消息头、正文中查找证件号码（含未提交的）",
        must="任何位置都没有公民身份号码明文",
        source="总线决定 8",
        remedy="报送之前封存号码；不要把号码写进消息键、消息头、备注；已写入的主题须按规定清除",
        eye=form.clear_numbers,
    ),
    Check(
        code="privacy-sealed",
        group="个人信息",
        title="密文形式正确",
        does="查看自然人陈述的 subject.person_id",
        must="密文为 12 字节随机数、与号码等长的密文、16 字节校验",
        source="NIST SP 800-38D；总线决定 8；规则 sealed-malformed",
        remedy="以 AES-256-GCM 加密规范化的号码，化名作为附加数据；不要自行编码或者补齐",
        eye=form.sealed_boxes,
        needs="statements",
        codes=frozenset(_SEALED),
    ),
    Check(
        code="privacy-pseudonym",
        group="个人信息",
        title="自然人以化名指称",
        does="用检测所给的密钥计算化名，与报送的比较",
        must="化名为规范化号码在区密钥下的 HMAC-SHA256，64 位小写十六进制",
        source="RFC 2104；总线决定 8",
        remedy="使用清单文件中的 identity_secret，先把号码转为半角大写并去除首尾空白",
        eye=form.pseudonyms,
        needs="statements",
    ),
)

CHECKS: tuple[Check, ...] = (*_FORM, *STATEMENT_CHECKS, *ORDER_CHECKS, *_PRIVACY)
