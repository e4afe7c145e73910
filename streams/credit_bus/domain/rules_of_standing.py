"""Rows of rules: what a listing, a registration, a correction and a withdrawal must hold."""

# Each row: code, rule, remedy.
STANDING_ROWS: tuple[tuple[str, str, str], ...] = (
    (
        "list-unknown",
        "登记册中没有该名单，名单的设列必须有法律依据（国办发〔2020〕49号）",
        "请从登记册所列名单中选填；失信被执行人由人民法院以 defaulter.listed 报送",
    ),
    (
        "list-not-in-force",
        "名单“{list}”在列入决定日期不在有效期内",
        "请核对列入决定日期和名单",
    ),
    (
        "list-not-for-party",
        "本单位无权列入名单“{list}”，协会等的推荐不是列入",
        "请由登记册所列的认定单位报送",
    ),
    (
        "list-not-for-subject",
        "名单“{list}”不适用于该类主体",
        "请核对主体类别，或者另选名单；对单位的列入不及于个人",
    ),
    (
        "list-not-on-instrument",
        "名单“{list}”不能以该类文书为依据",
        "请核对文书类型，或者另选名单",
    ),
    (
        "field-not-of-list",
        "名单“{list}”不含该领域",
        "请核对领域和名单，任何单位不得自行扩大名单的领域",
    ),
    (
        "list-term-too-long",
        "名单“{list}”的期限不得超过 {months_max} 个月",
        "请按列入决定书核对起止日期",
    ),
    (
        "list-not-public",
        "名单“{list}”不公示",
        "请将是否公示改为否",
    ),
    (
        "notice-missing",
        "列入决定作出前，必须告知当事人事由、依据和权利（国办发〔2020〕49号）",
        "请填写告知日期和方式；未告知的，请先告知，再作决定",
    ),
    (
        "notice-after-decision",
        "应当先告知后决定：告知日期不得晚于列入决定日期",
        "请核对告知日期；决定后才告知的，请依法重新作出决定",
    ),
    (
        "listing-incomplete",
        "列入决定必须写明移出条件和程序、救济途径（国办发〔2020〕49号）",
        "请按列入决定书填写该项",
    ),
    (
        "removal-unexplained",
        "由列入单位自行决定移出的，必须说明理由",
        "请写明撤回的理由，或者符合移出条件的情况",
    ),
    (
        "document-missing",
        "以该项为原因的，必须写明依据文书",
        "请填写文书的名称、文号、作出机关和日期",
    ),
    (
        "correction-of-first",
        "第 1 版是首次报送，更正从第 2 版起",
        "请先以新的版次报送更正后的信用信息，再填写该版次",
    ),
    (
        "field-path-unknown",
        "该类信用信息没有这个数据项",
        "请填写该类信用信息的数据项路径，如 subject.name",
    ),
    (
        "field-names-record",
        "文号和主体的代码、证件号码确定是哪一条信用信息，改变它们不是更正",
        "请撤回原信用信息（record.withdrawn），再报送新的信用信息",
    ),
    (
        "personal-number-in-text",
        "该项供公开，不得含有公民身份号码或者手机号码",
        "请删除号码后重新报送",
    ),
    (
        "organisation-code-of-other",
        "组织机构代码须与统一社会信用代码第 9 至 17 位一致（GB 32100）",
        "请对照登记证照核对两个代码；没有组织机构代码的，该项留空",
    ),
    (
        "capital-incomplete",
        "资本数额和币种必须同时填写或者同时留空",
        "请补齐缺少的一项，或者将两项都留空",
    ),
    (
        "seat-of-individual-business",
        "个体工商户的经营场所可能是住宅，不予归集",
        "请清空该项",
    ),
    (
        "industry-code-malformed",
        "行业代码为门类字母，或者二至四位数字，前面可以加门类字母（GB/T 4754）",
        "请填写国民经济行业分类代码，如 F5211；没有的，该项留空",
    ),
)
