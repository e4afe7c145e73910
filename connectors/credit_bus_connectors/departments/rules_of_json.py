"""Rows of rules: what a statement in JSON must look like."""

# Each row: code, rule, remedy.
JSON_ROWS: tuple[tuple[str, str, str], ...] = (
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
