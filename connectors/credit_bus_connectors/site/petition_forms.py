"""The forms of the public: an objection to a record, a request for its repair.

Every rule stands at its field, in Chinese. The bounds are those of the events that the window will
say. No form asks for an identity number, and none takes one: the window looks at the document.
"""

import re
from datetime import date
from types import MappingProxyType
from typing import Any

from wtforms import Form, HiddenField, StringField, TextAreaField, ValidationError

from credit_bus.domain.public_text import without_numbers
from credit_bus_connectors.site.receipt import is_token, new_token
from credit_bus_connectors.web.forms import DayField, PageForm, line, one_of, some_of, text

STATEMENT_CHARACTERS_MAX = 2000
PROOFS_MAX = 20
PROOF_CHARACTERS_MAX = 200

SCOPES = MappingProxyType(
    {
        "content": "内容有误",
        "period": "公示期限有误",
        "repair_result": "已经修复，仍在公示",
        "identity": "不是我（不是本单位）",
    }
)
RELATIONS = MappingProxyType({"self": "公示对象本人（本单位）", "agent": "受委托的代理人"})

NUMBER_IN_TEXT = "请不要填写身份证件号码、手机号码；身份由窗口当面核对。"
WRONG_TELEPHONE = "请填写11位手机号码，或者带区号的固定电话，例如 0936-8210000。"
IN_FUTURE = "不能晚于今天。"
TOO_MANY_PROOFS = f"最多{PROOFS_MAX}份，一行一份。"
LONG_PROOF = f"每份的名称最多{PROOF_CHARACTERS_MAX}字。"

_TELEPHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(?:-\d{1,6})?", re.ASCII)


def _no_number(_form: Form, field: StringField) -> None:
    if without_numbers(field.data or "") != (field.data or ""):
        raise ValidationError(NUMBER_IN_TEXT)


def _is_telephone(_form: Form, field: StringField) -> None:
    if not _TELEPHONE.fullmatch(field.data or ""):
        raise ValidationError(WRONG_TELEPHONE)


def _checked(field: Any, *rules: Any) -> Any:
    """Return the unbound field with more rules after its own."""
    arguments = list(field.args)
    arguments[1] = [*arguments[1], *rules]
    field.args = tuple(arguments)
    return field


class PetitionForm(PageForm):
    """What both forms ask. `today` is the day of the request."""

    token = HiddenField()
    applicant = _checked(line("申请人姓名或者单位名称", characters_max=100), _no_number)
    relation = one_of("与公示对象的关系", RELATIONS)
    telephone = _checked(
        line(
            "联系电话",
            characters_max=20,
            description="窗口用来联系您核对身份，不公开。",
            autocomplete="tel",
        ),
        _is_telephone,
    )
    today: date

    def renew(self) -> None:
        """Give the form a token of its own unless it has one."""
        if not is_token(self.token.data or ""):
            self.token.data = new_token()

    def told(self) -> dict[str, Any]:
        """Return what the valid form says, by the columns of the petition."""
        return {
            "applicant": self.applicant.data,
            "relation": self.relation.data,
            "telephone": self.telephone.data,
            "scope": [],
            "performed_on": None,
            "commitment_published_on": None,
            "proofs": [],
        }


class ObjectionForm(PetitionForm):
    """异议申请."""

    scope = some_of("异议事项", SCOPES)
    statement = _checked(
        text(
            "异议理由",
            characters_max=STATEMENT_CHARACTERS_MAX,
            rows=6,
            description="写明哪里不对、应当是什么、有什么依据。不要写他人的个人信息。",
        ),
        _no_number,
    )

    def told(self) -> dict[str, Any]:
        """Return the petition's columns."""
        return {**super().told(), "scope": self.scope.data, "statement": self.statement.data}


class RepairForm(PetitionForm):
    """修复申请."""

    performed_on = DayField("义务履行完毕日期")
    commitment_published_on = DayField("公开作出信用承诺的日期")
    proofs = _checked(
        text(
            "履行证明材料的名称",
            characters_max=PROOFS_MAX * PROOF_CHARACTERS_MAX,
            rows=4,
            description="一行一份，例如：罚款缴纳凭证。材料交到窗口。",
        ),
        _no_number,
    )
    statement = _checked(
        text("改正情况", characters_max=STATEMENT_CHARACTERS_MAX, rows=5), _no_number
    )

    def validate_performed_on(self, field: DayField) -> None:
        """Nothing was performed tomorrow."""
        self._not_future(field)

    def validate_commitment_published_on(self, field: DayField) -> None:
        """Nor promised."""
        self._not_future(field)

    def validate_proofs(self, field: TextAreaField) -> None:
        """A bounded number of names, each of a bounded length."""
        lines = _lines(field.data)
        if len(lines) > PROOFS_MAX:
            raise ValidationError(TOO_MANY_PROOFS)
        if any(len(each) > PROOF_CHARACTERS_MAX for each in lines):
            raise ValidationError(LONG_PROOF)

    def told(self) -> dict[str, Any]:
        """Return the petition's columns."""
        return {
            **super().told(),
            "statement": self.statement.data,
            "performed_on": self.performed_on.day,
            "commitment_published_on": self.commitment_published_on.day,
            "proofs": _lines(self.proofs.data),
        }

    def _not_future(self, field: DayField) -> None:
        if not field.errors and field.day is not None and field.day > self.today:
            raise ValidationError(IN_FUTURE)


def _lines(entered: str | None) -> list[str]:
    return [each for part in (entered or "").splitlines() if (each := part.strip())]
