"""The desk's forms: what is asked for each kind of task. The rules stand in the domain."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import (
    BooleanField,
    Form,
    PasswordField,
    SelectField,
    StringField,
    ValidationError,
    validators,
)

from credit_bus_connectors.departments.desk.access import (
    PASSWORD_CHARACTERS_MAX,
    PASSWORD_CHARACTERS_MIN,
    ROLE_WORDS,
)
from credit_bus_connectors.departments.desk.subjects import CATEGORIES
from credit_bus_connectors.departments.desk.tasks import Kind
from credit_bus_connectors.web.forms import (
    MISSING,
    DayField,
    PageForm,
    line,
    one_of,
    some_of,
    text,
    trimmed,
)

NOTICE_METHODS = ("直接送达", "留置送达", "邮寄送达", "公告送达", "电子送达", "委托送达")
PASSWORD_HINT = f"不少于 {PASSWORD_CHARACTERS_MIN} 个字符；长句比符号更安全。"
NUMBER_HINT = "自然人必填；只用于加密，不保存明文。"
_OPERATOR_HINT = "填写工号或者岗位，例如“采购管理岗”，不填写姓名。"


def secret_line(label: str, *, autocomplete: str = "current-password", hint: str = "") -> Any:
    """Return a field of a password, which is never shown again."""
    return PasswordField(
        label,
        [validators.DataRequired(MISSING), validators.Length(max=PASSWORD_CHARACTERS_MAX)],
        description=hint,
        render_kw={"autocomplete": autocomplete},
    )


class LoginForm(PageForm):
    """登录."""

    account = line("用户名", characters_max=40, autocomplete="username")
    password = secret_line("密码")


class AccountForm(PageForm):
    """新建账号."""

    account = line(
        "用户名", characters_max=40, description="3 至 40 个小写字母、数字、点、连字符。"
    )
    roles = some_of("角色", {role.value: text for role, text in ROLE_WORDS.items()})
    password = secret_line("初始密码", autocomplete="new-password", hint=PASSWORD_HINT)


class PasswordForm(PageForm):
    """修改自己的密码."""

    current = secret_line("现在的密码")
    password = secret_line("新密码", autocomplete="new-password", hint=PASSWORD_HINT)
    again = secret_line("再输入一次新密码", autocomplete="new-password")


class NewPasswordForm(PageForm):
    """A new password for somebody else's account."""

    password = secret_line("新密码", autocomplete="new-password", hint=PASSWORD_HINT)


def select(label: str, *, required: bool = True, hint: str = "") -> Any:
    """Return a choice from a list of the registry, which is filled in for each request."""
    rule = validators.InputRequired(MISSING) if required else validators.Optional()
    return SelectField(label, [rule], validate_choice=True, description=hint)


class InitiationForm(PageForm):
    """发起, as a clerk drafts it. A field is named as the body's, `_` for each dot."""

    kind = one_of("类别", {"constraint": "失信惩戒", "incentive": "守信激励"})
    subject_name = line("主体名称", characters_max=200)
    subject_category = one_of("主体类别", CATEGORIES)
    subject_uscc = line(
        "统一社会信用代码", required=False, characters_max=18, description="自然人不填，其他必填。"
    )
    subject_number = line(
        "身份证件号码", required=False, characters_max=64, description=NUMBER_HINT
    )
    field = select("领域")
    cause = text("事由", characters_max=2000, rows=3)
    instrument_type = select("认定文书种类")
    instrument_title = line("文书名称")
    instrument_number = line("文书文号", characters_max=128)
    instrument_article = line("所依据的条款")
    instrument_issuer = line("作出机关")
    instrument_issued_on = DayField("作出日期")
    instrument_effective_on = DayField("生效日期")
    notice_given_on = DayField("告知日期", description="先告知事由、依据和权利，再发起。")
    notice_method = one_of("告知方式", {each: each for each in NOTICE_METHODS})
    term_begins_on = DayField("期限起")
    term_ends_on = DayField(
        "期限止", required=False, description="以履行完毕为期限的不填，其他必填。"
    )
    term_until_performance = BooleanField("至履行完毕为止（仅限法院文书）")
    measures = some_of("措施", {})
    remark = text("备注", required=False, characters_max=512, rows=2)


class ReviewForm(PageForm):
    """A reviewer's word on a draft."""

    remark = text(
        "审核意见", required=False, characters_max=512, rows=2, description="退回的必填。"
    )


