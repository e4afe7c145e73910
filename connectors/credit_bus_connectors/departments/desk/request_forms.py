"""Forms of requests of the public: over the counter, or from a petition of the public site."""

from wtforms import HiddenField

from credit_bus_connectors.departments.desk.forms import NUMBER_HINT, select
from credit_bus_connectors.departments.desk.subjects import CATEGORIES
from credit_bus_connectors.web.forms import DayField, PageForm, line, one_of, some_of, text

SCOPES = {
    "content": "信息内容有误",
    "period": "公示期限有误",
    "repair_result": "已经修复，仍在公示",
    "identity": "主体有误",
}
_RECORD_HINT = "涉及一条信用信息的必填。"
_ACTION_HINT = "对联合奖惩行动本身有异议的才填；此时提供单位、信息种类、文号不填。"


class RequestForm(PageForm):
    """What both kinds ask. A field is named as the body's, `_` for each dot."""

    petition = HiddenField()
    number = line("收件编号", characters_max=128, description="本窗口的登记编号，一件一号。")
    subject_name = line("主体名称", description="自然人填写全名，以证件为准。")
    subject_category = one_of("主体类别", CATEGORIES)
    subject_uscc = line("统一社会信用代码", required=False, characters_max=18)
    subject_number = line(
        "身份证件号码", required=False, characters_max=64, description=NUMBER_HINT
    )
    about_record_provider = select("信息提供单位", required=False, hint=_RECORD_HINT)
    about_record_type = select("信息种类", required=False, hint=_RECORD_HINT)
    about_record_document_number = line(
        "文书文号、案号", required=False, characters_max=128, description=_RECORD_HINT
    )
    about_action_id = line("行动编号", required=False, characters_max=128, description=_ACTION_HINT)


class ObjectionForm(RequestForm):
    """异议申请."""

    scope = some_of("异议事项", SCOPES)
    statement = text("异议理由", characters_max=2000, rows=5, description="不写第三人的个人信息。")
    asked_on = DayField("申请日期")


class RepairForm(RequestForm):
    """修复申请."""

    minimum_reached_on = DayField("最短公示期届满日期", description="届满后方可申请。")
    performed_on = DayField("义务履行完毕日期")
    commitment_published_on = DayField("公开作出信用承诺的日期")
    proofs = text("履行证明材料的名称", characters_max=4000, rows=4, description="一行一份。")
    asked_on = DayField("申请日期")


FORMS: dict[str, type[RequestForm]] = {"objection": ObjectionForm, "repair": RepairForm}


class DeclineForm(PageForm):
    """What the window answers when it does not take a petition in."""

    answer = text(
        "不予受理的理由",
        characters_max=2000,
        rows=3,
        description="申请人凭回执编号可以看到，不写他人信息。",
    )
