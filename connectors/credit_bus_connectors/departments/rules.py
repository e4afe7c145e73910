"""Why a file, a column or a cell cannot become an event: the texts that officials read.

Only mistakes of form stand here. Whether a record is right in law is the gate's to say.
"""

from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import rule_table

_ROWS = (
    (
        "file-too-large",
        "文件大小不得超过规定上限",
        "请将文件拆分为若干个较小的文件后分别放入目录",
    ),
    (
        "file-not-csv",
        "只接受 CSV 文件，其他格式不予读取",
        "请在表格软件中另存为“CSV UTF-8(逗号分隔)”后重新放入目录",
    ),
    (
        "content-superseded",
        "该文书的这一内容已被后来受理的更正取代，未重新上报",
        "无需处理；确需恢复原内容的，请在备注中写明后重新放入目录",
    ),
    (
        "document-contradicted",
        "同一文件中有另一行对同一文书、同一主体填写了不同的内容",
        "请只保留正确的一行；确有两份决定的，请核对文号",
    ),
    (
        "file-encoding",
        "文件必须是 UTF-8 或者 GB18030 编码的 CSV 文本",
        "请在表格软件中另存为“CSV UTF-8(逗号分隔)”后重新放入目录",
    ),
    (
        "file-empty",
        "文件必须有表头行",
        "请使用双公示模板，首行保留表头",
    ),
    (
        "file-template",
        "表头必须是 2018 年双公示模板的行政许可表或者行政处罚表",
        "请核对表头，列名用模板的中文名称或者字段代码",
    ),
    (
        "file-broken",
        "CSV 的引号或者分隔符有误，自该行起无法读取",
        "请从该行起检查引号是否成对，改正后重新放入整个文件，已受理的行不会重复",
    ),
    (
        "column-missing",
        "表头缺少模板的必填列，整个文件未处理",
        "请补上该列后重新放入目录",
    ),
    (
        "column-repeated",
        "同一列在表头中出现两次，整个文件未处理",
        "请只保留其中一列",
    ),
    (
        "column-unknown",
        "该列不在模板中，其内容未被采用",
        "请删除该列，或者将列名改为模板的名称",
    ),
    (
        "row-too-long",
        "该行的单元格多于表头的列",
        "请检查该行是否有未加引号的逗号",
    ),
    (
        "row-too-large",
        "一行的全部内容不得超过 1 MiB",
        "请缩短过长的单元格",
    ),
    (
        "cell-required",
        "该列为必填",
        "请填写该列；“/”“无”“—”视为未填",
    ),
    (
        "cell-date",
        "日期必须写成 年/月/日，例如 2018/03/23，分隔符前后一致，且为真实日期",
        "请按 YYYY/MM/DD 改写",
    ),
    (
        "cell-amount",
        "金额以万元为单位，为不超过 12 位整数、6 位小数的非负数",
        "请改为以万元计的数字，例如 2000 元写作 0.2",
    ),
    (
        "cell-category",
        "行政相对人类别必须是 法人及非法人组织、个体工商户、自然人 之一",
        "请按模板的三种类别填写",
    ),
    (
        "cell-identity",
        "证件类型为身份证的，号码必须是校验无误的 18 位公民身份号码",
        "请核对证件类型和号码",
    ),
    (
        "cell-identity-long",
        "证件号码不得超过 64 个字符",
        "请核对证件号码",
    ),
    (
        "identity-type-missing",
        "填写证件号码的，必须同时填写证件类型",
        "请填写证件类型，例如 身份证",
    ),
    (
        "subject-minor",
        "作出决定时未满十八周岁的自然人，其信息不予归集和公示",
        "请勿上报未成年人的记录；号码有误的请更正",
    ),
    (
        "subject-unnamed",
        "法人、非法人组织和个体工商户须有统一社会信用代码，自然人须有证件号码",
        "请填写或者更正该列，否则无法确定信用主体",
    ),
)

FORM_RULES = rule_table(_ROWS)


def form_reason(code: str, field: str) -> Reason:
    """Return the reason for that rule and that place; KeyError for a code that is no row."""
    return FORM_RULES[code].reason(field)
