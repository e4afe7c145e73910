"""Rows of checks: answers to orders, and what suspends, resumes and ends an action."""

from functools import partial

from credit_bus.conformance import checks_of_course as course
from credit_bus.conformance import checks_of_orders as orders
from credit_bus.conformance.checks_of_form import by_reasons
from credit_bus.conformance.look import Check

_order = partial(Check, group="推送与答复", needs="orders")
_course = partial(Check, group="中止、恢复、终止", needs="orders")

_REFUSAL = frozenset({"refusal-incomplete"})

ORDER_CHECKS: tuple[Check, ...] = (
    _order(
        code="order-answered",
        title="推送得到响应",
        does="向收件主题送三项推送（其中两项先已中止）",
        must="限时之内各有一个 measure.responded",
        source="区方案五（一）：实施部门响应",
        remedy="读取收件主题的全部分区，只读已提交的；中止的推送也要响应，只是不执行",
        eye=orders.answered,
    ),
    _order(
        code="order-executed",
        title="接受的推送有执行反馈",
        does="等待已接受推送的执行反馈",
        must="限时之内各有一个 measure.executed",
        source="区方案二（二）：执行反馈",
        remedy="办理之后报送 measure.executed，写明 outcome 和 result",
        eye=orders.executed,
    ),
    _order(
        code="order-causation",
        title="答复写明所答的推送",
        does="比较答复的 ce_causationid 与推送的 ce_id",
        must="相同",
        source="CloudEvents 扩展 causationid；术语表“起因编号”",
        remedy="把推送的 ce_id 保存下来，响应和反馈都填入 ce_causationid",
        eye=orders.caused_by_order,
    ),
    _order(
        code="order-subject",
        title="答复用推送的主体键",
        does="比较答复与推送的主体键",
        must="相同",
        source="总线约定：同一主体的次序在每一跳都保持",
        remedy="答复的消息键和 ce_subject 都取推送的消息键，不要用行动编号",
        eye=orders.about_its_subject,
    ),
    _order(
        code="order-sequence",
        title="先响应，后反馈",
        does="比较同一推送的响应与执行反馈的先后",
        must="响应在前",
        source="区方案五（一）",
        remedy="同一推送的两条事件由同一个生产者依次发送",
        eye=orders.in_sequence,
    ),
    _order(
        code="order-refusal",
        title="不予实施须有法律依据",
        does="以闸口规则核验 decision = refused 的响应",
        must="refusal_reason 与 refusal_basis 都已填写",
        source="规则 refusal-incomplete",
        remedy="不予实施的，写明理由和法律依据（法律名称和条款）",
        eye=by_reasons(_REFUSAL),
        codes=_REFUSAL,
    ),
    _order(
        code="order-repeat",
        title="重复的推送不另作答复",
        does="同一推送再送一次",
        must="没有答复，或者与首次答复逐字节相同",
        source="总线约定：推送可能重复送达",
        remedy="以行动编号和措施为键保存已作的答复；重复到达时不处理，或者取存下的字节重发",
        eye=orders.same_answer_again,
    ),
    _order(
        code="order-stray",
        title="不答复给别的单位的推送",
        does="送一份实施部门为别的单位的推送",
        must="没有答复",
        source="总线约定：只有推送所列的实施部门答复",
        remedy="比较推送的 implementer 与本单位代码",
        eye=orders.stray_ignored,
    ),
    _order(
        code="order-positions",
        title="重启不重新答复旧推送",
        does="强行终止并重启适配器，继续观察",
        must="重启之前答复过的推送，不再出现不同的答复",
        source="总线约定：读取位置须保存",
        remedy="使用固定的消费组并提交位置；答复存入本地，重启后以存下的为准",
        eye=orders.positions_kept,
    ),
    _order(
        code="order-lost",
        title="停机不丢推送",
        does="连续送四项推送，见到第一个响应即强行终止；停机期间再送一项；重启",
        must="五项都得到响应",
        source="总线约定：先答复，后保存位置",
        remedy="关闭自动提交；答复的事务提交之后才提交读取位置；auto.offset.reset=earliest",
        eye=orders.none_lost,
    ),
    _course(
        code="suspend-execution",
        title="中止期间不执行",
        does="推送之前先送中止（异议核实期间），中止期间重启一次",
        must="恢复之前没有 outcome = executed 的执行反馈",
        source="区方案五（四）：核实期间暂不执行；不变规则 5",
        remedy="按行动编号记录中止，推送到达时先查；中止状态须存盘，重启不丢",
        eye=course.nothing_while_suspended,
    ),
    _course(
        code="suspend-each",
        title="几次中止须全部恢复",
        does="同一行动有两次中止（不同 reference），只恢复一次",
        must="仍没有执行反馈",
        source="总线决定 18",
        remedy="逐一记录每次中止的 reference，恢复时只销去同一 reference 的一次",
        eye=course.nothing_while_one_stands,
    ),
    _course(
        code="resume-executes",
        title="全部恢复后继续执行",
        does="恢复另一次中止",
        must="限时之内报送执行反馈",
        source="action.resumed",
        remedy="恢复之后取出尚待执行的推送继续办理",
        eye=course.goes_on_when_resumed,
    ),
    _course(
        code="end-execution",
        title="终止之后不执行",
        does="终止一项尚未执行的行动，随后送其中止的恢复",
        must="终止之后没有 outcome = executed 的执行反馈",
        source="action.ended；不变规则 6",
        remedy="终止为最终状态，优先于此后的任何恢复；清除尚待执行的推送",
        eye=course.nothing_after_end,
    ),
    _course(
        code="end-lifted",
        title="终止之后报送解除",
        does="终止两项行动：一项尚未执行，一项已经反馈执行",
        must="限时之内各有一个 measure.lifted，because_of 为该终止事件的 ce_id",
        source="measure.lifted；不变规则 6：各持有单位确认之后才能办结",
        remedy="收到终止之后逐项解除，报送 measure.lifted；尚未执行的也要报送，在 result 中写明",
        eye=course.lifted_when_ended,
    ),
)
