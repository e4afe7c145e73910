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
        "请填写或者更正该项，否则无法确定信用主体",
    ),
)

# A row of a department's outbox table: `table/rows.py`.
_TABLE_ROWS = (
    (
        "row-passed-over",
        "该行的序号不大于已读取到的序号，未予上报",
        "请以新的 id 重新插入该行；序号由数据库生成，请勿自行填写或者回拨",
    ),
)

# The JSON form of an event: `json_statement.py`.
_JSON_ROWS = (
    (
        "json-too-large",
        "JSON 文本不得超过 {bytes_max} 字节",
        "请减少一次发送的事件数，或者缩短过长的字段",
    ),
    (
        "json-encoding",
        "JSON 文本必须是 UTF-8 编码",
        "请以 UTF-8 编码后重新发送",
    ),
    (
        "json-too-deep",
        "JSON 的对象和数组嵌套不得超过 {depth_max} 层",
        "请按事件类型的格式组织内容",
    ),
    (
        "json-broken",
        "不是完整、正确的 JSON 文本，第 {line} 行第 {column} 列起无法读取",
        "请用通用的 JSON 程序生成文本后重新发送",
    ),
    (
        "json-constant",
        "JSON 中没有 NaN、Infinity",
        "没有数值的，请填 null 或者省略该字段",
    ),
    (
        "json-name-repeated",
        "同一对象中同一字段只能出现一次",
        "请只保留其中一个",
    ),
    (
        "json-name-unknown",
        "没有这一字段",
        "请删除该字段，或者改为下列之一：{known}",
    ),
    (
        "json-missing",
        "该字段为必填，不得省略，也不得为 null",
        "请填写该字段",
    ),
    (
        "json-type",
        "该字段必须是{expected}",
        "请按事件类型的格式改写该字段",
    ),
    (
        "json-text",
        "文本中含有不成对的代理字符（U+D800 至 U+DFFF），不是有效的 Unicode 文本",
        "请核对生成 JSON 的程序的字符编码",
    ),
    (
        "json-date",
        "日期必须写成 YYYY-MM-DD，例如 2018-03-23，且为真实日期",
        "请按 YYYY-MM-DD 改写",
    ),
    (
        "json-time",
        "时间必须写成带时区的 ISO 8601 形式，例如 2018-03-23T10:30:00+08:00，且为真实时间",
        "请补上时区并按该形式改写",
    ),
    (
        "json-decimal",
        "数值写成数字或者数字文本，整数部分不超过 {integer_digits} 位，小数不超过 {scale} 位",
        "请核对数值及其单位",
    ),
    (
        "json-integer",
        "必须是 {least} 至 {most} 的整数",
        "请核对数值",
    ),
    (
        "json-word",
        "必须是下列之一：{words}",
        "请从所列各项中选用一个，逐字相同",
    ),
    (
        "json-sealed",
        "证件号码写成明文文本，或者写成已加密的对象，其 pseudonym 和 box 均为十六进制文本",
        "请填写号码本身，由总线的接入程序加密",
    ),
    (
        "json-header",
        "用作标识的文本须为 1 至 {bytes_max} 字节的可打印字符",
        "请核对该编号",
    ),
    (
        "json-event-type",
        "事件类型必须是各单位可以发布的类型之一：{words}",
        "请核对 type",
    ),
    (
        "json-subject-missing",
        "正文不写明信用主体的事件，必须在 subject 中写明主体键",
        "请填写所答复的事件的 ce_subject",
    ),
    (
        "json-subject-differs",
        "subject 必须与正文中的信用主体一致",
        "请省略 subject，由接入程序按正文得出",
    ),
    (
        "json-source",
        "只能以本单位名义发布",
        "请省略 source，或者填写本单位代码",
    ),
    (
        "json-more-reasons",
        "问题过多，其余未列出",
        "请先改正已列出的各项，再重新发送",
    ),
)

FORM_RULES = rule_table((*_ROWS, *_TABLE_ROWS, *_JSON_ROWS))


def form_reason(code: str, field: str, **detail: object) -> Reason:
    """Return the reason for that rule and that place.

    KeyError for a code that is no row, or a placeholder without its detail: both our mistake.
    """
    return FORM_RULES[code].reason(field, **detail)
