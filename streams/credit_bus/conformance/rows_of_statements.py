"""Rows of checks: what the department was asked to say, its receipts, its corrections."""

from functools import partial

from credit_bus.conformance import checks_of_corrections as corrections
from credit_bus.conformance import checks_of_statements as statements
from credit_bus.conformance.look import Check

_say = partial(Check, group="报送", needs="statements")
_receipt = partial(Check, group="回执与重发", needs="statements")
_correct = partial(Check, group="更正与版次", needs="statements")

STATEMENT_CHECKS: tuple[Check, ...] = (
    _say(
        code="say-arrives",
        title="要求报送的都已到达",
        does="给出五项陈述（两类文书，企业、个体工商户、自然人），等待其出现在发件主题",
        must="限时之内每一项都到达",
        source="总线约定：说了的就要到",
        remedy="查看适配器日志；确认连接地址、主题名称和单位代码，确认事务已提交",
        eye=statements.arrivals,
    ),
    _say(
        code="say-content",
        title="内容与要求一致",
        does="逐字段比较到达的正文与清单",
        must="清单填写的字段逐字相同",
        source="schemas/avro 各类型的字段说明",
        remedy="核对字段对应关系、日期和金额单位（万元）、字符编码，不要截断或者改写文字",
        eye=statements.contents,
    ),
    _say(
        code="say-unasked",
        title="没有要求之外的报送",
        does="查看清单和推送之外的事件",
        must="没有",
        source="检测约定",
        remedy="检测时把适配器接到空的测试库，不要带入正式数据",
        eye=statements.unasked,
    ),
    _say(
        code="say-order",
        title="同一主体先说的先到",
        does="清单中有两项陈述关于同一企业",
        must="在分区中的先后与清单一致",
        source="总线约定：同一主体的次序在每一跳都保持",
        remedy="同一主体的事件按业务先后由同一个生产者依次发送，不要并行",
        eye=statements.order_of_subject,
    ),
    _receipt(
        code="resend-same",
        title="重发与首次逐字节相同",
        does="扣住回执，强行终止并重启适配器，等待重发",
        must="编号、ce_time、全部消息头、键、正文与首次相同",
        source="总线决定 6：说两遍等于说一遍",
        remedy="首次发送之前把整条消息存入本地，重发时取存下的字节，不要重新生成",
        eye=statements.repeats_alike,
    ),
    _receipt(
        code="resend-bounded",
        title="有了受理回执就不再重发",
        does="给出回执后继续观察",
        must=f"受理之后至多再出现 {statements.REPEATS_MAX} 次在途的重发",
        source="总线约定；event.accepted",
        remedy="以 ce_causationid 对应回执与已发事件，收到 event.accepted 即停止重发",
        eye=statements.repeats_after_acceptance,
    ),
    _receipt(
        code="receipt-again",
        title="重复的回执没有影响",
        does="把受理回执再给一遍",
        must="没有任何新的报送",
        source="总线约定：回执可能重复送达（duplicate）",
        remedy="同一事件的第二份回执只作记录",
        eye=statements.repeats_after_second_receipt,
    ),
    _receipt(
        code="rejection-repeated",
        title="退回的内容不反复报送",
        does="退回一项陈述并说明原因，继续观察",
        must=f"退回之后同样内容至多再出现 {statements.REPEATS_MAX} 次",
        source="event.rejected；退回的内容再报仍会退回",
        remedy="收到 event.rejected 即停止重发，把原因显示给经办人，改正后再报",
        eye=statements.repeats_after_refusal,
    ),
    _correct(
        code="rejection-corrected",
        title="退回之后能改正重报",
        does="给出被退回陈述的改正内容",
        must="改正内容以原版次或者下一版次到达（该文书尚未受理过，两者闸口都受理）",
        source="闸口规则：退回不占用版次",
        remedy="退回的文书改正后仍用原文号报送，不要另起文号",
        eye=corrections.correction_accepted,
    ),
    _correct(
        code="revision-raised",
        title="更正的版次加一",
        does="给出已受理陈述的更正内容",
        must="更正以第 2 版次到达",
        source="规则 revision-conflict、bad-revision：以后每次更正加一",
        remedy="按文书记录已受理的版次，更正时加一并重新计算 ce_id",
        eye=corrections.revision_raised,
    ),
    _correct(
        code="revision-document",
        title="更正不另起文书",
        does="比较更正与原陈述的文号和主体",
        must="来源、类型、文号、主体与原陈述相同",
        source="总线约定：同一文书的历次内容是版次，不是新文书",
        remedy="更正时保持文号和主体不变；另起文号会使错误的原记录继续有效",
        eye=corrections.document_kept,
    ),
    _correct(
        code="revision-stale",
        title="新版次之后不再出现旧版次",
        does="更正受理之后继续观察",
        must="同一文书的版次只增不减",
        source="规则 stale-revision",
        remedy="发送队列按文书排序，更正进入队列后丢弃未发出的旧版次",
        eye=corrections.stale_revisions,
    ),
)