class TaskForm(PageForm):
    """What the answer to a task says; each field is named as the body's."""

    def entered(self) -> dict[str, Any]:
        """Return what was entered; an empty optional field is None."""
        return {
            field.name: field.day if isinstance(field, DayField) else (field.data or None)
            for field in self
            if field.name != "csrf_token"
        }


class RespondForm(TaskForm):
    """响应."""

    decision = one_of("答复", {"accepted": "接受，按期实施", "refused": "不予实施"})
    refusal_reason = text(
        "不予实施的理由", required=False, characters_max=2000, description="选“不予实施”的必填。"
    )
    refusal_basis = text(
        "不予实施的法律依据",
        required=False,
        characters_max=2000,
        rows=2,
        description="选“不予实施”的必填：写明法律文件名称和条款。",
    )
    responded_on = DayField("响应日期")
    remark = text("备注", required=False, characters_max=512, rows=2)


def _is_amount(_form: Form, field: StringField) -> None:
    try:
        amount = Decimal(field.data)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise ValidationError("请填写数字，例如 12.5。")
    field.data = amount


class FeedBackForm(TaskForm):
    """执行反馈."""

    outcome = one_of(
        "执行情况",
        {"executed": "已执行", "not_executed": "未执行", "not_applicable": "不适用"},
    )
    executed_on = DayField("执行日期")
    result = text("执行内容和结果", characters_max=4000)
    amount_10k = StringField(
        "涉及金额（万元）",
        [validators.Optional(), _is_amount],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    legal_basis = text("依据", required=False, characters_max=2000, rows=2)
    document_number = line("文书文号", required=False, characters_max=128)
    batch_number = line("批次号、通知编号", required=False, characters_max=128)
    operator = line("经办", required=False, characters_max=32, description=_OPERATOR_HINT)
    remark = text("备注", required=False, characters_max=512, rows=2)


class LiftForm(TaskForm):
    """解除."""

    lifted_on = DayField("解除日期")
    result = text("解除情况", characters_max=4000)
    document_number = line("文书文号", required=False, characters_max=128)
    operator = line("经办", required=False, characters_max=32, description=_OPERATOR_HINT)
    remark = text("备注", required=False, characters_max=512, rows=2)


class VerifyForm(TaskForm):
    """异议处理."""

    decision = one_of("处理结果", {"upheld": "异议成立", "dismissed": "异议不成立"})
    findings = text("核实情况", characters_max=4000, rows=6)
    remedy = one_of(
        "处理措施",
        {"corrected": "更正信息", "withdrawn": "撤回信息", "ended": "终止行动"},
        required=False,
        description="异议成立的必填。",
    )
    basis = text(
        "依据", characters_max=2000, rows=2, description="法律文件名称和条款，或者核对所用的文书。"
    )
    decided_on = DayField("处理日期")


def _is_revision(_form: Form, field: StringField) -> None:
    if not re.fullmatch(r"[1-9][0-9]{0,8}", field.data):
        raise ValidationError("请填写版次，例如 1。")
    field.data = int(field.data)


class WithdrawForm(TaskForm):
    """撤回, after an objection was upheld."""

    record_revision = StringField(
        "撤回至版次",
        [validators.InputRequired(MISSING), _is_revision],
        filters=(trimmed,),
        description="该版次及以前各版次一并撤回；没有更正过的填 1。",
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    explanation = text("撤回说明", characters_max=2000, description="对外公开，不写第三人的信息。")
    decided_on = DayField("撤回决定日期")


class AcceptRepairForm(TaskForm):
    """修复受理, or the refusal to take the request in."""

    decision = one_of("是否受理", {"accepted": "受理", "not_accepted": "不予受理"})
    reason = text("理由", required=False, characters_max=2000, description="不予受理的必填。")
    decided_on = DayField("日期")


class DecideRepairForm(TaskForm):
    """修复决定."""

    decision = one_of("决定", {"granted": "准予修复", "refused": "不予修复"})
    reason = text("理由", required=False, characters_max=2000, description="不予修复的必填。")
    decided_on = DayField("决定日期")
    effective_on = DayField("生效日期", required=False, description="准予修复的必填。")


TASK_FORMS: Mapping[Kind, type[TaskForm]] = {
    Kind.RESPOND: RespondForm,
    Kind.FEED_BACK: FeedBackForm,
    Kind.LIFT: LiftForm,
    Kind.VERIFY: VerifyForm,
    Kind.WITHDRAW: WithdrawForm,
    Kind.ACCEPT_REPAIR: AcceptRepairForm,
    Kind.DECIDE_REPAIR: DecideRepairForm,
}
# The day that a form suggests: today.
DAYS = frozenset({"responded_on", "executed_on", "lifted_on", "decided_on"})
